"""Hands a letter to the mail server, and says what came of it."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from makegood.words.models import Letter

REFUSED_FOR_GOOD = 500


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
    try:
        message_of(letter).send()
    except SMTPException as error:
        return _refusal(error)
    except OSError as error:
        return NotTaken(f"The mail server is out of reach: {error}", for_good=False)
    Letter.objects.filter(pk=letter.pk).update(sent_at=now)
    return Taken(now)


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """The letter as an e-mail: from a named person, who also gets the answer."""
    sender, house = letter.sender, letter.sender.organisation
    customer = one_line(letter.customer.name) if letter.customer else ""
    words = {
        "letter": letter,
        "sender": sender,
        "house": house,
        "url": f"{settings.HOUSE.url}{letter.link}" if letter.link else "",
    }
    from_address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = EmailMultiAlternatives(
        subject=one_line(letter.subject),
        body=render_to_string("words/letter.txt", words),
        from_email=formataddr((one_line(f"{sender.full_name}, {house.name}"), from_address)),
        to=[formataddr((customer, letter.to))],
        reply_to=[formataddr((one_line(sender.full_name), sender.email))],
        headers={"Message-ID": letter.message_id},
    )
    message.attach_alternative(render_to_string("words/letter.html", words), "text/html")
    return message


def one_line(text: str) -> str:
    """The text without line breaks and control characters, as a mail header needs it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _refusal(error: SMTPException) -> NotTaken:
    match error:
        case SMTPAuthenticationError() | SMTPConnectError() | SMTPHeloError():
            code, said = 0, error.smtp_error  # its quarrel is with the house, not with this letter
        case SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
        case SMTPNotSupportedError():
            code, said = REFUSED_FOR_GOOD, str(error)
        case SMTPResponseException():
            code, said = error.smtp_code, error.smtp_error
        case _:
            code, said = 0, str(error)
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return NotTaken(f"The mail server said: {words}", for_good=code >= REFUSED_FOR_GOOD)
