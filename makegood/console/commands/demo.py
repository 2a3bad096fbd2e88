"""`makegood demo`: brings the Fairline Hotel to life."""

import contextlib
import time
from datetime import datetime

import click
from django.conf import settings

from makegood.console.demo.house import MAIL, PASSWORD
from makegood.console.demo.playing import play
from makegood.console.places import touchpoint_called
from makegood.ground import tenancy
from makegood.ground.refusals import Refused
from makegood.people.access import any_organisation
from makegood.people.models import Staff
from makegood.recover.models import Case
from makegood.sense.access import button_path

PEOPLE = (("bo", "on duty"), ("cy", "manager"), ("di", "owner"))


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing if an organisation exists already.")
def command(if_empty: bool) -> None:
    """Play eight months of a hotel in seconds, through the real code, until this evening."""
    with tenancy.everywhere():
        if not any_organisation():
            _play()
        elif not if_empty:
            raise click.ClickException(
                "There is a house here already. The demo needs an empty database: give it a data "
                "directory of its own, as in MAKEGOOD_DATA=var/demo makegood up --demo"
            )
        if _is_ours():
            _invite()


def _play() -> None:
    began = time.monotonic()
    month = ""

    def say(now: datetime) -> None:
        nonlocal month
        if f"{now:%B %Y}" != month:
            month = f"{now:%B %Y}"
            click.echo(f"  The Fairline Hotel lives through {month} ...")

    play(say)
    closed = Case.objects.count() - Case.objects.open().count()
    click.echo(
        f"  {Case.objects.count()} customers were failed, {closed} cases have ended; "
        f"played in {time.monotonic() - began:.0f} s"
    )


def _is_ours() -> bool:
    owner = Staff.objects.filter(email=f"di@{MAIL}").first()
    return owner is not None and owner.check_password(PASSWORD)


def _invite() -> None:
    click.echo(f"\n  Sign in at {settings.HOUSE.url}/ with the password {PASSWORD}:")
    for name, role in PEOPLE:
        click.echo(f"    {name}@{MAIL:<24} {role}")
    with contextlib.suppress(Refused):  # somebody took the button away
        path = button_path(touchpoint_called("Table 14"))
        click.echo(f"  The button of table 14: {settings.HOUSE.url}{path}\n")
