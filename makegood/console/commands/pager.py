"""`makegood pager`: gives somebody a wrist pager, and says what to type into it."""

import click

from makegood.ground import clock, tenancy
from makegood.ground.refusals import Refused
from makegood.page.access import password_of
from makegood.page.channels.registry import WRIST
from makegood.page.equipment.equipping import add_device
from makegood.page.models import Device
from makegood.people.models import Staff


@click.command()
@click.argument("email")
@click.option("--name", default="wrist pager", help="What they call it; one of each name.")
def command(email: str, name: str) -> None:
    """Give EMAIL a wrist pager, and say what to type into it."""
    with tenancy.everywhere():
        staff = Staff.objects.filter(email=email.lower(), is_active=True).first()
        if staff is None:
            raise click.ClickException(f"Nobody who works here signs in as {email}.")
        try:
            device = _of_that_name(staff, name) or add_device(
                staff=staff, channel=WRIST.name, name=name, address={}, now=clock.now()
            )
        except Refused as refusal:
            raise click.ClickException(refusal.message) from None
    click.echo(f"{staff.first_name} is rung at the topic p/{device.pk.hex} as well.")
    click.echo(f"  user name  pager-{device.pk.hex}")
    click.echo(f"  password   {password_of(device)}")


def _of_that_name(staff: Staff, name: str) -> Device | None:
    return Device.objects.in_use().filter(staff=staff, channel=WRIST.name, name=name).first()
