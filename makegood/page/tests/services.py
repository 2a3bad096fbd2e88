"""A service on loopback that speaks HTTP as Gotify does, and refuses as it is told."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.loopback import Service, served

TOKEN = "Abcdefghijklmno"


class Gotify(Service):
    """Takes messages at `url`; `answers` are the HTTP codes of the next ones, then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Messages)
        self.taken: list[dict[str, Any]] = []
        self.answers: list[int] = []
        self.waits_for: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"gotify://127.0.0.1:{self.server_port}/{TOKEN}"


class _Messages(BaseHTTPRequestHandler):
    server: Gotify

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.waits_for:
            self.server.waits_for.wait(timeout=5)
        code = self.server.answers.pop(0) if self.server.answers else 200
        if code == 200:
            self.server.taken.append(message | {"token": self.headers.get("X-Gotify-Key")})
        answer = b'{"id": 7}' if code == 200 else b'{"error": "no"}'
        self.send_response(code)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def _gotify() -> Iterator[Gotify]:
    with served(Gotify()) as server:
        yield server


@pytest.fixture
def gotify(_gotify: Gotify) -> Gotify:
    """The service, empty and willing."""
    _gotify.taken, _gotify.answers, _gotify.waits_for = [], [], None
    return _gotify
