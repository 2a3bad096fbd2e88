"""Rings somebody by e-mail: slow, but nearly everybody has it. See README.md here."""

from datetime import datetime
from email.utils import parseaddr
from typing import Final

from anymail.message import AnymailMessage
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.validators import validate_email

from makegood.ground import mailing
from makegood.ground.refusals import Invalid
from makegood.page.channels.speaking import (
    Address,
    Channel,
    Outcome,
    Passing,
    Permanent,
    Stops,
    Taken,
    Words,
)

PATIENCE: Final = 5  # seconds for each word of the server: all of them within a lease


def carry(words: Words, address: Address, now: datetime) -> Outcome:
    """One short e-mail; a repeat has the same Message-ID. Refused recipients retire the device."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    message = AnymailMessage(
        subject=mailing.header(words.title),
        body=f"{words.body}\n\n{words.url}\n",
        to=[address["to"]],
        connection=get_connection(timeout=PATIENCE),
        headers={
            "Message-ID": f"<{words.key}@{host}>",
            "X-Priority": "1",
            "Auto-Submitted": "auto-generated",
        },
    )
    answer = mailing.send(message, now, words.key)
    if isinstance(answer, mailing.MailTaken):
        return Taken(answer.said)
    if answer.for_good or answer.of_house:  # a person has to mend it: the next device rings
        return Permanent(answer.why, retire=answer.recipient)
    return Passing(answer.why, answer.retry_after)


def read_address(typed: str) -> Address:
    """An e-mail address; refuses what is none."""
    to = typed.strip()
    try:
        validate_email(to)
    except ValidationError as error:
        raise Invalid("Write the whole e-mail address.", field="address") from error
    return {"to": to}


CHANNEL = Channel(
    name="mail",
    title="e-mail",
    way=lambda _: "mail",
    carry=carry,
    read_address=read_address,
    stops=Stops.NOBODY,
)
