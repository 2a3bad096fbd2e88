"""Hands words over to the push service of a browser, and judges its answer."""

import base64
import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import httpx
from django.conf import settings

from makegood.ground.http_refusals import passes, pause_asked_for
from makegood.page.channels.speaking import (
    Address,
    Channel,
    Outcome,
    Passing,
    Permanent,
    Taken,
    Words,
)
from makegood.page.channels.webpush.payload import payload_of, time_to_live
from makegood.page.channels.webpush.sealing import seal
from makegood.page.channels.webpush.subscription import (
    auth_secret,
    is_push_service,
    origin_of,
    public_key,
)
from makegood.page.channels.webpush.vapid import authorization, contact

PATIENCE: Final = httpx.Timeout(connect=2, write=1, read=3, pool=1)  # seven seconds, all told
LINES: Final = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=60)
GONE: Final = (404, 410)
TOO_LONG: Final = 413
HEARD_AT_MOST: Final = 200
TOPIC_BYTES: Final = 24  # 32 letters, as many as a topic may have


def carry(words: Words, address: Address, now: datetime) -> Outcome:
    """Seals the words for one browser and hands them over; once more, shorter, if too long."""
    if not is_push_service(address["endpoint"], settings.HOUSE.push_origins):
        return Permanent("We do not know that push service.")
    outcome = _push(words, address, now, short=False)
    return outcome or _push(words, address, now, short=True) or Permanent("413: too long")


def judge(code: int, said: str, retry_after: timedelta | None) -> Outcome:
    """What a push service means by its answer."""
    words = f"{code} {said}".strip()
    if 200 <= code < 300:
        return Taken(words)
    if code in GONE:
        return Permanent(words, retire=True)
    if passes(code):
        return Passing(words, retry_after)
    return Permanent(words)


def topic_of(tag: str) -> str:
    """What is new about a page takes the place of what a phone out of reach did not get yet."""
    return base64.urlsafe_b64encode(hashlib.sha256(tag.encode()).digest()[:TOPIC_BYTES]).decode()


def way(address: Address) -> str:
    """What fails with a phone: the service it is pushed through."""
    return f"push: {origin_of(address['endpoint']).partition('://')[2]}"


def _push(words: Words, address: Address, now: datetime, *, short: bool) -> Outcome | None:
    """None: the service finds it too long."""
    house = settings.HOUSE
    endpoint = address["endpoint"]
    try:
        body = seal(payload_of(words, short=short), public_key(address), auth_secret(address))
    except ValueError:
        return Permanent("This subscription cannot be understood any more.", retire=True)
    who = contact(house.url, house.email_from)
    headers = {
        "Authorization": authorization(house.secret, origin_of(endpoint), who, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(time_to_live(words, now)),
        "Urgency": "high",
        "Topic": topic_of(words.tag),
    }
    try:
        with _line().stream("POST", endpoint, content=body, headers=headers) as answer:
            said = _beginning(answer)
    except httpx.TimeoutException:
        return Passing("No answer in time.")
    except httpx.HTTPError as error:
        return Passing(f"Out of reach: {type(error).__name__}")
    if answer.status_code == TOO_LONG:
        return None
    pause = pause_asked_for(answer.headers.get("retry-after", ""), now)
    return judge(answer.status_code, said, pause)


@lru_cache(maxsize=1)
def _line() -> httpx.Client:
    """One per process: what is open to a push service stays open. Follows nobody elsewhere."""
    return httpx.Client(timeout=PATIENCE, limits=LINES, follow_redirects=False)


def _beginning(answer: httpx.Response) -> str:
    """The first words of the answer, on one line."""
    first = next(answer.iter_bytes(HEARD_AT_MOST), b"")
    return " ".join(first.decode("utf-8", "replace").split())


CHANNEL: Final = Channel(name="webpush", title="phone", way=way, carry=carry)
