"""`makegood settings`: the reference of all settings, written from the code that reads them."""

import click

from makegood.config import env


@click.command()
def command() -> None:
    """Print docs/reference/settings.md."""
    click.echo(env.reference(), nl=False)
