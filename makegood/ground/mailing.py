"""Hands one e-mail to the mail server or provider, and says in typed words what it answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any, Final

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage

from makegood.ground.http_refusals import passes, pause_asked_for

KEY: Final = "makegood"
REFUSED_FOR_GOOD: Final = 500
OVER_THEIR_LIMIT: Final = 420  # SparkPost's word for 429
WITH_THE_HOUSE: Final = (401, 402, 403, 404)  # the key, the bill, the sender, the domain
FAILURES: Final = (AnymailError, SMTPException, OSError)  # what sending a mail may raise
TAKEN: Final = {"sent", "queued"}
WORDS: Final = ("message", "errormessage", "description")  # where providers say why
LONGEST_WORDS: Final = 200


@dataclass(frozen=True)
class MailTaken:
    """It was taken; `said`: the provider's word and id, "" where a mail server took it."""

    said: str = ""


@dataclass(frozen=True)
class MailRefused:
    """It was not taken, for now or for good.

    recipient: nobody is there. of_house: the quarrel is with the house, not with this letter:
    another would not be taken either until a person has mended it. retry_after: not before that.
    """

    why: str
    for_good: bool
    recipient: bool = False
    of_house: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class MailNews:
    """What a provider tells of a mail later: it lies in the mailbox, or, with its words, it came
    back. nobody_there: nothing will ever arrive at that address."""

    arrived: bool
    said: str = ""
    nobody_there: bool = False


def send(message: AnymailMessage, now: datetime, key: str) -> MailTaken | MailRefused:
    """Gives the message to the mail server or provider, who names it by `key` when it tells later
    what came of it."""
    message.metadata = {KEY: key}
    try:
        message.send()
    except AnymailError as error:  # before OSError, which some of them are too
        return _refused_by_provider(error, now)
    except SMTPException as error:
        return _refused_by_server(error)
    except OSError as error:
        return MailRefused(f"The mail server is out of reach: {error}", for_good=False)
    return _taken_by(message)


def header(text: str) -> str:
    """The text without line breaks and control characters, as a mail header needs it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _taken_by(message: AnymailMessage) -> MailTaken | MailRefused:
    status = message.anymail_status
    if status.status is None:  # a mail server has it: only providers say how
        return MailTaken()
    said = f"{' '.join(sorted(status.status))}: {status.message_id}"
    if status.status & TAKEN:
        return MailTaken(said)
    return MailRefused(f"{said} {_words_of(status.esp_response)}", for_good=True)


def _refused_by_server(error: SMTPException) -> MailRefused:
    of_house = isinstance(error, SMTPAuthenticationError | SMTPConnectError | SMTPHeloError)
    code: int
    said: bytes | str
    match error:
        case SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
        case SMTPNotSupportedError():
            code, said = REFUSED_FOR_GOOD, str(error)
        case SMTPResponseException():
            code, said = error.smtp_code, error.smtp_error
        case _:
            code, said = 0, str(error)
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return MailRefused(
        f"The mail server said: {words}",
        for_good=code >= REFUSED_FOR_GOOD and not of_house,
        recipient=isinstance(error, SMTPRecipientsRefused),
        of_house=code >= REFUSED_FOR_GOOD and of_house,
    )


def _refused_by_provider(error: AnymailError, now: datetime) -> MailRefused:
    code = error.status_code or 0
    who = error.esp_name or "The mail provider"
    if isinstance(error, AnymailRecipientsRefused):
        words = _words_of(error.response)
        return MailRefused(f"{who} said: {words}", for_good=True, recipient=True)
    if not isinstance(error, AnymailAPIError):
        return MailRefused(f"{who} cannot send this: {error.args[0]}", for_good=True)
    if not code:
        return MailRefused(f"The mail provider is out of reach: {_cause(error)}", for_good=False)
    waits = passes(code) or code == OVER_THEIR_LIMIT or 200 <= code < 300
    of_house = code in WITH_THE_HOUSE
    return MailRefused(
        f"{who} said: {code} {_words_of(error.response)}",
        for_good=not (waits or of_house),
        of_house=of_house,
        retry_after=pause_asked_for(error.response.headers.get("retry-after", ""), now),
    )


def _cause(error: AnymailError) -> str:
    return type(error.__cause__ or error).__name__


def _words_of(response: Any) -> str:
    """Why, in the provider's words: what its JSON names so, else the beginning of its answer."""
    try:
        named = " ".join(_sentences(response.json()))
    except ValueError:
        named = ""
    return " ".join((named or response.text).split())[:LONGEST_WORDS]


def _sentences(answer: Any) -> Iterator[str]:
    if isinstance(answer, list):
        for one in answer:
            yield from _sentences(one)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, str) and name.lower() in WORDS:
                yield value
            elif isinstance(value, dict | list):
                yield from _sentences(value)
