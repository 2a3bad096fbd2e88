"""The connection to a stock broker, with aiomqtt. Our session there lasts: what came is kept."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomqtt
import msgspec
import structlog

from makegood.devices import topics
from makegood.devices.bridge import BrokerAway
from makegood.devices.mqtt.packets import Publish

HEARD = (f"{topics.OURS}#", f"{topics.GEN1}#", f"{topics.PAGERS}+/+", f"{topics.LAMPS}+/+")
KEEP_ALIVE = 15
MOST_UNSENT = 1_000  # messages the broker has not acknowledged
NO_DELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

log = structlog.get_logger()


class Broker(msgspec.Struct, frozen=True):
    """Where the broker is, and as whom we come. `name` is ours at the broker: one at a time."""

    host: str
    port: int
    name: str
    password: str
    tls: ssl.SSLContext | None = None


@asynccontextmanager
async def dial(broker: Broker) -> AsyncIterator["BrokerLine"]:
    """A connection that is subscribed; raises `BrokerAway`."""
    try:
        async with _Client(broker) as client:
            client.pending_calls_threshold = MOST_UNSENT
            granted = await client.subscribe([(wanted, 1) for wanted in HEARD])
            if any(getattr(code, "is_failure", False) for code in granted):
                raise BrokerAway("the broker does not let us hear its devices; see its ACL")
            yield BrokerLine(client)
    except aiomqtt.MqttError as error:
        raise BrokerAway(str(error)) from error


class _Client(aiomqtt.Client):
    """One that says itself what it has taken; paho can, and aiomqtt has no word for it."""

    def __init__(self, broker: Broker) -> None:
        super().__init__(
            broker.host, broker.port, username=broker.name, password=broker.password,
            identifier=broker.name, clean_session=False, keepalive=KEEP_ALIVE,
            tls_context=broker.tls, socket_options=[NO_DELAY], max_inflight_messages=MOST_UNSENT,
        )  # fmt: skip
        self._client.manual_ack_set(True)

    def acknowledge(self, packet_id: int) -> None:
        """PUBACK for a message of QoS 1."""
        self._client.ack(packet_id, 1)


class BrokerLine:
    """A `Line` of `bridge`."""

    def __init__(self, client: _Client) -> None:
        self._client = client
        self._sending: set[asyncio.Task[None]] = set()

    async def messages(self) -> AsyncIterator[Publish]:
        """What devices say."""
        try:
            async for message in self._client.messages:
                yield Publish(
                    topic=message.topic.value,
                    payload=message.payload,
                    packet_id=message.mid if message.qos else None,
                    retain=message.retain,
                )
        except aiomqtt.MqttError as error:
            raise BrokerAway(str(error)) from error

    def acknowledge(self, packet_id: int) -> None:
        """PUBACK."""
        self._client.acknowledge(packet_id)

    def send(self, topic: str, payload: bytes) -> int | None:
        """In the order of the calls. What is lost with the connection, the next one tells again."""
        if len(self._sending) >= MOST_UNSENT:
            return None
        sending = asyncio.create_task(self._client.publish(topic, payload, qos=1))
        self._sending.add(sending)
        sending.add_done_callback(self._sent)
        return 0

    def _sent(self, sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        if not sending.cancelled() and (error := sending.exception()):
            log.warning("a pager was not told", because=str(error))
