"""`makegood up`: the whole product on one machine."""

import contextlib
import os
from pathlib import Path

import click

from makegood.console.box.box import Box


@click.command()
@click.option("--demo", is_flag=True, help="Bring the Fairline Hotel to life first.")
@click.option("--port", type=int, help="The public port (MAKEGOOD_PORT).")
@click.option("--data", type=click.Path(path_type=Path), help="The data directory (MAKEGOOD_DATA).")
def command(demo: bool, port: int | None, data: Path | None) -> None:
    """Start everything and serve until Ctrl-C."""
    given = {"MAKEGOOD_PORT": str(port) if port else "", "MAKEGOOD_DATA": str(data) if data else ""}
    environ = {**os.environ, **{name: value for name, value in given.items() if value}}
    Box(environ, say=say).serve(demo=demo)


def say(line: str) -> None:
    """Tell whoever started us; that nobody listens any more must not keep us from stopping."""
    with contextlib.suppress(OSError):
        click.echo(line)
