"""`makegood manage`: Django's own commands, for those who work on the code."""

import click
from django.core.management import execute_from_command_line


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Pass the arguments to Django, as in `makegood manage makemigrations`."""
    execute_from_command_line(["makegood manage", *arguments])
