"""Hands one e-mail to the mail server, and says in typed words what it answered."""

from dataclasses import dataclass
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.core.mail import EmailMessage

REFUSED_FOR_GOOD = 500


@dataclass(frozen=True)
class MailRefused:
    """The mail server did not take it, for now or for good; `recipient`: nobody is there."""

    why: str
    for_good: bool
    recipient: bool = False


def send(message: EmailMessage) -> MailRefused | None:
    """Gives the message to the mail server; None: it was taken."""
    try:
        message.send()
    except SMTPException as error:
        return _refusal(error)
    except OSError as error:
        return MailRefused(f"The mail server is out of reach: {error}", for_good=False)
    return None


def header(text: str) -> str:
    """The text without line breaks and control characters, as a mail header needs it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _refusal(error: SMTPException) -> MailRefused:
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
    return MailRefused(
        f"The mail server said: {words}",
        for_good=code >= REFUSED_FOR_GOOD,
        recipient=isinstance(error, SMTPRecipientsRefused),
    )
