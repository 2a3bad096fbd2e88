"""`makegood live`: a process that serves the live streams of pagers and pages."""

import click

from makegood.console.asgi import serve


@click.command()
def command() -> None:
    """Serve the live streams of pagers and pages, without Django."""
    serve("makegood.config.live:app")
