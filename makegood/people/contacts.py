"""Contact points as people write them, and as we keep and compare them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import phonenumbers
from babel.core import get_global
from email_validator import EmailNotValidError, validate_email

from makegood.ground.refusals import Invalid
from makegood.people.plain_text import one_line

EMAIL: Final = "email"
PHONE: Final = "phone"
LOYALTY: Final = "loyalty"
ROOM: Final = "room"

LONGEST: Final = 254


@dataclass(frozen=True)
class Contact:
    """One contact point; `valid_until` ends it (a room with the stay)."""

    kind: str
    value: str
    valid_until: datetime | None = None


def normalise(contact: Contact, *, region: str | None, site_id: UUID | None) -> Contact:
    """The same contact point in the one form we compare; refuses what cannot be one."""
    if contact.kind == EMAIL:
        value = normal_email(contact.value)
    elif contact.kind == PHONE:
        value = normal_phone(contact.value, region=region)
    elif contact.kind == LOYALTY:
        value = _code(contact.value, field=LOYALTY)
    elif contact.kind == ROOM:
        value = _room(contact.value, site_id)
    else:
        raise Invalid("We do not know this kind of contact point.", field="contact")
    return Contact(contact.kind, value, contact.valid_until)


def read_contact(text: str, *, region: str | None) -> Contact:
    """An e-mail address or a phone number out of one free field; refuses anything else."""
    if "@" in text:
        return Contact(EMAIL, normal_email(text, field="contact"))
    number = _dialled(text, region)
    if number is None:
        raise Invalid(
            "Please give an e-mail address or a phone number; one from abroad starts with +.",
            field="contact",
        )
    return Contact(PHONE, number)


def normal_email(text: str, *, field: str = "email") -> str:
    """The address in lower case; refuses what no mail can reach. Asks no name server."""
    wrong = Invalid("Please check the e-mail address, it looks incomplete.", field=field)
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False
        ).normalized.lower()
    except EmailNotValidError as error:
        raise wrong from error
    if "." not in found.rpartition("@")[2]:
        raise wrong
    return found


def normal_phone(text: str, *, region: str | None, field: str = "phone") -> str:
    """The number as +34600000000, read as somebody in `region` (ES) would dial it."""
    number = _dialled(text, region)
    if number is None:
        raise Invalid("Please check the phone number; one from abroad starts with +.", field=field)
    return number


def region_of(timezone: str) -> str | None:
    """The country a time zone lies in, as phone numbers name it: Europe/Madrid is ES."""
    region: str | None = get_global("zone_territories").get(timezone)
    return region if region and region.isalpha() else None


def _dialled(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _room(value: str, site_id: UUID | None) -> str:
    if site_id is None:
        raise Invalid("A room number needs the site it is at.", field=ROOM)
    return f"{site_id}/{_code(value, field=ROOM)}"


def _code(value: str, *, field: str) -> str:
    return one_line(value, field=field, longest=60, required=True).replace(" ", "").upper()
