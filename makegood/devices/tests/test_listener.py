"""The listener on a loopback port, with a speaker of our own: what is acknowledged, and when."""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from makegood.devices import listener as listening
from makegood.devices.hearing import NotNow, NotOurs
from makegood.devices.listener import Listener
from makegood.devices.mqtt.packets import Publish, Will
from makegood.devices.tests import wire

PATIENCE = 10.0
HELLO = wire.connect("d", username="1", password=b"secret")
CONNACK = b"\x20\x02\x00\x00"


class Speaker:
    """Takes everything, unless told otherwise."""

    id = UUID(int=1)

    def __init__(self) -> None:
        self.heard: list[Publish] = []
        self.may_commit = asyncio.Event()
        self.may_commit.set()
        self.fails: Exception | None = None
        self.told: list[bytes] = []
        self.was_lost = asyncio.Event()

    def owns(self, topic):
        return topic.startswith("own/")

    async def alive(self):
        if isinstance(self.fails, NotOurs):
            raise self.fails

    async def hear(self, message):
        self.heard.append(message)
        await self.may_commit.wait()
        if self.fails:
            raise self.fails

    async def listen(self, send, hang_up):
        for payload in self.told:
            send("own/told", payload)

    async def received(self, packet_id):
        self.heard.append(Publish("received", b"", packet_id))

    async def lost(self):
        self.was_lost.set()


class Line:
    """A client's connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hears(self, expected: bytes) -> None:
        assert await asyncio.wait_for(self.reader.readexactly(len(expected)), PATIENCE) == expected

    async def ends(self) -> None:
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(self.reader.read(), PATIENCE) == b""
        self.writer.close()

    def says(self, *packets: bytes) -> None:
        self.writer.write(b"".join(packets))


@contextlib.asynccontextmanager
async def served(speaker: Speaker, **how: Any) -> AsyncIterator[Listener]:
    async def admit(name, password):
        if password != "secret":
            raise NotOurs
        return speaker

    listener = Listener(admit, host="127.0.0.1", port=0, **how)
    await listener.start()
    await asyncio.wait_for(listener.listening.wait(), PATIENCE)
    try:
        yield listener
    finally:
        await listener.stop()


def spoken(test: Callable[[Speaker, Listener, Line], Awaitable[None]]) -> Callable[[], None]:
    """Runs a test with a speaker that has introduced itself."""

    def run() -> None:
        async def go() -> None:
            speaker = Speaker()
            async with served(speaker) as listener:
                line = await connected(listener)
                line.says(HELLO)
                await line.hears(CONNACK)
                await test(speaker, listener, line)
                line.writer.close()

        asyncio.run(go())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


async def connected(listener: Listener, **how: Any) -> Line:
    return Line(*await asyncio.open_connection("127.0.0.1", listener.port, **how))


@spoken
async def test_nothing_is_acknowledged_before_it_is_committed(speaker, listener, line):
    speaker.may_commit.clear()
    line.says(*(wire.publish("own/press", b"", packet_id=n) for n in (1, 2, 3)))
    line.says(b"\xc0\x00")
    await line.hears(b"\xd0\x00")  # the ping is answered, the presses are not
    assert len(speaker.heard) == 3
    speaker.may_commit.set()
    await line.hears(b"".join(wire.puback(n) for n in (1, 2, 3)))


@spoken
async def test_what_is_not_committed_ends_the_connection_without_a_word(speaker, listener, line):
    speaker.fails = NotNow("the database is away")
    line.says(*(wire.publish("own/press", b"", packet_id=n) for n in range(1, 200)))
    await line.ends()
    await asyncio.wait_for(speaker.was_lost.wait(), PATIENCE)


@spoken
async def test_a_bug_of_ours_is_not_acknowledged_either(speaker, listener, line):
    speaker.fails = RuntimeError("a bug")
    line.says(wire.publish("own/press", b"", packet_id=1))
    await line.ends()


@spoken
async def test_what_was_said_just_before_leaving_is_acknowledged(speaker, listener, line):
    speaker.may_commit.clear()
    line.says(wire.publish("own/press", b"", packet_id=1), b"\xe0\x00")
    await asyncio.sleep(0)
    speaker.may_commit.set()
    await line.hears(wire.puback(1))
    await line.ends()


@spoken
async def test_when_we_leave_what_is_being_committed_is_still_acknowledged(speaker, listener, line):
    speaker.may_commit.clear()
    line.says(wire.publish("own/press", b"", packet_id=1), b"\xc0\x00")
    await line.hears(b"\xd0\x00")
    leaving = asyncio.create_task(listener.stop())
    await asyncio.sleep(0)
    speaker.may_commit.set()
    await line.hears(wire.puback(1))
    await line.ends()
    await leaving


@spoken
async def test_whoever_is_put_away_is_sent_away_with_the_next_ping(speaker, listener, line):
    speaker.fails = NotOurs()
    line.says(b"\xc0\x00")
    await line.hears(b"\xd0\x00")
    await line.ends()


@spoken
async def test_who_subscribes_is_told_and_says_that_it_arrived(speaker, listener, line):
    speaker.told = [b"ring"]
    line.says(wire.subscribe(9, ("own/told", 2), ("others", 1)))
    await line.hears(b"\x90\x04\x00\x09\x01\x80" + wire.publish("own/told", b"ring", packet_id=1))
    line.says(wire.puback(1), b"\xc0\x00")
    await line.hears(b"\xd0\x00")
    assert speaker.heard == [Publish("received", b"", 1)]


@spoken
async def test_a_will_for_others_is_refused(speaker, listener, line):
    will = Will("others", b"", qos=0, retain=False)
    other = await connected(listener)
    other.says(wire.connect("d", username="1", password=b"secret", will=will))
    await other.hears(b"\x20\x02\x00\x05")
    await other.ends()


@spoken
async def test_too_many_connections_are_hung_up_on(speaker, listener, line):
    most, listening.MOST_CONNECTIONS = listening.MOST_CONNECTIONS, 1
    try:
        await (await connected(listener)).ends()
    finally:
        listening.MOST_CONNECTIONS = most


async def nobody(name, password):
    raise NotOurs


def test_a_taken_port_is_tried_again(monkeypatch):
    monkeypatch.setattr(listening, "TRIES_AGAIN_AFTER", 0.01)

    async def go() -> None:
        async with served(Speaker()) as first:
            port = first.port
            second = Listener(nobody, host="127.0.0.1", port=port)
            await second.start()
            await asyncio.sleep(0.03)
            assert not second.listening.is_set()
            await first.stop()
            await asyncio.wait_for(second.listening.wait(), PATIENCE)
            await second.stop()

    asyncio.run(go())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    return cert, key


def test_over_tls(certificate):
    cert, key = certificate
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(cert, key)
    theirs = ssl.create_default_context(cafile=str(cert))

    async def go() -> None:
        async with served(Speaker(), tls=ours) as listener:
            line = await connected(listener, ssl=theirs, server_hostname="localhost")
            line.says(HELLO, wire.publish("own/press", b"", packet_id=1))
            await line.hears(CONNACK + wire.puback(1))
            line.writer.close()

    asyncio.run(go())
