"""What a browser says of its subscription, checked: whom we send to, and under which keys."""

import base64
import binascii
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from makegood.ground.refusals import Invalid
from makegood.page.channels.speaking import Address

# The services behind Chrome, Firefox, Safari and Edge. Whoever may name any address could have us
# knock at doors inside our own network, so others have to be named in the settings.
SERVICES: Final = (
    "fcm.googleapis.com",
    "android.googleapis.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
LONGEST_ENDPOINT: Final = 1000
POINT_BYTES: Final = 65
AUTH_BYTES: Final = 16


def read_subscription(said: Any, *, allowed: Collection[str]) -> Address:
    """The subscription as rows keep it, from what `PushSubscription.toJSON()` gave.

    Refuses (`Invalid`) what is none, and endpoints that are no push service we know.
    """
    try:
        endpoint, keys = said["endpoint"], said["keys"]
        read = {"endpoint": endpoint, "p256dh": keys["p256dh"], "auth": keys["auth"]}
    except (KeyError, TypeError):
        raise _no_subscription() from None
    if not all(isinstance(part, str) for part in read.values()):
        raise _no_subscription()
    if len(endpoint) > LONGEST_ENDPOINT or not is_push_service(endpoint, allowed):
        why = (
            "We do not know the push service of this browser. Use Chrome, Firefox, Edge or Safari."
        )
        raise Invalid(why, field="endpoint")
    try:
        public_key(read)
        auth_secret(read)
    except ValueError:
        raise _no_subscription() from None
    return read


def is_push_service(endpoint: str, allowed: Collection[str]) -> bool:
    """Whether we may send there: over TLS to a public push service, or an origin the house named.

    >>> is_push_service("https://fcm.googleapis.com/fcm/send/abc", ())
    True
    >>> is_push_service("https://fcm.googleapis.com.evil.example/", ())
    False
    """
    try:
        parts = urlsplit(endpoint)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return False
    if "@" in parts.netloc or not endpoint.isascii() or not endpoint.isprintable():
        return False
    if origin_of(endpoint) in allowed:
        return True
    known = any(
        host.endswith(service) if service.startswith(".") else host == service
        for service in SERVICES
    )
    return parts.scheme == "https" and port in (None, 443) and known


def origin_of(endpoint: str) -> str:
    """Scheme, host and port: whom a VAPID token is for."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}".lower()


def public_key(address: Address) -> ec.EllipticCurvePublicKey:
    """The browser's key; ValueError for what is no point of the curve."""
    raw = decoded(address["p256dh"])
    if len(raw) != POINT_BYTES:
        raise ValueError("not an uncompressed point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def auth_secret(address: Address) -> bytes:
    """The secret the browser shares with us; ValueError for what is none."""
    raw = decoded(address["auth"])
    if len(raw) != AUTH_BYTES:
        raise ValueError("not an auth secret")
    return raw


def decoded(text: str) -> bytes:
    """Base64url, padded or not, as browsers write it; ValueError for anything else."""
    try:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error


def encoded(raw: bytes) -> str:
    """Base64url without padding, as browsers read it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _no_subscription() -> Invalid:
    return Invalid("That is not the subscription of a browser.", field="subscription")
