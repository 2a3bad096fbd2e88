"""`makegood intake`: a process that serves presses and nothing else."""

import click

from makegood.console.asgi import serve


@click.command()
def command() -> None:
    """Serve presses and nothing else, without Django."""
    serve("makegood.config.intake:app")
