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
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg

from bench.rig import box, stages, trial, usage
from bench.rig.box import Box
from bench.rig.crowd import House, Pager, Table
from bench.rig.figures import MILLI, at, table
from bench.rig.stages import Account
from bench.rig.trial import Run
from makegood.console.box.ports import answers
from makegood.console.box.postgres import EmbeddedPostgres

AIM = 0.250


def main() -> None:
    """Measures both, and says where the time went."""
    options = _options()
    print(usage.machine(), flush=True)
    with box.workplace() as base:
        settings = {"track_commit_timestamp": "on"}
        with EmbeddedPostgres(base / "postgres", settings=settings) as postgres:
            house = trial.found(postgres, base, options)
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


def _at_floor(
    postgres: EmbeddedPostgres, house: House, base: Path, options: argparse.Namespace
) -> Run:
    with psycopg.connect(postgres.url) as connection:
        connection.execute(trial.FLOOR)
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
        box.wait_until(lambda: answers(port, "/live/nobody"))
        roots = {"floor": process, "postgres": trial.server(postgres)}
        return trial.let_press(trial.plan(port, bare, options), base, roots)
    finally:
        process.terminate()
        process.wait(10)


def _at_product(
    postgres: EmbeddedPostgres, house: House, base: Path, options: argparse.Namespace
) -> Run:
    with Box(base / "box", DATABASE_URL=postgres.url) as product:
        trial.wait_for_lanes(postgres)
        roots = product.roots() | {"postgres": trial.server(postgres)}
        with _profile(roots["worker"].pid, options):
            return trial.let_press(trial.plan(product.port, house, options), base, roots)


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
    late = [press.late for press in floor.pressed + product.pressed]
    print(
        f"\n{len(product.pressed)} presses measured: {len(product.refused)} refused, "
        f"{len(product.lost)} not heard; {account.signals} judged in all opened "
        f"{account.cases} cases and joined {account.signals - account.cases}\n"
    )
    rows = {"product": product.rang_after, "floor": floor.rang_after}
    print(table("press to pager, ms", rows))
    for share in (0.50, 0.99):
        ratio = at(share, product.rang_after) / at(share, floor.rang_after)
        print(f"ratio of p{100 * share:.0f}: {ratio:.1f}")
    verdict = "met" if at(0.99, product.rang_after) < AIM and not product.lost else "missed"
    print(f"aim, p99 under {MILLI * AIM:.0f} ms: {verdict}\n")
    print(table("where the time goes, ms", account.stages))
    answered = {"product": product.answered_after, "floor": floor.answered_after}
    print("\n" + table("press to the customer's answer, ms", answered))
    batches = account.batches
    print(
        f"\nworker: {len(batches)} transactions of {sum(batches) / len(batches):.1f} cases on "
        f"average, {max(batches)} at most; {account.attempts} rings for {account.pages} pages, "
        f"{account.held} of them held by the throttle table"
    )
    for name, run in (("product", product), ("floor", floor)):
        parts = [f"{part} {run.usage.of_one_core(part):.0f} %" for part in run.usage.by_name]
        others = f"others {run.usage.others:.0f} % of the machine"
        print(f"{name}, of one core: {', '.join(parts)}; {others}")
    print(f"the crowd pressed {MILLI * at(0.99, late):.1f} ms late at p99")


if __name__ == "__main__":
    main()
