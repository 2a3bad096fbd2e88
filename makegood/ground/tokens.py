"""Sealed tokens for links: a purpose, an id and a version under a MAC. Pure code, no database.

40 characters: base64url(id[16] | version[2] | HMAC-SHA256(key(purpose), id | version)[:12]).
96 bits of MAC put guessing out of reach; a raised version makes every older link stale.
"""

import base64
import hmac
from dataclasses import dataclass
from uuid import UUID

MAC_BYTES = 12
BODY_BYTES = 18


class TokenInvalid(ValueError):
    """The token was not sealed by this house for this purpose."""


@dataclass(frozen=True)
class Sealed:
    """What a valid token says."""

    id: UUID
    version: int


class Seal:
    """Makes and checks tokens under one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._keys: dict[str, bytes] = {}

    def close(self, purpose: str, id: UUID, version: int = 0) -> str:
        """The token for `id`, good for `purpose` only."""
        body = id.bytes + version.to_bytes(2, "big")
        return base64.urlsafe_b64encode(body + self._mac(purpose, body)).decode()

    def open(self, purpose: str, token: str) -> Sealed:
        """The id and version inside; raises TokenInvalid for anything not sealed for `purpose`."""
        try:
            raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (ValueError, UnicodeEncodeError) as error:
            raise TokenInvalid("not a token") from error
        if len(raw) != BODY_BYTES + MAC_BYTES:
            raise TokenInvalid("not a token")
        body, mac = raw[:BODY_BYTES], raw[BODY_BYTES:]
        if not hmac.compare_digest(mac, self._mac(purpose, body)):
            raise TokenInvalid("not sealed here for this purpose")
        return Sealed(UUID(bytes=body[:16]), int.from_bytes(body[16:], "big"))

    def _mac(self, purpose: str, body: bytes) -> bytes:
        key = self._keys.get(purpose) or self._key(purpose)
        return hmac.digest(key, body, "sha256")[:MAC_BYTES]

    def _key(self, purpose: str) -> bytes:
        """A key per purpose, made once: purposes are few and come from our own code."""
        key = hmac.digest(self._secret, b"makegood:" + purpose.encode(), "sha256")
        self._keys[purpose] = key
        return key
