"""Hands a letter to the mail server, and says what came of it."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr

from anymail.message import AnymailMessage
from django.conf import settings
from django.template.loader import render_to_string

from makegood.ground import mailing
from makegood.ground.mailing import header
from makegood.words.models import Letter


@dataclass(frozen=True)
class Taken:
    """The mail server took the letter, at this moment."""

    at: datetime


@dataclass(frozen=True)
class NotTaken:
    """The mail server did not take it: for now, or `for_good`."""

    why: str
    for_good: bool


Outcome = Taken | NotTaken


def hand_over(letter: Letter, now: datetime) -> Outcome:
    """Gives the letter to the mail server, unless it has it already."""
    if letter.sent_at:
        return Taken(letter.sent_at)
    if letter.customer and letter.customer.no_messages_at:
        return NotTaken(f"{letter.customer} asked us not to write any more.", for_good=True)
    answer = mailing.send(message_of(letter), now, key_of(letter))
    if isinstance(answer, mailing.MailRefused):
        return NotTaken(answer.why, answer.for_good)
    Letter.objects.filter(pk=letter.pk).update(sent_at=now)
    return Taken(now)


def key_of(letter: Letter) -> str:
    """What it is called, as it was signed this time, when its provider tells what came of it."""
    return f"{letter.pk}.letter.{signing_of(letter)}"


def signing_of(letter: Letter) -> int:
    """Which signing it is, by the second from which it was to leave; who sends it again signs
    again."""
    return int(letter.send_at.timestamp()) if letter.send_at else 0


def message_of(letter: Letter) -> AnymailMessage:
    """The letter as an e-mail: from a named person, who also gets the answer."""
    sender, house = letter.sender, letter.sender.organisation
    customer = header(letter.customer.name) if letter.customer else ""
    words = {
        "letter": letter,
        "sender": sender,
        "house": house,
        "url": f"{settings.HOUSE.url}{letter.link}" if letter.link else "",
    }
    from_address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = AnymailMessage(
        subject=header(letter.subject),
        body=render_to_string("words/letter.txt", words),
        from_email=formataddr((header(f"{sender.full_name}, {house.name}"), from_address)),
        to=[formataddr((customer, letter.to))],
        reply_to=[formataddr((header(sender.full_name), sender.email))],
        headers={"Message-ID": letter.message_id},
    )
    message.attach_alternative(render_to_string("words/letter.html", words), "text/html")
    return message
