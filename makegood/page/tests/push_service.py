"""A push service on loopback, and the browsers behind it, speaking the real protocol.

It takes what RFC 8030 says, checks who sends by RFC 8292, and opens what was sealed by RFC 8291
with the key of the browser it is for. `answers` are the codes of the next pushes.
"""

import base64
import json
import os
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as house_settings

from tests.loopback import Service, served

MOST = 4096
A_DAY = 24 * 3600
CURVE = ec.SECP256R1()


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    encoding, shape = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(encoding, shape)


@dataclass
class Browser:
    """One browser that subscribed: it alone can open what is pushed to it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` says."""
        keys = {"p256dh": b64(_raw(self.key.public_key())), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def address(self) -> dict[str, str]:
        """As rows keep it."""
        return {"endpoint": self.endpoint, **self.subscription["keys"]}

    def open(self, body: bytes) -> bytes:
        """RFC 8291, 3.4, as the receiver; raises InvalidTag for what is not for it."""
        salt, (_, length) = body[:16], struct.unpack("!IB", body[16:21])
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + _raw(self.key.public_key()) + sender
        secret = _derive(shared, self.auth, info, 32)
        key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None)
        plain, delimiter, padding = padded.rpartition(b"\x02")
        assert delimiter
        assert not padding.strip(b"\0")
        return plain


@dataclass
class Push:
    """What arrived, opened."""

    endpoint: str
    headers: dict[str, str]
    claims: dict[str, Any]
    said: dict[str, Any]
    length: int


class PushService(Service):
    """The service; `url` is its origin."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pushes)
        self.browsers: dict[str, Browser] = {}
        self.forget()

    def forget(self) -> None:
        """Nobody subscribed, nothing arrived, and everything is taken."""
        self.browsers.clear()
        self.pushes: list[Push] = []
        self.answers: list[int] = []
        self.extra: dict[str, str] = {}
        self.most = MOST
        self.refused: list[str] = []
        self.waits_for: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def subscribe(self) -> Browser:
        """One more browser."""
        browser = Browser(f"{self.url}/push/{b64(os.urandom(12))}")
        self.browsers[browser.endpoint] = browser
        return browser

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The code of the answer, after all the checks a real service makes."""
        if self.answers:
            return self.answers.pop(0)
        browser = self.browsers.get(self.url + path)
        if browser is None:
            return 410
        if len(body) > self.most:
            return 413
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdigit():
            return 400
        try:
            claims = self._claims(headers.get("authorization", ""))
            said = json.loads(browser.open(body))
        except (AssertionError, KeyError, ValueError, InvalidSignature, InvalidTag) as error:
            self.refused.append(repr(error))
            return 403
        self.pushes.append(Push(browser.endpoint, headers, claims, said, len(body)))
        return 201

    def _claims(self, authorization: str) -> dict[str, Any]:
        scheme, _, rest = authorization.partition(" ")
        assert scheme == "vapid", "scheme"
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        head, claims, signature = parts["t"].split(".")
        assert json.loads(unb64(head))["alg"] == "ES256", "alg"
        raw = unb64(signature)
        numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(parts["k"]))
        signed = utils.encode_dss_signature(*numbers)
        key.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        said: dict[str, Any] = json.loads(unb64(claims))
        assert said["aud"] == self.url, "aud"
        assert said["sub"].startswith(("mailto:", "https://")), "sub"
        return said | {"k": parts["k"]}


class _Pushes(BaseHTTPRequestHandler):
    server: PushService
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.waits_for:
            self.server.waits_for.wait(timeout=5)
        headers = {name.lower(): value for name, value in self.headers.items()}
        code = self.server.take(self.path, headers, body)
        self.send_response(code)
        for name, value in self.server.extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def is_in_force(claims: dict[str, Any], at: float | None = None) -> bool:
    """Whether a token has not expired, nor lasts longer than services take."""
    moment = time.time() if at is None else at
    return bool(moment < claims["exp"] < moment + A_DAY)


@pytest.fixture(scope="session")
def _push_service() -> Iterator[PushService]:
    with served(PushService()) as server:
        yield server


@pytest.fixture
def push_service(_push_service: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    """The service, empty and willing; the house knows it."""
    _push_service.forget()
    house = msgspec.structs.replace(house_settings.HOUSE, push_services=_push_service.url)
    monkeypatch.setattr(house_settings, "HOUSE", house)
    return _push_service
