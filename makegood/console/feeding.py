"""What the company's own systems tell: JSON lines, each by itself, errors by line and field."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import click
import msgspec

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.people.contacts import EMAIL, LOYALTY, PHONE, ROOM, Contact
from makegood.people.models import Customer, Site
from makegood.people.recognising import recognise

PLACE_IN_LINE = re.compile(r"^(?P<why>.*) - at `\$\.?(?P<field>[^`]*)`$")

Line = TypeVar("Line", bound=msgspec.Struct)


class Guest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a guest is known: any of these, as your systems have them."""

    name: str = ""
    email: str = ""
    phone: str = ""
    loyalty: str = ""
    room: str = ""

    def recognised(self, site: Site, *, field: str, now: datetime) -> Customer:
        """Who this is; somebody new if nobody knew them. Refuses, naming the field.

        A name alone is refused: the same line again would be somebody else.
        """
        given = {EMAIL: self.email, PHONE: self.phone, LOYALTY: self.loyalty, ROOM: self.room}
        if not any(value.strip() for value in given.values()):
            raise Invalid("Say how to find them: email, phone, loyalty or room.", field=field)
        try:
            return recognise(
                organisation_id=site.organisation_id,
                contacts=[Contact(kind, value) for kind, value in given.items() if value.strip()],
                name=self.name,
                site=site,
                by=chronicle.SYSTEM,
                now=now,
            )
        except Invalid as refusal:
            raise Invalid(refusal.message, field=f"{field}.{refusal.field}") from refusal


def take_lines(lines: Iterable[str], kind: type[Line], take: Callable[[Line], str]) -> None:
    """Takes each line by itself and says what became of it; what is wrong keeps none of the others.

    Ends with an error if any line was wrong. Sending all of them again counts nobody twice.
    """
    wrong = 0
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            click.echo(take(read(text, kind)))
        except Refused as refusal:
            wrong += 1
            where = f"line {number}, {refusal.field}" if refusal.field else f"line {number}"
            click.echo(f"{where}: {refusal.message}", err=True)
    if wrong:
        raise click.ClickException(
            f"{wrong} {'line was' if wrong == 1 else 'lines were'} wrong; the others are kept."
        )


def read(text: str, kind: type[Line]) -> Line:
    """One line as what it should be; refuses anything else, naming the field."""
    try:
        return msgspec.convert(json.loads(text), kind)
    except (ValueError, RecursionError) as error:
        if isinstance(error, msgspec.ValidationError):
            raise _invalid(str(error)) from error
        raise Refused(f"This is no JSON object on one line: {error}") from error


def site_called(name: str) -> Site:
    """The site of that name; without one, the only site there is."""
    sites = Site.objects.select_related("organisation").order_by("name")
    found = list(sites.filter(name__iexact=name.strip()) if name.strip() else sites)
    if not found:
        said = f"There is no site called “{name}”." if name else "There is no site yet."
        raise Invalid(said, field="site")
    if len(found) > 1:
        names = ", ".join(f"{site.name} ({site.organisation.name})" for site in found[:5])
        raise Invalid(f"Say which site: {names}.", field="site")
    return found[0]


def moment(text: str, site: Site, *, field: str, now: datetime) -> datetime:
    """A moment as ISO 8601 writes it; without a zone by the clock of the site, empty: now."""
    if not text.strip():
        return now
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("Write it like 2026-11-21T19:30 or 2026-11-21.", field=field) from error
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(site.timezone))


def _invalid(error: str) -> Invalid:
    """`Expected `str`, got `int` - at `$.guests[0].email``, as people say it."""
    found = PLACE_IN_LINE.match(error)
    why, field = (found["why"], found["field"]) if found else (error, "")
    return Invalid(f"{why.replace('Object', 'It')}.", field=field)
