"""`bin/bench replay`: a draft replayed on 100,000 signals, beside the policy in force.

Starts a PostgreSQL of its own, founds a house through the verbs, writes ninety days of a past
set-wise (signals, verdicts, cases, pages, amends), and replays a draft that changes a step, an
offer, a line of the ladder table and a wait: each signal is put to both policies by the engine
that opens cases in production. Then once more under a profiler, to say where the time goes.
"""

import argparse
import statistics
import time
from uuid import UUID

import msgspec

from bench.rig import box, usage
from bench.rig.past import write_past
from bench.rig.replays import Founded, Measured
from makegood.console.box.postgres import EmbeddedPostgres

AIM = 60.0
REPLAYER = "import django; django.setup(); from bench.rig.replayer import main; main()"


def main() -> None:
    """Measures, and says whether the aim is met."""
    options = _options()
    print(usage.machine(), flush=True)
    with box.workplace() as base, EmbeddedPostgres(base / "postgres") as postgres:
        environ = box.environment(
            base, DATABASE_URL=postgres.url, DJANGO_SETTINGS_MODULE="makegood.config.settings"
        )
        box.migrate(environ)
        founded = msgspec.json.decode(box.run(REPLAYER, "found", environ=environ), type=Founded)
        _write(postgres.url, founded, options.signals)
        rounds = [_round(environ, founded) for _ in range(options.rounds)]
        for number, one in enumerate(rounds, 1):
            print(
                f"round {number}: {one.signals:,} signals in {one.lasted:.1f} s "
                f"({one.processor:.1f} s of a processor), {one.signals / one.lasted:,.0f}/s; "
                f"{one.grown_mb:.0f} MB more than before, {one.peak_mb:.0f} MB at most",
                flush=True,
            )
        found = rounds[0]
        print(
            f"cases {found.opened[0]:,} with the one, {found.opened[1]:,} with the other; "
            f"{found.differing:,} signals differ"
        )
        middle = statistics.median(one.lasted for one in rounds)
        print(f"aim, under {AIM:.0f} s: {'met' if middle < AIM else 'missed'}, {middle:.1f} s\n")
        if options.profile:
            print("own seconds under the profiler, which slows everything down:")
            for name, seconds in _round(environ, founded, "profile").hot:
                print(f"{seconds:8.2f}  {name}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench replay", description=__doc__)
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="once more, under a profiler")
    return parser.parse_args()


def _write(url: str, founded: Founded, signals: int) -> None:
    began = time.perf_counter()
    write_past(
        url,
        organisation=UUID(founded.organisation),
        site=UUID(founded.site),
        policy=UUID(founded.policy),
        host=UUID(founded.host),
        signals=signals,
        until=founded.until,
    )
    print(f"{signals:,} signals written in {time.perf_counter() - began:.0f} s", flush=True)


def _round(environ: dict[str, str], founded: Founded, *how: str) -> Measured:
    said = box.run(REPLAYER, "replay", founded.until, *how, environ=environ)
    return msgspec.json.decode(said, type=Measured)


if __name__ == "__main__":
    main()
