"""`makegood tick`: lets time pass."""

import click

from makegood.config import lanes
from makegood.ground import clock, tenancy
from makegood.ground.lanes import treat_lane_once


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, say how much it was, and stop.")
def command(once: bool) -> None:
    """Advance whatever is due, until SIGTERM or Ctrl-C."""
    if not once:
        lanes.run(["tick"])
        return
    total = 0
    with tenancy.everywhere():
        while took := treat_lane_once(lanes.LANES["tick"], now=clock.now()):
            total += took
    click.echo(f"{total} due things were done.")
