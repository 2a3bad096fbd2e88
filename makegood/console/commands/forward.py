"""`makegood forward`: moves the house's clock and lives through what falls due on the way."""

from datetime import datetime, timedelta

import click
from pytimeparse2 import parse

from makegood.console.playing import Player
from makegood.ground import clock, tenancy


class Span(click.ParamType[timedelta]):
    """A length of time as people write it: 30d, 12h, 1w2d."""

    name = "span"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Reads it; refuses nothing, zero and the past."""
        seconds = parse(value)
        if not isinstance(seconds, int | float) or seconds <= 0:
            self.fail(
                f"{value} is no span of time ahead; write it like 30d, 12h or 90m", param, ctx
            )
        return timedelta(seconds=float(seconds))


@click.command()
@click.argument("span", type=Span())
def command(span: timedelta) -> None:
    """Move every clock of the house ahead by SPAN (30d, 12h, 1w) and do what falls due.

    For rehearsals and demos only: the clock cannot be turned back.
    """
    start = clock.now()
    day = start.date()

    def say(now: datetime) -> None:
        nonlocal day
        if now.date() != day:
            day = now.date()
            click.echo(f"\r{day:%A %d %B %Y}   ", nl=False)

    with tenancy.everywhere():
        player = Player(start, say)
        try:
            player.advance(start + span)
        finally:  # also after Ctrl-C: what was done until then has happened
            clock.set_to(player.now)
    click.echo(f"\rIt is {player.now:%A %d %B %Y, %H:%M} UTC; {player.treated} things were done.")
