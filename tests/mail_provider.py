"""A mail provider on loopback, so that mail really leaves over HTTP (a pytest plugin).

It speaks the API of each provider we know: its address, its key, its shape of a mail and of a yes.
`answers` are the refusals of the next mails.
"""

import json
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

import pytest

from makegood.config.mail_address import MailProvider
from tests.loopback import Service, served

KEY = "its-key-7"
ID = "0a129aee-e1cd-480d-b08d-4f48548ff48d"


@dataclass(frozen=True)
class Mail:
    """A mail as the provider understood it."""

    to: str
    subject: str
    text: str
    message_id: str
    metadata: dict[str, str]


@dataclass(frozen=True)
class Refusal:
    """A code, what is said beside, and headers."""

    code: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Api:
    """One provider's API: where it is, how a key is shown, what a mail looks like, what yes is."""

    path: str
    key: Callable[[Any], str]
    read: Callable[[str], Mail]
    yes: Any
    root: str = ""


def _postmark(body: str) -> Mail:
    said = json.loads(body)
    headers = {one["Name"]: one["Value"] for one in said.get("Headers", [])}
    return Mail(
        said["To"], said["Subject"], said["TextBody"], headers.get("Message-ID", ""),
        said.get("Metadata", {}),
    )  # fmt: skip


def _mailgun(body: str) -> Mail:
    said = {name: values[0] for name, values in parse_qs(body).items()}
    theirs = {name[2:]: value for name, value in said.items() if name.startswith("v:")}
    return Mail(said["to"], said["subject"], said["text"], said.get("h:Message-Id", ""), theirs)


def _brevo(body: str) -> Mail:
    said = json.loads(body)
    theirs = json.loads(said["headers"].get("X-Mailin-custom", "{}"))
    to, headers = said["to"][0]["email"], said["headers"]
    return Mail(to, said["subject"], said["textContent"], headers.get("Message-ID", ""), theirs)


def _resend(body: str) -> Mail:
    said = json.loads(body)
    theirs = json.loads(said["headers"].get("X-Metadata", "{}"))
    headers = said["headers"]
    return Mail(said["to"][0], said["subject"], said["text"], headers.get("Message-ID", ""), theirs)


def _sparkpost(body: str) -> Mail:
    said = json.loads(body)
    content, to = said["content"], said["recipients"][0]["address"]["email"]
    message_id = content.get("headers", {}).get("Message-ID", "")
    return Mail(to, content["subject"], content["text"], message_id, said.get("metadata", {}))


def _basic(headers: Any) -> str:
    user, _, password = b64decode(headers["authorization"].split()[1]).decode().partition(":")
    return password if user == "api" else ""


def _bearer(headers: Any) -> str:
    return str(headers["authorization"]).removeprefix("Bearer ")


APIS = {
    "brevo": Api("/smtp/email", lambda headers: headers["api-key"], _brevo, {"messageId": ID}),
    "mailgun": Api(
        "/v3/fairline.example/messages", _basic, _mailgun,
        {"id": ID, "message": "Queued. Thank you."}, root="/v3",
    ),
    "postmark": Api(
        "/email", lambda headers: headers["x-postmark-server-token"], _postmark,
        {"ErrorCode": 0, "Message": "OK", "MessageID": ID, "To": "bo@home.example"},
    ),
    "resend": Api("/emails", _bearer, _resend, {"id": ID}),
    "sparkpost": Api(
        "/transmissions/", lambda headers: headers["authorization"], _sparkpost,
        {"results": {"id": ID, "total_accepted_recipients": 1, "total_rejected_recipients": 0}},
    ),
}  # fmt: skip


class MailService(Service):
    """The stand-in for all of them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mails)
        self.forget()

    def forget(self) -> None:
        """Nothing came, and everything is taken."""
        self.taken: list[Mail] = []
        self.answers: list[Refusal] = []
        self.waits_for: threading.Event | None = None

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{APIS[name].root}"

    def take(self, path: str, headers: Any, body: str) -> Refusal:
        """The answer of the provider that has this address."""
        api = next((api for api in APIS.values() if api.path == path), None)
        if api is None:
            return Refusal(404)
        if api.key(headers) != KEY:
            return Refusal(401, {"message": "Unknown key"})
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(api.read(body))
        return Refusal(200, api.yes)


class _Mails(BaseHTTPRequestHandler):
    server: MailService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.waits_for:
            self.server.waits_for.wait(timeout=5)
        answer = self.server.take(self.path, self.headers, body)
        said = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def _mail_service() -> Iterator[MailService]:
    with served(MailService()) as server:
        yield server


@pytest.fixture
def mail_through(_mail_service: MailService, settings: Any) -> Callable[..., MailService]:
    """Lets all mail of this test leave through a provider, named; the house shows it `key`."""

    def through(name: str, key: str = KEY) -> MailService:
        _mail_service.forget()
        provider = MailProvider(name, key, _mail_service.url(name))
        settings.EMAIL_BACKEND = provider.backend
        settings.ANYMAIL = provider.anymail
        settings.DEFAULT_FROM_EMAIL = "Makegood <letters@fairline.example>"
        return _mail_service

    return through


@pytest.fixture
def postmark(mail_through: Callable[..., MailService]) -> MailService:
    """Postmark takes all mail of this test."""
    return mail_through("postmark")
