"""`makegood tick`: lets time pass."""

import click

from makegood.config import lanes


@click.command()
def command() -> None:
    """Advance whatever is due, until SIGTERM or Ctrl-C."""
    lanes.run(["tick"])
