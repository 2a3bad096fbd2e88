"""`bin/bench steps`: what it costs that very many steps wait, and how fast those due are done.

Starts a PostgreSQL of its own (fsync on, the box's own settings) with a database for each size: a
case opened through the verbs, with its customer and its twelve steps, made into so many that
10,000, a million and ten million steps wait, spread over a year, in the order in which they came to
be. Then the sizes take turns, several rounds: `tick` looks while nothing is due; one process, and
then two at once, claim, treat and commit a few thousand steps that are due, and those of a whole
day at least: kinds of steps fall due at hours of their own, and differ in what they cost. "No
hands" is the product's own path with rows and facts, and nobody rung or written to; "real hands"
ring and write.

Ten million steps take about 6 GB in the temporary directory (TMPDIR moves it) while this runs.
"""

import argparse
import contextlib
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from bench.rig import box, usage
from bench.rig.figures import MILLI, at
from bench.rig.multiplying import multiply
from bench.rig.orders import Idle, Sweeper, Swept
from makegood.console.box.postgres import EmbeddedPostgres

BASE = "makegood"
BYTES_PER_STEP = 600  # with its share of a case and a customer, indexes, and the log of writing it
PROCESSES = 2
DAYS = 365  # that the steps are spread over
AIM_RATIO, AIM_PER_SECOND = 1.3, 1000.0


@dataclass
class Round:
    """What one turn of one size measured."""

    idle: Idle
    one: Swept
    two: list[Swept]
    two_lasted: float
    idle_after: Idle

    @property
    def one_per_second(self) -> float:
        """Steps a second by one process."""
        return self.one.steps / self.one.lasted

    @property
    def two_per_second(self) -> float:
        """Steps a second by two processes at once."""
        return sum(swept.steps for swept in self.two) / self.two_lasted


@dataclass
class Size:
    """A database in which so many steps wait, and the processes that look after it."""

    waiting: int
    sweepers: list[Sweeper]
    moment: str
    bytes: int
    rounds: list[Round] = field(default_factory=list)
    real: list[Swept] = field(default_factory=list)

    def idle(self, times: int) -> Idle:
        """Looks while nothing is due."""
        return self.sweepers[0].do(Idle, "idle", times, self.moment)

    def sweep(self, due: int, *, hands: str, processes: int) -> tuple[list[Swept], float]:
        """Moves on until so many steps are due, and does them with so many processes."""
        self.moment = self.sweepers[0].do(str, "reach", due)
        busy, began = self.sweepers[:processes], time.perf_counter()
        for sweeper in busy:
            sweeper.tell("sweep", hands, self.moment)
        swept = [sweeper.hear(Swept) for sweeper in busy]
        return swept, time.perf_counter() - began


def main() -> None:
    """Fills the databases, lets the sizes take turns, and says how they compare."""
    options = _options()
    _check_disk(options.sizes)
    print(usage.machine(), flush=True)
    with box.workplace() as base, EmbeddedPostgres(base / "postgres") as postgres:
        environ = box.environment(base, DJANGO_SETTINGS_MODULE="makegood.config.settings")
        opened_at = _open_pattern(postgres, environ)
        with contextlib.ExitStack() as stack:
            sizes = [
                _size(stack, postgres, environ, waiting, opened_at) for waiting in options.sizes
            ]
            for number in range(options.rounds):
                for size in sizes[number % len(sizes) :] + sizes[: number % len(sizes)]:
                    size.rounds.append(_turn(size, options))
                    print(_line(number, size), flush=True)
            for size in sizes:
                size.real, _ = size.sweep(options.real, hands="real", processes=1)
            _report(sizes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench steps", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--sizes", type=_sizes, default=_sizes("10k,1M,10M"), help="of 11 or more")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--due", type=int, default=3000, help="steps done in each turn, or a day's")
    parser.add_argument("--idle", type=int, default=300, help="looks in each measurement")
    parser.add_argument("--real", type=int, default=300, help="steps done with real hands, once")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    units = {"k": 1_000, "M": 1_000_000}
    return [int(one.rstrip("kM")) * units.get(one[-1], 1) for one in text.split(",")]


def _check_disk(sizes: list[int]) -> None:
    needed, free = sum(sizes) * BYTES_PER_STEP, shutil.disk_usage(tempfile.gettempdir()).free
    print(f"takes about {needed / 1e9:.1f} GB in {tempfile.gettempdir()}; {free / 1e9:.0f} GB free")
    if needed > 0.8 * free:
        raise SystemExit("not enough: use --sizes, or TMPDIR for another disk")


def _open_pattern(postgres: EmbeddedPostgres, environ: dict[str, str]) -> str:
    environ = environ | {"DATABASE_URL": postgres.url}
    box.migrate(environ)
    with Sweeper(environ) as founder:
        return founder.do(str, "found")


def _size(
    stack: contextlib.ExitStack, postgres: EmbeddedPostgres, environ: dict[str, str], waiting: int,
    opened_at: str,
) -> Size:  # fmt: skip
    name = f"waiting_{waiting}"
    with psycopg.connect(_at(postgres.superuser_url, "postgres"), autocommit=True) as server:
        server.execute(
            sql.SQL("create database {} template {} owner makegood").format(
                sql.Identifier(name), sql.Identifier(BASE)
            )
        )
        with _progress(waiting) as said:
            multiply(_at(postgres.superuser_url, name), waiting=waiting, said=said)
        row = server.execute("select pg_database_size(%s)", [name]).fetchone()
    environ = environ | {"DATABASE_URL": _at(postgres.url, name)}
    sweepers = [stack.enter_context(Sweeper(environ)) for _ in range(PROCESSES)]
    return Size(waiting, sweepers, opened_at, row[0] if row else 0)


def _at(url: str, database: str) -> str:
    before, _, after = url.partition(f"/{BASE}?")
    return f"{before}/{database}?{after}"


@contextlib.contextmanager
def _progress(waiting: int) -> Iterator["_Progress"]:
    progress = _Progress(waiting)
    yield progress
    lasted = time.monotonic() - progress.began
    print(f"\r{waiting:,} steps wait, filled and analysed in {lasted:.0f} s      ", flush=True)


class _Progress:
    def __init__(self, waiting: int) -> None:
        self.began = time.monotonic()
        self._waiting = waiting

    def __call__(self, filled: int) -> None:
        print(f"\r{filled:,} of {self._waiting:,} steps", end="", flush=True)


def _turn(size: Size, options: argparse.Namespace) -> Round:
    idle = size.idle(options.idle)
    due = max(options.due, size.waiting // DAYS)
    [one], _ = size.sweep(due, hands="none", processes=1)
    two, lasted = size.sweep(due, hands="none", processes=PROCESSES)
    return Round(idle, one, two, lasted, size.idle(options.idle))


def _line(number: int, size: Size) -> str:
    last = size.rounds[-1]
    return (
        f"round {number + 1}, {size.waiting:>10,}: idle sweep {_ms(last.idle.sweep):.2f} ms, after "
        f"work {_ms(last.idle_after.sweep):.2f} ms; {last.one_per_second:,.0f} steps/s, by two "
        f"processes {last.two_per_second:,.0f}"
    )


def _report(sizes: list[Size]) -> None:
    print(f"\n{'':38}" + "".join(f"{size.waiting:>14,}" for size in sizes))
    for name, values in _rows(sizes).items():
        print(f"{name:38}" + "".join(f"{value:>14,.2f}" for value in values))
    small, large = sizes[0], sizes[-1]
    pairs = list(zip(small.rounds, large.rounds, strict=True))
    ratios = {
        "idle sweep": [_ms(b.idle.sweep) / _ms(a.idle.sweep) for a, b in pairs],
        "next due": [_ms(b.idle.next_due) / _ms(a.idle.next_due) for a, b in pairs],
        "time per step, one process": [a.one_per_second / b.one_per_second for a, b in pairs],
        "time per step, two processes": [a.two_per_second / b.two_per_second for a, b in pairs],
    }
    print(f"\n{large.waiting:,} against {small.waiting:,}, median of the rounds (aim {AIM_RATIO}):")
    for name, ratio in ratios.items():
        middle = statistics.median(ratio)
        print(f"  {name:30} {middle:5.2f}   {'met' if middle <= AIM_RATIO else 'missed'}")
    slowest = min(statistics.median(r.two_per_second for r in size.rounds) for size in sizes)
    verdict = "met" if slowest >= AIM_PER_SECOND else "missed"
    print(f"aim, {AIM_PER_SECOND:,.0f} due steps/s on two cores with no hands: {verdict}")


def _rows(sizes: list[Size]) -> dict[str, list[float]]:
    """Each figure for each size: medians of the rounds, of all looks, of all batches."""
    return {
        "idle sweep, ms p50": [_ms(_looks(size, "sweep")) for size in sizes],
        "idle sweep, ms p99": [_ms(_looks(size, "sweep"), 0.99) for size in sizes],
        "next due, ms p50": [_ms(_looks(size, "next_due")) for size in sizes],
        "steps/s, one process": [
            statistics.median(one.one_per_second for one in size.rounds) for size in sizes
        ],
        "steps/s, two processes": [
            statistics.median(one.two_per_second for one in size.rounds) for size in sizes
        ],
        "one process, ms per step: all": [_per_step(size, "lasted") for size in sizes],
        "  claiming": [_per_step(size, "claiming") for size in sizes],
        "  rows and facts": [_per_step(size, "treating") for size in sizes],
        "  of it, on our processor": [_per_step(size, "processor") for size in sizes],
        "steps/s with real hands, one process": [
            sum(swept.steps for swept in size.real) / sum(swept.lasted for swept in size.real)
            for size in sizes
        ],
        "database, MB": [size.bytes / 1e6 for size in sizes],
    }


def _looks(size: Size, name: str) -> list[float]:
    return [
        seconds
        for one in size.rounds
        for looked in (one.idle, one.idle_after)
        for seconds in getattr(looked, name)
    ]


def _per_step(size: Size, name: str) -> float:
    swept = [one.one for one in size.rounds]
    seconds: float = sum(getattr(one, name) for one in swept)
    return MILLI * seconds / sum(one.steps for one in swept)


def _ms(values: list[float], share: float = 0.50) -> float:
    return MILLI * at(share, values)


if __name__ == "__main__":
    main()
