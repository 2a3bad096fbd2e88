"""What a bench tells the sweepers of `bench/rig/sweeper.py`, processes of their own, and hears."""

import subprocess
import sys
from types import TracebackType
from typing import Self, TypeVar

import msgspec
import psutil

from bench.rig import box

SWEEP = "import django; django.setup(); from bench.rig.sweeper import main; main()"
Answer = TypeVar("Answer")


class Idle(msgspec.Struct, frozen=True):
    """Seconds of each look that found nothing due, and of each for what is due next."""

    sweep: list[float]
    next_due: list[float]


class Swept(msgspec.Struct, frozen=True):
    """How many steps were done in how many batches, and the seconds that took."""

    steps: int
    batches: int
    lasted: float
    claiming: float
    treating: float
    processor: float


class Sweeper:
    """One process; an order is told and later heard, so that several may work at once."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.process = psutil.Popen(
            [sys.executable, "-c", SWEEP], env=environ, cwd=box.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.stdin.close()
        self.process.wait(30)

    def tell(self, *order: object) -> None:
        """Gives an order."""
        self.process.stdin.write(" ".join(map(str, order)) + "\n")
        self.process.stdin.flush()

    def hear(self, kind: type[Answer]) -> Answer:
        """Waits for the answer to the last order."""
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a sweeper ended before its time")
        return msgspec.json.decode(line, type=kind)

    def do(self, kind: type[Answer], *order: object) -> Answer:
        """Gives an order and waits for its answer."""
        self.tell(*order)
        return self.hear(kind)
