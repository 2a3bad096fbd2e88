"""`bin/bench press`: from the customer's press to the bytes at the pager, the whole way.

Starts a PostgreSQL of its own (fsync on), founds a house of many sites with people on duty, and
lets one crowd press twice: at a bare floor (one durable insert and an event stream), then at the
box as `makegood up` starts it: the press is committed, judged, opens a case with its twelve steps
and a page, and the page rings. Every press is of another table, so every press opens a case. Nobody
answers: after 40 s the pages climb their ladders besides.
"""

import argparse
import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psutil
import psycopg

from bench.rig import box, stages, usage
from bench.rig.box import Box
from bench.rig.crowd import House, Pager, Plan, Pressed, Table
from bench.rig.figures import MILLI, at, table
from bench.rig.stages import Account
from bench.rig.usage import Roots, Usage
from makegood.console.box.ports import answers
from makegood.console.box.postgres import EmbeddedPostgres

AIM = 0.250
FLOOR = "create table bench_floor (id bigserial primary key, place text, body text)"
MIGRATE = "from makegood.console.command import main; main(args=['migrate'])"
FOUND = "import django; django.setup(); from bench.rig.founding import main; main()"
LANES = 4  # urgent, ordinary, carrying, tick
LANES_LISTENING = "select count(*) from pg_stat_activity where query = 'listen makegood_lane'"


class Run(msgspec.Struct, frozen=True):
    """What a crowd went through after the warm-up, and who worked for it."""

    pressed: list[Pressed]
    usage: Usage

    @property
    def rang_after(self) -> list[float]:
        """Seconds from press to pager, of those that arrived."""
        return [press.rang_after for press in self.pressed if press.rang_after is not None]

    @property
    def answered_after(self) -> list[float]:
        """Seconds from press to the customer's answer."""
        return [one.answered_after for one in self.pressed if one.answered_after is not None]


def main() -> None:
    """Measures both, and says where the time went."""
    options = _options()
    print(usage.machine(), flush=True)
    with box.workplace() as base:
        settings = {"track_commit_timestamp": "on"}
        with EmbeddedPostgres(base / "postgres", settings=settings) as postgres:
            house = _found(postgres, base, options)
            floor = _at_floor(postgres, house, base, options)
            product = _at_product(postgres, house, base, options)
            _report(floor, product, stages.account(postgres.url, product.pressed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench press", description=__doc__)
    parser.add_argument("--pagers", type=int, default=1000)
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--rate", type=float, default=50, help="presses a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=5)
    parser.add_argument("--profile", metavar="FILE", help="py-spy's record of the worker")
    return parser.parse_args()


def _found(postgres: EmbeddedPostgres, base: Path, options: argparse.Namespace) -> House:
    environ = box.environment(
        base, DATABASE_URL=postgres.url, DJANGO_SETTINGS_MODULE="makegood.config.settings"
    )
    box.run(MIGRATE, environ=environ)
    presses = 1.2 * options.rate * (options.seconds + options.warm_up)
    people, tables = -(-options.pagers // options.sites), int(-(-presses // options.sites))
    given = map(str, (options.sites, people, tables))
    house = msgspec.json.decode(box.run(FOUND, *given, environ=environ), type=House)
    print(
        f"a house of {options.sites} sites with {len(house.pagers)} people on duty and "
        f"{len(house.tables)} tables; {options.rate:g} presses/s for {options.seconds:g} s",
        flush=True,
    )
    return House(house.pagers[: options.pagers], house.tables)


def _at_floor(
    postgres: EmbeddedPostgres, house: House, base: Path, options: argparse.Namespace
) -> Run:
    with psycopg.connect(postgres.url) as connection:
        connection.execute(FLOOR)
    port, pagers = box.free_port(), len(house.pagers)
    bare = House(
        [Pager(f"/live/{number}") for number in range(pagers)],
        [
            Table(one.place, f"/press/{number % pagers}/{one.place.replace(' ', '%20')}")
            for number, one in enumerate(house.tables)
        ],
    )
    process = psutil.Popen(
        [sys.executable, "-m", "bench.rig.floor", str(port)],
        env=box.environment(base, DATABASE_URL=postgres.url), cwd=box.ROOT,
    )  # fmt: skip
    try:
        _wait_until(lambda: answers(port, "/live/nobody"))
        roots = {"floor": process, "postgres": _server(postgres)}
        return _let_press(_plan(port, bare, options), base, roots)
    finally:
        process.terminate()
        process.wait(10)


def _at_product(
    postgres: EmbeddedPostgres, house: House, base: Path, options: argparse.Namespace
) -> Run:
    with Box(base / "box", DATABASE_URL=postgres.url) as product:
        _wait_until(lambda: _count(postgres, LANES_LISTENING) == LANES)
        roots = product.roots() | {"postgres": _server(postgres)}
        with _profile(roots["worker"].pid, options):
            return _let_press(_plan(product.port, house, options), base, roots)


def _plan(port: int, house: House, options: argparse.Namespace) -> Plan:
    return Plan(
        port=port,
        house=house,
        per_second=options.rate,
        seconds=options.seconds,
        warm_up=options.warm_up,
    )


def _let_press(plan: Plan, base: Path, roots: Roots) -> Run:
    file = base / "plan.json"
    file.write_bytes(msgspec.json.encode(plan))
    with usage.measured(roots) as used:
        said = subprocess.run(
            [sys.executable, "-m", "bench.rig.crowd", str(file)],
            cwd=box.ROOT, check=True, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip
    pressed = msgspec.json.decode(said, type=list[Pressed])
    return Run([press for press in pressed if press.measured], used)


@contextlib.contextmanager
def _profile(pid: int, options: argparse.Namespace) -> Iterator[None]:
    if not options.profile:
        yield
        return
    program = shutil.which("py-spy")
    if program is None:
        raise SystemExit("--profile needs py-spy on the PATH: pip install py-spy")
    lasts = str(int(options.warm_up + options.seconds))
    command = [program, "record", "--pid", str(pid), "--duration", lasts, "--rate", "200"]
    command += ["--output", options.profile, "--format", "raw"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL):
        yield


def _report(floor: Run, product: Run, account: Account) -> None:
    lost = [press for press in product.pressed if press.rang_after is None]
    refused = [press for press in product.pressed if press.status != 202]
    late = [press.late for press in floor.pressed + product.pressed]
    print(
        f"\n{len(product.pressed)} presses measured: {len(refused)} refused, {len(lost)} not heard"
        f"; {account.signals} judged in all opened {account.cases} cases and joined "
        f"{account.signals - account.cases}\n"
    )
    rows = {"product": product.rang_after, "floor": floor.rang_after}
    print(table("press to pager, ms", rows))
    for share in (0.50, 0.99):
        ratio = at(share, product.rang_after) / at(share, floor.rang_after)
        print(f"ratio of p{100 * share:.0f}: {ratio:.1f}")
    verdict = "met" if at(0.99, product.rang_after) < AIM and not lost else "missed"
    print(f"aim, p99 under {MILLI * AIM:.0f} ms: {verdict}\n")
    print(table("where the time goes, ms", account.stages))
    answered = {"product": product.answered_after, "floor": floor.answered_after}
    print("\n" + table("press to the customer's answer, ms", answered))
    batches = account.batches
    print(
        f"\nworker: {len(batches)} transactions of {sum(batches) / len(batches):.1f} cases on "
        f"average, {max(batches)} at most; {account.attempts} rings for {account.pages} pages"
    )
    for name, run in (("product", product), ("floor", floor)):
        parts = [f"{part} {run.usage.of_one_core(part):.0f} %" for part in run.usage.by_name]
        others = f"others {run.usage.others:.0f} % of the machine"
        print(f"{name}, of one core: {', '.join(parts)}; {others}")
    print(f"the crowd pressed {MILLI * at(0.99, late):.1f} ms late at p99")


def _server(postgres: EmbeddedPostgres) -> psutil.Process:
    assert postgres.process is not None
    return psutil.Process(postgres.process.pid)


def _count(postgres: EmbeddedPostgres, query: str) -> int:
    with psycopg.connect(postgres.url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _wait_until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end, "not ready after a minute"
        time.sleep(0.05)


if __name__ == "__main__":
    main()
