"""A phone at the doors: it subscribes, is rung, and its notification is tapped."""

import json
from datetime import datetime
from typing import Any

from django.test import Client

from makegood.ground import links
from makegood.page.models import Attempt, Page
from makegood.page.tests.push_service import Browser
from makegood.people.models import Staff
from tests.doors.colleagues import browser_of, felt, rung

DOOR, AWAY = "/pager/phone/subscription/", "/pager/phone/remove/"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126 Mobile"


def tell(client: Client, phone: Browser, **more: Any) -> Any:
    said = {"subscription": phone.subscription, **more}
    return send(client, DOOR, said)


def send(client: Client, door: str, said: Any, **headers: str) -> Any:
    told = {"Accept": "application/json", "User-Agent": ANDROID} | headers
    return client.post(door, json.dumps(said), content_type="application/json", headers=told)


def ringing(bo: Staff, phone: Browser, now: datetime) -> tuple[Page, Attempt, str]:
    """Bo is rung on the phone, whose notification has an address of its own."""
    tell(browser_of(bo), phone)
    page = rung(felt(bo, now).site, now)
    attempt = page.attempts.get(device__isnull=False)
    return page, attempt, f"/pager/said/{links.close(links.ANSWER, attempt.pk)}"


# --- subscribing
