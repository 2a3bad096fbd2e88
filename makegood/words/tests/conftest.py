"""A mail server on loopback, and Bo's letter to Ana."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from makegood.ground.ids import new_id
from makegood.people.models import Customer, Staff
from makegood.words.models import Letter
from makegood.words.writing import draft_letter

BODY = """Dear Ana,

Your dinner came cold and nobody came by. That was our doing, and I am sorry."""


class Postbox:
    """A real SMTP server: keeps what it takes, and answers what it is told to answer."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.refuses_recipients_with = ""
        self.after_taking: Callable[[], None] = lambda: None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.open()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses_recipients_with:
            return self.refuses_recipients_with
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        self.taken.append(message_from_bytes(envelope.content or b"", policy=modern))  # type: ignore[arg-type]
        self.after_taking()
        return "250 taken"

    def close(self) -> None:
        with contextlib.suppress(AssertionError):  # it was closed before
            self.server.stop()

    def open(self) -> None:
        self.server = Controller(self, hostname="127.0.0.1", port=self.port)
        self.server.start()


@pytest.fixture(autouse=True)
def alone(silence: None) -> None:
    """This room is tested without the others."""


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    box = Postbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Makegood <letters@fairline.example>"
    yield box
    box.close()


@pytest.fixture
def matter() -> UUID:
    """What the letters are about; opaque to this room."""
    return new_id()


@pytest.fixture
def letter(ana: Customer, bo: Staff, matter: UUID, now: datetime) -> Letter:
    """Bo's draft to Ana."""
    return draft_letter(
        about=matter,
        customer=ana,
        sender=bo,
        kind=Letter.Kind.APOLOGY,
        subject="About your dinner",
        body=BODY,
        link="/m/a-token",
        now=now,
    )
