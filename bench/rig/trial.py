"""One crowd pressing at one server: what it went through, and who worked for it."""

import argparse
import subprocess
import sys
from pathlib import Path

import msgspec
import psutil
import psycopg

from bench.rig import box, usage
from bench.rig.crowd import House, Plan, Pressed
from bench.rig.usage import Roots, Usage
from makegood.console.box.postgres import EmbeddedPostgres

FLOOR = "create table bench_floor (id bigserial primary key, place text, body text)"
FOUND = "import django; django.setup(); from bench.rig.founding import main; main()"
LANES = 4  # urgent, ordinary, carrying, tick
LANES_LISTENING = "select count(*) from pg_stat_activity where query = 'listen makegood_lane'"


class Run(msgspec.Struct, frozen=True):
    """What a crowd went through after the warm-up, and who worked for it."""

    pressed: list[Pressed]
    usage: Usage

    @property
    def rang_after(self) -> list[float]:
        """Seconds from press to a screen, of those that arrived."""
        return [press.rang_after for press in self.pressed if press.rang_after is not None]

    @property
    def felt_after(self) -> list[float]:
        """Seconds from press to a wrist, of those that arrived."""
        return [press.felt_after for press in self.pressed if press.felt_after is not None]

    @property
    def answered_after(self) -> list[float]:
        """Seconds from press to the customer's answer."""
        return [one.answered_after for one in self.pressed if one.answered_after is not None]

    @property
    def lost(self) -> list[Pressed]:
        """Presses that nobody's pager rang for."""
        return [press for press in self.pressed if not press.arrived]

    @property
    def refused(self) -> list[Pressed]:
        """Presses that were not taken."""
        return [press for press in self.pressed if press.status != 202]


def found(
    postgres: EmbeddedPostgres, base: Path, options: argparse.Namespace, *, wrists: int = 0
) -> House:
    """Founds a house with tables enough for the whole plan."""
    environ = box.environment(
        base, DATABASE_URL=postgres.url, DJANGO_SETTINGS_MODULE="makegood.config.settings"
    )
    box.migrate(environ)
    presses = 1.2 * options.rate * (options.seconds + options.warm_up)
    people, tables = -(-options.pagers // options.sites), int(-(-presses // options.sites))
    given = map(str, (options.sites, people, tables, wrists))
    house = msgspec.json.decode(box.run(FOUND, *given, environ=environ), type=House)
    print(
        f"a house of {options.sites} sites with {len(house.pagers)} people on duty and "
        f"{len(house.tables)} tables; {options.rate:g} presses/s for {options.seconds:g} s",
        flush=True,
    )
    return House(house.pagers[: options.pagers], house.tables, house.wrists)


def wait_for_lanes(postgres: EmbeddedPostgres) -> None:
    """Until every lane of the box's worker listens."""
    box.wait_until(lambda: _count(postgres, LANES_LISTENING) == LANES)


def plan(port: int, house: House, options: argparse.Namespace, *, mqtt_port: int = 0) -> Plan:
    """The plan the options ask for."""
    return Plan(
        port=port,
        house=house,
        per_second=options.rate,
        seconds=options.seconds,
        warm_up=options.warm_up,
        mqtt_port=mqtt_port,
    )


def let_press(plan: Plan, base: Path, roots: Roots) -> Run:
    """Lets a crowd, in a process of its own, carry out the plan."""
    file = base / "plan.json"
    file.write_bytes(msgspec.json.encode(plan))
    with usage.measured(roots) as used:
        said = subprocess.run(
            [sys.executable, "-m", "bench.rig.crowd", str(file)],
            cwd=box.ROOT, check=True, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip
    pressed = msgspec.json.decode(said, type=list[Pressed])
    return Run([press for press in pressed if press.measured], used)


def server(postgres: EmbeddedPostgres) -> psutil.Process:
    """PostgreSQL's own process."""
    assert postgres.process is not None
    return psutil.Process(postgres.process.pid)


def _count(postgres: EmbeddedPostgres, query: str) -> int:
    with psycopg.connect(postgres.url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
