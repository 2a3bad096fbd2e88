"""`makegood pager`: gives somebody a wrist pager, and says what to type into it."""

import click

from makegood.ground import clock, links, tenancy
from makegood.ground.refusals import Refused
from makegood.page.channels.registry import WRIST
from makegood.page.equipment.equipping import add_device
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
            device = add_device(
                staff=staff,
                channel=WRIST.name,
                name=name,
                address={"name": name},
                now=clock.now(),
            )
        except Refused as refusal:
            raise click.ClickException(refusal.message) from None
    click.echo(f"{staff.first_name} is rung at the topic p/{device.pk.hex} as well.")
    click.echo(f"  user name  pager-{device.pk.hex}")
    click.echo(f"  password   {links.close(links.PAGER, device.pk)}")
