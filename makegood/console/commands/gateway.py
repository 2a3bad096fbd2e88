"""`makegood gateway`: the one process on the public port."""

import click

from makegood.console.asgi import serve


@click.command()
def command() -> None:
    """Serve the public port, without Django; presses are accepted while the web is down."""
    serve("makegood.config.gateway:app")
