"""`bin/bench intake`: durable presses per second against bare inserts on the same server.

Starts a PostgreSQL of its own (fsync on) and `makegood gateway`, then takes turns: pgbench, which
inserts single rows into a bare table, and presses over real HTTP, each committed before it is
answered: a signal and a fact, rows of two tables with six indexes that apply to them. Both
over the same number of connections, and both driven by a program in C: the presses by wrk.
"""

import argparse
import contextlib
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psutil
import psycopg

from bench.rig import box
from makegood.console.box import programs
from makegood.console.box.ports import answers
from makegood.console.box.postgres import EmbeddedPostgres
from makegood.ground.ids import new_id
from makegood.ground.tokens import Seal

PRESSES = box.ROOT / "bench" / "rig" / "presses.lua"
SITES, TABLES = 4, 400
QUIET = 25.0  # per cent of one core

FLOOR = "create table bench_floor (id bigserial primary key, key text, body jsonb)"
INSERT = """insert into bench_floor (key, body) values ('a-key', '{"where": "gate 12"}');\n"""


def main() -> None:
    """Measures, in turns, and says the ratio."""
    options = _options()
    with box.workplace() as base, EmbeddedPostgres(base / "postgres") as postgres:
        tokens = _prepare(postgres.url, base)
        with _gateway(postgres.url, base) as gateway:
            _measure(options, postgres, gateway, tokens, base)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench intake", description=__doc__)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=int, default=60, help="seconds to wait for quiet")
    return parser.parse_args()


def _measure(
    options: argparse.Namespace,
    postgres: EmbeddedPostgres,
    gateway: "Gateway",
    tokens: Path,
    base: Path,
) -> None:
    floors: list[float] = []
    presses: list[float] = []
    accepted = 0
    for number in range(1, options.rounds + 1):
        others = _wait_for_quiet(options.patience)
        floors.append(_pgbench(postgres, base, options))
        before = gateway.cpu(postgres)
        load = _press(gateway.port, tokens, options)
        used = [b - a for a, b in zip(before, gateway.cpu(postgres), strict=True)]
        presses.append(load["per_second"])
        accepted += int(load["accepted"])
        busy = " ".join(
            f"{name} {100 * seconds / options.seconds:.0f} %"
            for name, seconds in zip(("gateway", "postgres"), used, strict=True)
        )
        print(
            f"round {number}: pgbench {floors[-1]:8,.0f} inserts/s   intake {presses[-1]:8,.0f}"
            f" presses/s  p50 {load['p50_ms']:.1f} p99 {load['p99_ms']:.1f} ms"
            f"  refused {load['refused']:.0f}  lost {load['lost']:.0f}"
            f"  (of one core: {busy}, others before {others:.0f} %)",
            flush=True,
        )
    with psycopg.connect(postgres.url, options="-c makegood.organisation=*") as look:
        kept = _count(look, "sense_signal")
        told = _count(look, "ground_fact")
    print(f"acknowledged {accepted:,}, kept {kept:,} signals and {told:,} facts")
    assert min(kept, told) >= accepted, "an acknowledged press is missing"
    ratio = statistics.median(presses) / statistics.median(floors)
    print(f"ratio of the medians: {ratio:.2f} (aim: 0.50 or more at 64 connections)")


def _wait_for_quiet(patience: int) -> float:
    """Waits until others leave the machine alone; says how much of one core they use.

    Sixty-four pgbench backends get their share of a busy machine, one gateway does not: a ratio
    measured beside others' work says little.
    """
    end = time.monotonic() + patience
    while True:
        busy = psutil.cpu_percent(interval=1.5) * (psutil.cpu_count() or 1)
        if busy < QUIET or time.monotonic() > end:
            return busy


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def _prepare(url: str, base: Path) -> Path:
    box.migrate(box.environment(base, DATABASE_URL=url))
    tables = [new_id() for _ in range(TABLES)]
    with psycopg.connect(url, options="-c makegood.organisation=*") as connection:
        connection.execute(FLOOR)
        _write_house(connection, tables)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")  # as any server does within a minute of its founding
    seal = Seal(box.SECRET)
    tokens = base / "tokens"
    tokens.write_text("\n".join(seal.close("touchpoint", table) for table in tables))
    return tokens


def _write_house(connection: psycopg.Connection, tables: list[UUID]) -> None:
    house, sites = new_id(), [new_id() for _ in range(SITES)]
    connection.execute(
        "insert into people_organisation (id, name, currency, language, case_prefix, created_at)"
        " values (%s, 'Bench', 'EUR', 'en', 'MG', now())",
        (house,),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into people_site (id, organisation_id, name, timezone, phone, helper_sign)"
            " values (%s, %s, 'Site', 'Europe/Madrid', '', 'Anyone')",
            [(site, house) for site in sites],
        )
        cursor.executemany(
            "insert into sense_touchpoint (id, organisation_id, site_id, kind, place, hint,"
            " dwell_minutes, arrival_words, link_version, created_at)"
            " values (%s, %s, %s, 'button', %s, '', 20, 'Someone comes', 0, now())",
            [(t, house, sites[n % SITES], f"Table {n}") for n, t in enumerate(tables)],
        )


class Gateway:
    """The gateway under measurement."""

    def __init__(self, port: int, process: psutil.Popen) -> None:
        self.port = port
        self.process = process

    def cpu(self, postgres: EmbeddedPostgres) -> tuple[float, float]:
        """Seconds of processor time used so far by the gateway and by PostgreSQL."""
        assert postgres.process is not None
        server = psutil.Process(postgres.process.pid)
        family = [server, *server.children()]
        return _used(self.process), sum(_used(process) for process in family)


def _used(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


@contextlib.contextmanager
def _gateway(url: str, base: Path) -> Iterator[Gateway]:
    port = box.free_port()
    environ = box.environment(
        base, DATABASE_URL=url, MAKEGOOD_PORT=str(port), MAKEGOOD_WEB_PORT=str(box.free_port()),
        MAKEGOOD_HOST="127.0.0.1",
    )  # fmt: skip
    process = psutil.Popen(
        [sys.executable, "-m", "makegood.console", "gateway"], env=environ, cwd=box.ROOT
    )
    try:
        box.wait_until(lambda: answers(port, "/healthz"))
        yield Gateway(port, process)
    finally:
        process.terminate()
        process.wait(10)


def _press(port: int, tokens: Path, options: argparse.Namespace) -> dict[str, float]:
    done = subprocess.run(
        [
            box.program("wrk"), "--threads", "1", "--connections", str(options.connections),
            "--duration", f"{options.seconds}s", "--timeout", "10s", "--script", str(PRESSES),
            f"http://127.0.0.1:{port}", "--", str(tokens), f"{time.time_ns():x}",
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _pgbench(postgres: EmbeddedPostgres, base: Path, options: argparse.Namespace) -> float:
    script = base / "insert.sql"
    script.write_text(INSERT)
    done = subprocess.run(
        [
            programs.find().path("pgbench"), "--no-vacuum", "--protocol=prepared",
            f"--client={options.connections}", "--jobs=2", f"--time={options.seconds}",
            f"--file={script}", postgres.url,
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


if __name__ == "__main__":
    main()
