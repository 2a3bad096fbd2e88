"""`bin/bench page`: from the customer's press to a screen and to a wrist, in a large house.

Founds a house of many sites with people on duty; some wear a wrist pager besides their screen. One
crowd presses twice: at a bare floor (one durable insert, then Mosquitto, published and subscribed
to with QoS 1), then at the box as `makegood up` starts it, with its own listener for devices.
"""

import argparse
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg

from bench.rig import box, trial, usage
from bench.rig.box import Box
from bench.rig.crowd import House, Table
from bench.rig.figures import at, table
from bench.rig.trial import Run
from bench.rig.wrist import Wrist
from makegood.console.box.postgres import EmbeddedPostgres

AIM = 5.0
BROKER = """
listener {port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
persistence false
log_type error
"""


def main() -> None:
    """Measures both, and says how far they are apart."""
    options = _options()
    print(usage.machine(), flush=True)
    with box.workplace() as base, EmbeddedPostgres(base / "postgres") as postgres:
        house = trial.found(postgres, base, options, wrists=options.wrists)
        print(f"{len(house.wrists)} of them wear a wrist pager", flush=True)
        floor = _at_floor(postgres, house, base, options)
        product = _at_product(postgres, house, base, options)
        _report(floor, product)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench page", description=__doc__)
    parser.add_argument("--pagers", type=int, default=5000)
    parser.add_argument("--wrists", type=int, default=1000)
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--rate", type=float, default=50, help="presses a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=5)
    return parser.parse_args()


def _at_floor(
    postgres: EmbeddedPostgres, house: House, base: Path, options: argparse.Namespace
) -> Run:
    with psycopg.connect(postgres.url) as connection:
        connection.execute(trial.FLOOR)
    wrists = len(house.wrists)
    bare = House(
        [],
        [
            Table(one.place, f"/press/{number % wrists}/{one.place.replace(' ', '%20')}")
            for number, one in enumerate(house.tables)
        ],
        [Wrist(f"wrist-{number}", "unused", f"p/{number}") for number in range(wrists)],
    )
    with _broker(base) as (broker, mqtt_port):
        port = box.free_port()
        process = psutil.Popen(
            [sys.executable, "-m", "bench.rig.floor", str(port), str(mqtt_port)],
            env=box.environment(base, DATABASE_URL=postgres.url), cwd=box.ROOT,
        )  # fmt: skip
        try:
            box.wait_until(lambda: box.is_open(port))
            roots = {"floor": process, "mosquitto": broker, "postgres": trial.server(postgres)}
            return trial.let_press(
                trial.plan(port, bare, options, mqtt_port=mqtt_port), base, roots
            )
        finally:
            process.terminate()
            process.wait(10)


def _at_product(
    postgres: EmbeddedPostgres, house: House, base: Path, options: argparse.Namespace
) -> Run:
    mqtt_port = box.free_port()
    with Box(
        base / "box",
        DATABASE_URL=postgres.url,
        MAKEGOOD_MQTT_PORT=str(mqtt_port),
        MAKEGOOD_MQTT_HOST="127.0.0.1",
    ) as product:
        trial.wait_for_lanes(postgres)
        roots = product.roots() | {"postgres": trial.server(postgres)}
        plan = trial.plan(product.port, house, options, mqtt_port=mqtt_port)
        return trial.let_press(plan, base, roots)


@contextlib.contextmanager
def _broker(base: Path) -> Iterator[tuple[psutil.Popen, int]]:
    port, settings = box.free_port(), base / "mosquitto.conf"
    settings.write_text(BROKER.format(port=port))
    process = psutil.Popen(
        [box.program("mosquitto"), "-c", str(settings)], stderr=subprocess.DEVNULL
    )
    try:
        box.wait_until(lambda: box.is_open(port))
        yield process, port
    finally:
        process.terminate()
        process.wait(10)


def _report(floor: Run, product: Run) -> None:
    print(
        f"\n{len(product.pressed)} presses measured: {len(product.refused)} refused, "
        f"{len(product.lost)} not heard; {len(product.felt_after)} rang on a wrist too\n"
    )
    rows = {
        "product, on a screen": product.rang_after,
        "product, on a wrist": product.felt_after,
        "floor: an insert, then Mosquitto": floor.felt_after,
    }
    print(table("press to pager, ms", rows))
    for name in ("product, on a screen", "product, on a wrist"):
        p50, p99 = (at(share, rows[name]) / at(share, floor.felt_after) for share in (0.50, 0.99))
        verdict = "met" if p99 < AIM and not product.lost else "missed"
        print(
            f"{name}: {p50:.1f} times the floor at p50, {p99:.1f} at p99 (aim {AIM:g}: {verdict})"
        )
    for name, run in (("product", product), ("floor", floor)):
        parts = [f"{part} {run.usage.of_one_core(part):.0f} %" for part in run.usage.by_name]
        print(f"{name}, of one core: {', '.join(parts)}; others {run.usage.others:.0f} %")


if __name__ == "__main__":
    main()
