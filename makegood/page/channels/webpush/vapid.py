"""Who we are to push services (VAPID, RFC 8292): one key per house, and tokens signed with it.

The key is derived from the house's secret: made once with it, kept where it is kept, the same in
every process. A house that changes its secret has another one; phones notice when their pager is
next opened, and subscribe anew.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from py_vapid import Vapid02

from makegood.page.channels.webpush.sealing import point
from makegood.page.channels.webpush.subscription import encoded

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
SEED_BYTES: Final = 48  # 128 bits more than the order, so that no key is likelier than another
GOOD_FOR: Final = timedelta(hours=12)  # services take a day at most
SIGNED_ANEW_EVERY: Final = timedelta(hours=6)


@lru_cache(maxsize=8)
def signing_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The house's key, always the same for one secret."""
    seed = HKDF(
        algorithm=hashes.SHA256(), length=SEED_BYTES, salt=None, info=b"makegood:webpush:vapid"
    ).derive(secret.encode())
    number = 1 + int.from_bytes(seed, "big") % (ORDER - 1)
    return ec.derive_private_key(number, ec.SECP256R1())


@lru_cache(maxsize=8)
def application_key(secret: str) -> str:
    """The public half, as browsers want it when they subscribe."""
    return encoded(point(signing_key(secret).public_key()))


def contact(url: str, email_from: str) -> str:
    """Whom a push service may write to when our pushes trouble it."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return f"https://{parts.hostname}"
    return f"mailto:{parseaddr(email_from)[1] or 'makegood@localhost'}"


def authorization(secret: str, audience: str, contact: str, now: datetime) -> str:
    """The header that says who sends, signed for one push service; one token lasts for hours."""
    every = int(SIGNED_ANEW_EVERY.total_seconds())
    period = int(now.timestamp()) // every * every
    return _signed(secret, audience, contact, period + int(GOOD_FOR.total_seconds()))


@lru_cache(maxsize=256)
def _signed(secret: str, audience: str, contact: str, expires: int) -> str:
    claims = {"aud": audience, "exp": expires, "sub": contact}
    headers: dict[str, str] = Vapid02(private_key=signing_key(secret)).sign(claims)
    return headers["Authorization"]
