"""Wrist pagers: a ring goes out with QoS 1, PUBACK is its receipt, an answer is committed."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import msgspec
import structlog

from makegood.devices import topics
from makegood.devices.asking import Asking
from makegood.devices.following import Follow
from makegood.devices.heard import ago, decode, percent
from makegood.devices.hearing import NotOurs, unseal
from makegood.devices.mqtt.packets import Publish
from makegood.devices.speaking import Send, Speaker
from makegood.ground.ids import new_id
from makegood.ground.refusals import Refused
from makegood.ground.tokens import Seal
from makegood.page.hands import pager_statements as sql

PURPOSE = "pager"  # of sealed links, as in ground's links, which live in Django
LEAVE = "leave"  # of bulletins: this device is let in no more

log = structlog.get_logger()


class _Told(msgspec.Struct):
    """What we look at in a bulletin: a ring, a stop and a test are worth a receipt."""

    kind: str
    page: str = ""
    round: int = 0
    test: str = ""


class _Answer(msgspec.Struct, tag_field="kind"):
    page: UUID
    round: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    seconds_ago: Annotated[float, msgspec.Meta(ge=0)] | None = None

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class _Going(_Answer, tag="going"):
    pass


class _Cant(_Answer, tag="cant"):
    pass


class _With(_Answer, tag="with"):
    pass


class _Felt(msgspec.Struct, tag_field="kind", tag="felt"):
    test: UUID


class _Received(msgspec.Struct):
    page: UUID | None = None
    round: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    test: UUID | None = None
    stopped: bool = False  # of a page: not its ring arrived, but that nobody needs to come


class _Alive(msgspec.Struct):
    battery: float | None = None


class Pagers:
    """What the connections of all wrist pagers share."""

    def __init__(
        self, asking: Asking, *, seal: Seal, follow: Follow, wake: Callable[[], None]
    ) -> None:
        self._seal = seal
        self.ask = asking.ask
        self.follow = follow
        self.wake = wake

    async def admit(self, name: str, password: str) -> Speaker:
        """The pager with this id and secret, if it is in use: an `Admit` of `speaking`."""
        sealed = unseal(self._seal, PURPOSE, password, name=name)
        pager = PagerSpeaker(self, sealed.id, version=sealed.version)
        await pager.prove()
        return pager

    async def vouched(self, id: UUID) -> "PagerSpeaker":
        """The pager in use with this id, when a broker has checked its password instead of us."""
        if not await self.ask(sql.KNOWN, device=id):
            raise NotOurs
        return PagerSpeaker(self, id)

    async def there(self) -> "list[PagerSpeaker]":
        """All pagers in use that were heard and are not lost."""
        return [PagerSpeaker(self, UUID(pager)) for (pager,) in await self.ask(sql.THERE)]


class PagerSpeaker:
    """One wrist pager: is told at `p/<id>`, answers at `p/<id>/answer`, lives at `p/<id>/alive`.

    Over a broker it says at `p/<id>/received` what PUBACK says here, and its will is `p/<id>/lost`.
    """

    def __init__(self, pagers: Pagers, id: UUID, *, version: int | None = None) -> None:
        """`version`: of the password it gave us; None when a broker has let it in."""
        self._pagers = pagers
        self._id = id
        self._version = version
        self._rung: dict[int, _Told] = {}

    @property
    def id(self) -> UUID:
        """Of its row."""
        return self._id

    @property
    def topic(self) -> str:
        """Where it is told."""
        return f"p/{self._id.hex}"

    def owns(self, topic: str) -> bool:
        """Its own topic and what lies below."""
        return topic == self.topic or topic.startswith(f"{self.topic}/")

    async def prove(self) -> None:
        """Raises `NotOurs` when it is not in use, or has another password now."""
        if self._version is None:
            return
        if not await self._pagers.ask(sql.IN_USE, device=self._id, version=self._version):
            raise NotOurs

    async def alive(self) -> None:
        """Notes that it is there."""
        await self._note(None)

    async def lost(self) -> None:
        """Notes that it is gone."""
        await self._pagers.ask(sql.LOST, device=self._id)

    async def hear(self, message: Publish) -> None:
        """Commits what is said. What nobody can read, and a kept message, changes nothing."""
        if message.retain:
            log.warning("a kept message says nothing", pager=self._id.hex)
            return
        try:
            await self._understand(message.topic.removeprefix(f"{self.topic}/"), message.payload)
        except Refused as refusal:
            log.warning("not understood", pager=self._id.hex, why=refusal.message)

    async def listen(self, send: Send, hang_up: Callable[[], None]) -> None:
        """First what is told from now on is kept, then what it missed is sent, then all in order.

        What comes twice that way has the same page and round, and the pager rings once. It ends
        when the device was put away, or given another password.
        """
        async with self._pagers.follow(f"device:{self._id}", self._id) as news:
            told = await self._missed()
            while told is not None and all(self._send(send, one) for one in told):
                told = await news.take()
        hang_up()  # it comes again, and is told what it missed

    async def remind(self, send: Send) -> None:
        """Sends again what it missed: it is back, while we were listening for it all the time."""
        for one in await self._missed() or ():
            self._send(send, one)

    async def received(self, packet_id: int) -> None:
        """The page, that nobody needs to come, or the test, has arrived on the wrist."""
        told = self._rung.pop(packet_id, None)
        if told and told.kind in ("ring", "stop"):
            stopped = told.kind == "stop"
            page = UUID(told.page)
            await self._receipt(_Received(page=page, round=told.round, stopped=stopped))
        elif told and told.kind == "test":
            await self._receipt(_Received(test=UUID(told.test)))

    async def _understand(self, tail: str, payload: bytes) -> None:
        if tail == "answer":
            await self._say(decode(_answer, payload))
        elif tail == "received":
            await self._receipt(decode(_received, payload))
        elif tail == topics.LOST:
            await self.lost()
        elif tail == "alive" and payload:
            await self._note(percent(decode(_alive, payload).battery))
        else:
            await self._note(None)

    async def _missed(self) -> list[bytes] | None:
        missed = []
        for statement in (sql.WAITING, sql.ASKED, sql.STOPPED):
            missed += await self._pagers.ask(statement, device=self._id)
        return [text.encode() for (text,) in missed]

    async def _receipt(self, of: _Received) -> None:
        ask = self._pagers.ask
        if of.page:
            statement = sql.SILENT if of.stopped else sql.RECEIVED
            await ask(statement, device=self._id, page=of.page, round=of.round)
        elif of.test:
            for (bulletin,) in await ask(sql.TEST_ARRIVED, device=self._id, test=of.test):
                await ask(sql.CALL, bulletin=bulletin)

    def _send(self, send: Send, told: bytes) -> bool:
        read = _told.decode(told)
        packet_id = None if read.kind == LEAVE else send(self.topic, told)
        if packet_id is not None:
            self._rung[packet_id] = read
        return packet_id is not None

    async def _say(self, answer: _Going | _Cant | _With | _Felt) -> None:
        await self.prove()
        if isinstance(answer, _Felt):
            await self._pagers.ask(sql.FELT, device=self._id, test=answer.test)
        else:
            await self._say_to_page(answer)
        self._pagers.wake()

    async def _say_to_page(self, answer: _Answer) -> None:
        await self._pagers.ask(
            sql.SAY,
            id=new_id(),
            device=self._id,
            page=answer.page,
            round=answer.round,
            kind=answer.kind,
            ago=None if answer.seconds_ago is None else ago(answer.seconds_ago),
        )

    async def _note(self, battery: int | None) -> None:
        await self._pagers.ask(sql.ALIVE, devices=[self._id], batteries=[battery])


_told = msgspec.json.Decoder(_Told)
_answer = msgspec.json.Decoder(_Going | _Cant | _With | _Felt)
_received = msgspec.json.Decoder(_Received)
_alive = msgspec.json.Decoder(_Alive)
