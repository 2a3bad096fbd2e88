"""Rings somebody over a service of theirs: Apprise knows how each wants to be spoken to."""

import logging
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import apprise

from makegood.ground.refusals import Invalid
from makegood.page.channels.speaking import (
    Address,
    Channel,
    Kind,
    Outcome,
    Passing,
    Permanent,
    Stops,
    Taken,
    Words,
)

# Those that reach a person at a distance. What writes files, starts programs or speaks to this very
# machine is none of them, nor is mail, which has a channel of its own.
SERVICES: Final = frozenset(
    {
        "discord", "gotify", "gotifys", "matrix", "matrixs", "mmost", "mmosts",
        "workflow", "workflows", "ntfy", "ntfys", "pbul", "pover", "rocket", "rockets", "signal",
        "signals", "slack", "tgram", "whatsapp", "zulip", "clicksend", "d7sms",
        "msg91", "plivo", "seven", "sinch", "sns", "twilio", "vonage", "nexmo",
    }
)  # fmt: skip
GRAVE: Final = 4
SECONDS: Final = 8
CODE: Final = re.compile(r"error=(\d{3})\b")
PASSING_CODES: Final = {408, 425, 429}
GONE: Final = 410
SHORTEST_SECRET: Final = 6
OUR_ASSET: Final = apprise.AppriseAsset(
    app_id="Makegood", app_desc="Makegood", http_redirects=False, storage_mode="memory"
)


def carry(words: Words, address: Address, now: datetime) -> Outcome:
    """Hands the words to the service at the address, and judges its answer by its own code."""
    service = _service(address["url"])
    if service is None:
        return Permanent("This address is no longer understood.", retire=True)
    hand = apprise.Apprise(asset=OUR_ASSET)
    hand.add(service)
    with hand.notify(
        title=words.title,
        body=f"{words.body}\n{words.url}",
        notify_type=_gravity(words),
        body_format=apprise.NotifyFormat.TEXT,
        timeout=SECONDS,
        log_level=logging.WARNING,
    ) as result:
        if result:
            return Taken()
        if result.timeout_count:
            return Passing("No answer in time.")
        return judge([entry.message for entry in result.logs()], address["url"])


def judge(said: Iterable[str], url: str) -> Outcome:
    """What a refusal in a service's own words means: by its HTTP code, and passing without one."""
    told = list(said)
    words = _without_secrets(" ".join(told) or "The service did not take it.", url)
    codes = [int(code) for line in told for code in CODE.findall(line)]
    if not codes or any(code >= 500 or code in PASSING_CODES for code in codes):
        return Passing(words)
    return Permanent(words, retire=GONE in codes)


def read_address(typed: str) -> Address:
    """An Apprise address like `ntfy://topic`; refuses what is none, and services we do not use."""
    url = typed.strip()
    schema = url.partition("://")[0].lower()
    if schema not in SERVICES:
        raise Invalid(
            "Write the address of the service, like ntfys://ntfy.sh/topic or tgram://bot/chat.",
            field="address",
        )
    service = _service(url)
    if service is None:
        raise Invalid("Something is missing in this address.", field="address")
    return {"url": url, "service": str(service.service_name)}


def _service(url: str) -> Any:
    """The service behind an address; None if the address says too little. Time limits are ours."""
    service = apprise.Apprise.instantiate(url, asset=OUR_ASSET)
    if service is not None:
        service.socket_connect_timeout = service.socket_read_timeout = SECONDS / 2
        service.redirects = False
    return service


def _gravity(words: Words) -> Any:
    if words.kind is Kind.RING:
        grave = words.severity >= GRAVE
        return apprise.NotifyType.FAILURE if grave else apprise.NotifyType.WARNING
    stop = words.kind is Kind.STOP
    return apprise.NotifyType.SUCCESS if stop else apprise.NotifyType.INFO


def _without_secrets(words: str, url: str) -> str:
    for part in re.split(r"[/:@?&=]", url.partition("://")[2]):
        if len(part) >= SHORTEST_SECRET and "." not in part:
            words = words.replace(part, "…")
    return words


CHANNEL: Final = Channel(
    name="message",
    title="message",
    way=lambda address: f"message: {address.get('service', '')}",
    carry=carry,
    read_address=read_address,
    stops=Stops.OTHERS,
)
