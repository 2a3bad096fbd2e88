"""A mail server on loopback, so that letters really leave (a pytest plugin, named in conftest)."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Postbox:
    """A real SMTP server: keeps what it takes, and answers what it is told to answer."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.refuses_recipients_with = ""
        self.lets_nobody_in_with = ""
        self.after_taking: Callable[[], None] = lambda: None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.open()

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [self.lets_nobody_in_with] if self.lets_nobody_in_with else responses

    async def handle_HELO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str
    ) -> str:
        session.host_name = hostname
        return self.lets_nobody_in_with or "250 here"

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


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    """The mail server all letters of this test go to."""
    box = Postbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Makegood <letters@fairline.example>"
    yield box
    box.close()
