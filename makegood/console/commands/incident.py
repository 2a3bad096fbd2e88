"""`makegood incident`: reports what the company noticed itself, by hand or from its own systems."""

from collections.abc import Iterable
from datetime import datetime

import click
import msgspec
from django.db import transaction

from makegood.console.feeding import Guest, moment, site_called, take_lines
from makegood.console.places import touchpoint_called
from makegood.console.playing import Player
from makegood.ground import clock, tenancy
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import Site
from makegood.sense.models import Touchpoint
from makegood.sense.reporting import Happening, Whom, report_incident

SOURCE = "console"


class Noticed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One incident, as a line says it."""

    what: str
    topic: str
    key: str
    site: str = ""
    source: str = SOURCE
    happened_at: str = ""
    place: str = ""
    guests: list[Guest] = []
    places: list[str] = []


@click.command()
@click.argument("lines", required=False, type=click.File("r"), default=None)
@click.option("--site", default="", help="Its name; needed when there are several.")
@click.option("--what", default="", help="What went wrong, as you would tell the guest.")
@click.option("--topic", default="other", show_default=True, help="What it was about.")
@click.option("--at", "happened_at", default="", help="When, like 2026-11-21T19:30; else now.")
@click.option("--where", "place", default="", help="Where, in a word: Restaurant")
@click.option("--guest", "guests", multiple=True, help="An e-mail address; as often as needed.")
@click.option("--place", "places", multiple=True, help="Where guests without a name were.")
@click.option("--key", default="", help="Your own name for it: the same key counts nobody twice.")
def command(
    lines: Iterable[str] | None, site: str, what: str, topic: str, happened_at: str,
    place: str, guests: tuple[str, ...], places: tuple[str, ...], key: str,
) -> None:  # fmt: skip
    """Open cases for customers who never complained.

    LINES is a file of JSON lines, - for stdin: {"key": "pos-7", "site": "Harbour", "what": "Dinner
    came late.", "topic": "waiting", "happened_at": "2026-11-21T19:30", "guests": [{"email":
    "ana@guest.example"}], "places": ["Table 14"]}. Without LINES the options say one.
    """
    with tenancy.everywhere():
        if lines is not None:
            take_lines(lines, Noticed, lambda one: _report(one, clock.now()))
        else:
            one = Noticed(
                what=what, topic=topic, key=key or f"console-{new_id()}", site=site,
                happened_at=happened_at, place=place, places=list(places),
                guests=[Guest(email=address) for address in guests],
            )  # fmt: skip
            try:
                click.echo(_report(one, clock.now()))
            except Refused as refusal:
                where = f"{refusal.field}: " if refusal.field else ""
                raise click.ClickException(f"{where}{refusal.message}") from None
        Player(clock.now())


@transaction.atomic
def _report(one: Noticed, now: datetime) -> str:
    """A guest of a line that is refused is not kept either."""
    site = site_called(one.site)
    incident = report_incident(
        site=site,
        happening=Happening(
            what=one.what,
            topic=one.topic,
            happened_at=moment(one.happened_at, site, field="happened_at", now=now),
            key=one.key,
            place=one.place,
            source=one.source,
        ),
        whom=_whom(one, site, now),
        now=now,
    )
    return f"{one.key}: {incident.touched.count()} at {site.name} are told."


def _whom(one: Noticed, site: Site, now: datetime) -> list[Whom]:
    guests = [
        Whom(customer=guest.recognised(site, field=f"guests[{number}]", now=now))
        for number, guest in enumerate(one.guests)
    ]
    places = [
        Whom(touchpoint=_touchpoint(name, site, field=f"places[{number}]"))
        for number, name in enumerate(one.places)
    ]
    return [*guests, *places]


def _touchpoint(name: str, site: Site, *, field: str) -> Touchpoint:
    try:
        return touchpoint_called(name, site=site.name)
    except Refused as refusal:
        raise Invalid(refusal.message, field=field) from refusal
