"""`makegood reference`: the pages of docs/reference, written from the code they describe."""

from collections.abc import Callable, Mapping

import click

from makegood.config import env
from makegood.console.command import makegood
from makegood.console.reference import commands, facts, policy
from makegood.recover.policy import schema

PAGES: Mapping[str, Callable[[], str]] = {
    "settings": env.reference,
    "commands": lambda: commands.page(makegood),
    "facts": facts.page,
    "policy": policy.page,
    "policy-schema": schema.as_json,
}


@click.command()
@click.argument("name", type=click.Choice(list(PAGES)))
def command(name: str) -> None:
    """Print docs/reference/NAME.md, or policy.schema.json."""
    click.echo(PAGES[name](), nl=False)
