"""What tests of pages need beside the cast: people on duty, a page, what screens heard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from makegood.ground import chronicle
from makegood.ground.models import Bulletin, Entry
from makegood.page.duty.covering import leave_nobody_waiting, tell_colleagues
from makegood.page.models import Page
from makegood.page.rungs import throttling
from makegood.page.rungs.ringing import Summons, open_page, ring_pages_nobody_heard
from makegood.page.tests.provider import pigeon, provider
from makegood.page.tests.push_service import _push_service, push_service
from makegood.page.tests.services import _gotify, gotify
from makegood.people import duty
from makegood.people.facts import DutyBegan, DutyEnded
from makegood.people.models import Duty, Role, Site, Staff

# fixtures from beside
__all__ = ["_gotify", "_push_service", "gotify", "pigeon", "provider", "push_service"]

ON_DUTY_ONLY = [{"who": "on_duty", "wait_seconds": 45}]

Ring = Callable[..., Page]
OnDuty = Callable[..., list[Duty]]


@pytest.fixture(autouse=True)
def _only_this_room_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other rooms make of a page's facts is told in tests/stories."""
    heard = {
        DutyBegan: (ring_pages_nobody_heard, tell_colleagues),
        DutyEnded: (leave_nobody_waiting, tell_colleagues),
    }
    monkeypatch.setattr(chronicle, "_reactions", heard)


def hire(site: Site, first: str, last: str, role: str = Role.HOST) -> Staff:
    """Somebody beside the cast."""
    email = f"{first}.{last}@{uuid4().hex[:6]}.example".lower()
    return Staff.objects.create(
        organisation_id=site.organisation_id,
        site=site,
        email=email,
        first_name=first,
        last_name=last,
        role=role,
    )


@pytest.fixture
def no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is spared: for tests of many rings at once that are not about storms."""
    monkeypatch.setattr(throttling, "AT_MOST", dict.fromkeys(throttling.AT_MOST, 10_000))


@pytest.fixture
def on_duty(now: datetime) -> OnDuty:
    """Puts people on duty, the first named longest."""

    def begin(*people: Staff, at: datetime | None = None) -> list[Duty]:
        began = at or now - timedelta(hours=1)
        return [
            duty.begin_duty(
                staff=person,
                site=person.site,
                felt_at=began + timedelta(minutes=minute),
                now=began + timedelta(minutes=minute),
            )
            for minute, person in enumerate(people)
        ]

    return begin


@pytest.fixture
def ring(harbour: Site, now: datetime) -> Ring:
    """Opens a page: table 14, four minutes until they leave."""

    def ring(**changes: Any) -> Page:
        said: dict[str, Any] = {
            "organisation_id": harbour.organisation_id,
            "site_id": harbour.pk,
            "about": uuid4(),
            "caused_by": uuid4(),
            "place": "Table 14",
            "what": "The food, and waiting",
            "customer_name": "Ana Ruiz",
            "happened_at": now,
            "leaves_at": now + timedelta(minutes=4),
        }
        at = changes.pop("at", now)
        return open_page(Summons(**{**said, **changes}), now=at)

    return ring


def heard_by(staff: Staff) -> list[dict[str, Any]]:
    """What this person's screen was told of pages and tests, in order."""
    return [data for data in all_heard_by(staff) if "fact" not in data]


def all_heard_by(staff: Staff) -> list[dict[str, Any]]:
    """The same, and who came on duty and went."""
    topic = f"staff:{staff.pk}"
    return [b.data for b in Bulletin.objects.filter(topic=topic).order_by("pk")]


def kinds_heard_by(staff: Staff) -> list[str]:
    return [data["kind"] for data in heard_by(staff)]


def facts_of(page: Page) -> list[str]:
    """What the chronicle says of this page, in order, without the room's name."""
    entries = Entry.objects.filter(about=page.pk).order_by("pk")
    return [entry.name.removeprefix("page.") for entry in entries]
