"""`makegood migrate`: brings the database's tables up to date."""

import click
from django.core.management import call_command
from django.db import OperationalError

from makegood.console.box.failures import BoxFailed
from makegood.ground import tenancy


@click.command()
def command() -> None:
    """Apply the migrations that are missing; running it again changes nothing."""
    try:
        if not tenancy.binds_us():
            raise BoxFailed(
                "DATABASE_URL signs in as a role that steps over row-level security, so one "
                "organisation could see another's rows. Use a role made with: "
                "create role makegood login nosuperuser nobypassrls createdb password '…'"
            )
        call_command("migrate", interactive=False, verbosity=1)
    except OperationalError as error:
        raise BoxFailed(f"DATABASE_URL leads to no usable database: {error}") from None
