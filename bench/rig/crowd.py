"""A crowd in a process of its own: people whose pagers are connected, customers who press.

A ring is timed at the first that arrives on a screen, and at the first on a wrist.

`python -m bench.rig.crowd PLAN_FILE` prints JSON: one `Pressed` for each press. Customers press at
random moments (a Poisson process, from a fixed seed), each on a connection of their own, whether
those before them were answered or not. Sender and pagers share one clock.
"""

import asyncio
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
import uvloop

from bench.rig.wrist import Line, Wrist

RING = re.compile(rb"event: ring\ndata: (\{[^\n]*\})\n\n")
LONGEST_EVENT = 10_000
LAST_RINGS = 15.0  # seconds that the last presses are given to arrive
AT_ONCE = 50  # pagers that connect at the same moment

Connect = Callable[[], Awaitable[None]]


class Ring(msgspec.Struct, frozen=True):
    """What we look at in a ring."""

    kind: str = "ring"
    place: str = ""
    rung_at: str = ""


class Pager(msgspec.Struct, frozen=True):
    """One pager's event stream."""

    path: str


class Table(msgspec.Struct, frozen=True):
    """One button: its place, which the ring names, and where a press is sent."""

    place: str
    path: str


class House(msgspec.Struct, frozen=True):
    """A house as its crowd meets it; every table's place is unique."""

    pagers: list[Pager]
    tables: list[Table]
    wrists: list[Wrist] = []


class Plan(msgspec.Struct, frozen=True):
    """What the crowd does. Every table is pressed once at most."""

    port: int
    house: House
    per_second: float
    seconds: float
    warm_up: float
    mqtt_port: int = 0
    seed: int = 2


class Pressed(msgspec.Struct):
    """One press, in seconds: when it was sent (of the world's clock), and then from its sending."""

    place: str
    sent_at: float
    late: float
    measured: bool
    status: int = 0
    answered_after: float | None = None
    rung_at: str = ""
    rang_after: float | None = None
    felt_after: float | None = None

    @property
    def arrived(self) -> bool:
        """Whether anything rang for it."""
        return self.rang_after is not None or self.felt_after is not None


class Crowd:
    """Everybody, and what became of every press."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pressed: dict[str, Pressed] = {}
        self.listening = 0
        self.lost = 0

    async def run(self) -> list[Pressed]:
        """Connects the pagers, presses through the plan, waits for the last rings."""
        house = self.plan.house
        lines = [*map(self._screen, house.pagers), *map(self._wrist, house.wrists)]
        for start in range(0, len(lines), AT_ONCE):
            await asyncio.gather(*(line() for line in lines[start : start + AT_ONCE]))
        await self._until(lambda: self.listening == len(lines))
        if self.listening < len(lines):
            raise SystemExit(f"only {self.listening} pagers are connected")
        await self._press_on()
        await self._until(lambda: all(press.arrived for press in self.pressed.values()))
        if self.lost:
            raise SystemExit(f"{self.lost} pagers lost their stream")
        return list(self.pressed.values())

    def _screen(self, pager: Pager) -> Connect:
        return self._connect(lambda: _Screen(self, pager), self.plan.port)

    def _wrist(self, wrist: Wrist) -> Connect:
        made = partial(Line, wrist, listening=self.listens, heard=self._felt, lost=self.loses)
        return self._connect(made, self.plan.mqtt_port)

    def _connect(self, protocol: Callable[[], asyncio.Protocol], port: int) -> Connect:
        async def connect() -> None:
            loop = asyncio.get_running_loop()
            await loop.create_connection(protocol, "127.0.0.1", port)

        return connect

    def listens(self) -> None:
        """One more pager is connected."""
        self.listening += 1

    def loses(self) -> None:
        """One pager's connection is gone."""
        self.lost += 1

    async def _press_on(self) -> None:
        moments = random.Random(self.plan.seed)
        tables = list(self.plan.house.tables)
        moments.shuffle(tables)
        begin = due = time.perf_counter()
        sending = set()
        while (since := due - begin) < self.plan.warm_up + self.plan.seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            measured = since >= self.plan.warm_up
            sending.add(asyncio.create_task(self._press(tables.pop(), due, measured)))
            due += moments.expovariate(self.plan.per_second)
        await asyncio.gather(*sending)

    async def _press(self, table: Table, due: float, measured: bool) -> None:
        began = time.perf_counter()
        pressed = Pressed(table.place, time.time(), late=began - due, measured=measured)
        self.pressed[table.place] = pressed
        body = f'{{"key":"{pressed.sent_at:.6f}-{id(pressed):x}"}}'
        reader, writer = await asyncio.open_connection("127.0.0.1", self.plan.port)
        writer.write(
            f"POST {table.path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        status = await reader.readline()
        pressed.answered_after = time.perf_counter() - began
        pressed.status = int(status.split()[1])
        writer.close()

    def rang(self, ring: Ring, at: float) -> None:
        """A screen rings for a place; only the first ring counts."""
        if (pressed := self._first(ring)) and pressed.rang_after is None:
            pressed.rang_after = at - pressed.sent_at

    def _felt(self, payload: bytes, at: float) -> None:
        ring = msgspec.json.decode(payload, type=Ring)
        if (pressed := self._first(ring)) and pressed.felt_after is None:
            pressed.felt_after = at - pressed.sent_at

    def _first(self, ring: Ring) -> Pressed | None:
        """The press, if this is the first ring for it, on a screen or on a wrist."""
        pressed = self.pressed.get(ring.place) if ring.kind == "ring" else None
        if pressed and not pressed.arrived:
            pressed.rung_at = ring.rung_at
        return pressed if pressed and pressed.rung_at == ring.rung_at else None

    async def _until(self, done: Callable[[], bool]) -> None:
        end = time.perf_counter() + LAST_RINGS
        while not done() and time.perf_counter() < end:
            await asyncio.sleep(0.05)


class _Screen(asyncio.Protocol):
    """One pager: reads its stream as it comes."""

    def __init__(self, crowd: Crowd, pager: Pager) -> None:
        self._crowd = crowd
        self._pager = pager
        self._heard = b""
        self._greeted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        stream = cast(asyncio.Transport, transport)
        stream.write(f"GET {self._pager.path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        at = time.time()
        self._heard += data
        if not self._greeted and b"event: hello" in self._heard:
            self._greeted = True
            self._crowd.listens()
        end = 0
        for ring in RING.finditer(self._heard):
            self._crowd.rang(msgspec.json.decode(ring[1], type=Ring), at)
            end = ring.end()
        self._heard = self._heard[end:][-LONGEST_EVENT:]

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.loses()


def main() -> None:
    """Runs a plan and prints what became of it."""
    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
    sys.stdout.write(msgspec.json.encode(uvloop.run(Crowd(plan).run())).decode())


if __name__ == "__main__":
    main()
