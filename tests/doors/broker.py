"""A Mosquitto as a larger site runs one, and our process that hears devices through it."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from makegood.config.bridge import Bridged
from makegood.console.commands import broker as broker_command
from makegood.page.models import Device
from tests.browser.house import free_port
from tests.doors.devices import Sealing, Worn, connected
from tests.doors.serving import PATIENCE, settings
from tests.patience import until
from tests.running import Running

PROGRAM = Path(sys.executable).with_name("mosquitto")
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "buttons.md"


class Mosquitto(Running):
    """One broker, set up as our guide says. `with` it."""

    def __init__(self, *, tls: bool = False) -> None:
        self.tls = tls
        self.port = free_port()
        self.url = f"mqtt{'s' * tls}://makegood:ours@localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.place = Path(tempfile.mkdtemp(prefix="mosquitto-"))
        (self.place / "conf").write_text("".join(self._config()))
        if self.tls:
            certify(self.place)
        self.learn()
        self.start()
        return self

    def stop(self) -> None:
        """Stops it in order, and removes what it had on its disk."""
        self.end()
        shutil.rmtree(self.place)

    def learn(self) -> None:
        """Has it know the devices of now, as an engineer would."""
        for name in ("passwords", "acl"):
            printed = CliRunner(env={"MAKEGOOD_MQTT_BROKER": self.url}).invoke(
                broker_command.command, [name], catch_exceptions=False
            )
            (self.place / name).write_text(printed.output)
            (self.place / name).chmod(0o600)
        if self.process:
            self.process.send_signal(signal.SIGHUP)

    def start(self) -> None:
        """Begins to listen."""
        with (self.place / "log").open("ab") as log:
            said = [str(PROGRAM), "-c", str(self.place / "conf")]
            self.process = subprocess.Popen(said, stdout=log, stderr=log)
        until(self._listens)

    def end(self) -> None:
        """Ends in order: what it has for somebody is on its disk."""
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None

    def stop_short(self) -> None:
        """SIGSTOP: connected as before, and does nothing any more."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        assert self.process
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process = None

    def has_on_disk(self, words: str) -> bool:
        """Whether its database holds this."""
        kept = self.place / "mosquitto.db"
        return kept.exists() and words.encode() in kept.read_bytes()

    def _config(self) -> Iterator[str]:
        """The guide's, with places of ours."""
        ours = {
            "listener": f"{self.port} localhost",
            "certfile": f"{self.place}/cert.pem",
            "keyfile": f"{self.place}/key.pem",
            "password_file": f"{self.place}/passwords",
            "acl_file": f"{self.place}/acl",
            "persistence_location": f"{self.place}/",
        }
        [said] = re.findall("(?:    .+\n)*    listener .+\n(?:    .+\n)+", GUIDE.read_text())
        for line in said.split("\n"):
            word, _, value = line.strip().partition(" ")
            if self.tls or word not in ("certfile", "keyfile"):
                yield f"{word} {ours.get(word, value)}\n"
        # As root it would become somebody who does not reach its files.
        yield f"user {'root' if os.getuid() == 0 else 'nobody'}\n"

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def connect(self, name: str, password: str, **how: Any) -> Any:
        """A client that has its CONNACK: its code is the client's user data."""
        if self.tls:
            how["authority"] = str(self.place / "cert.pem")
        return connected(self.port, name, password, **how)


def certify(place: Path) -> None:
    """A certificate for localhost that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (place / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (place / "cert.der").write_bytes(cert.public_bytes(serialization.Encoding.DER))
    (place / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class AtBroker(Worn):
    """A pager that comes to a broker: says that it is there, and what it has received."""

    def __init__(self, broker: Mosquitto, house: Sealing, device: Device, **how: Any) -> None:
        super().__init__(broker, house, device, **how)
        self.tell("alive", battery=61)

    def tell(self, tail: str, **said: Any) -> None:
        words = json.dumps(said)
        self.client.publish(f"{self.topic}/{tail}", words, qos=1).wait_for_publish(PATIENCE)

    def receipt(self, told: dict[str, Any]) -> None:
        """It has arrived: a broker's PUBACK says nothing of that."""
        stopped = {"stopped": True} if told["kind"] == "stop" else {}
        self.tell("received", page=told["page"], round=told["round"], **stopped)

    def receive(self) -> dict[str, Any]:
        rings = until(lambda: [one for one in self.told if one["kind"] != "stop"])
        told: dict[str, Any] = rings[-1]
        self.receipt(told)
        return told


class Hearing(Running):
    """`makegood devices` in a thread. `with` it; its broker need not be there yet."""

    def __init__(self, broker: Mosquitto) -> None:
        authority = str(broker.place / "cert.pem") if broker.tls else ""
        self._settings = settings(mqtt_broker=broker.url, mqtt_broker_ca=authority)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bridge", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._bridged = self._do(self._build())
        self._do(self._bridged.start())
        return self

    def stop(self) -> None:
        """SIGTERM, as it were."""
        self._do(self._bridged.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def wait(self) -> None:
        """Until it hears its broker."""
        self._do(self._bridged.ready())

    async def _build(self) -> Bridged:
        return Bridged(self._settings)

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)
