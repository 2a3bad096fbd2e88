"""`makegood audit`: says what lies still."""

import sys

import click
from django.conf import settings

from makegood.ground import clock, tenancy
from makegood.page.proof.auditing import look, silent_lanes
from makegood.people.models import Site


@click.command()
def command() -> None:
    """Look for what ought to have moved by now. Fails if there is anything."""
    with tenancy.everywhere():
        late = look(clock.now())
        named = [one.site_id for one in late if one.site_id]
        sites = Site.objects.select_related("organisation").in_bulk(named)
    for one in late:
        site = sites[one.site_id] if one.site_id else None
        click.echo(f"{site.organisation.name}, {site.name}: {one.words}" if site else one.words)
    silent = silent_lanes(broker=settings.HOUSE.broker is not None)
    for lane in silent:
        click.echo(lane.words)
    if late or silent:
        sys.exit(1)
    click.echo("Everything has its next step and is on time.")
