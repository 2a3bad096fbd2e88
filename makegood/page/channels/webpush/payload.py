"""What the service worker is told: the words, and what can be said without opening anything."""

import json
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from makegood.ground import links
from makegood.page.channels.speaking import Kind, Words

LONGEST_TITLE: Final = 80
LONGEST_BODY: Final = 400
LONGEST_PAYLOAD: Final = 3000  # what is left for a service that takes less than it should
LONGEST_WAIT: Final = timedelta(minutes=5)
AN_UNTIMED_RING: Final = timedelta(minutes=1)  # the next round rings again
ANSWERED: Final = ("reach", "call", "remind")  # a decision is taken on its screen


def payload_of(words: Words, *, short: bool = False) -> bytes:
    """The words as JSON. `short`: without what can be read on the pager, for who takes less."""
    told: dict[str, Any] = {
        "kind": words.kind,
        "tag": words.tag,
        "title": words.title[:LONGEST_TITLE],
        "body": "" if short else words.body[:LONGEST_BODY],
        "url": words.url,
        "severity": words.severity,
    }
    if words.kind is Kind.RING:
        token = links.close(links.ANSWER, _row(words))
        told["received"] = f"/pager/said/{token}/received/"
        if words.data.get("purpose") in ANSWERED:
            told |= _answered(token, going=_("I’m going"), cant=_("Can’t"))
    elif words.kind is Kind.TEST:
        token = links.close(links.FELT, _row(words))
        told["received"] = f"/pager/said/{token}/arrived/"
        told |= _answered(token, felt=_("Felt it"))
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > LONGEST_PAYLOAD and not short:
        return payload_of(words, short=True)
    return plain


def time_to_live(words: Words, now: datetime) -> int:
    """For how many seconds the service should keep it for a phone that is out of reach.

    Never longer than it is good for. A ring without an hour, or past it, is rung again in a minute.
    """
    if words.kind is Kind.STOP:
        return int(LONGEST_WAIT.total_seconds())
    left = words.until - now if words.until and words.until > now else AN_UNTIMED_RING
    return int(min(left, LONGEST_WAIT).total_seconds())


def _answered(token: str, **titles: str) -> dict[str, Any]:
    """What can be tapped on the notification, and what it says when that was in vain."""
    actions = [
        {"action": act, "title": title, "url": f"/pager/said/{token}/{act}/"}
        for act, title in titles.items()
    ]
    return {"actions": actions, "lost": _("That did not get through. Open the pager.")}


def _row(words: Words) -> UUID:
    """Which ring an answer is to: a key begins with the id of its row."""
    return UUID(words.key.partition(".")[0])
