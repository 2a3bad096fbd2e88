"""`makegood migrate`: brings the database's tables up to date."""

import click
from django.core.management import call_command


@click.command()
def command() -> None:
    """Apply the migrations that are missing; running it again changes nothing."""
    call_command("migrate", interactive=False, verbosity=1)
