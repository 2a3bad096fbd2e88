"""The cast: everybody and everything a test needs at the Fairline Hotel, on one evening.

Ana is a guest, Bo is on duty, Mina too, Cy manages, Di owns; Harbour is their site. Nobody *is* on
duty until a test says so. A pytest plugin, named in the root conftest.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from makegood.ground import chronicle, clock, tenancy
from makegood.ground.models import Entry
from makegood.people.contacts import EMAIL, Contact
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Customer, Organisation, Role, Site, Staff
from makegood.people.recognising import recognise
from makegood.sense.models import Touchpoint
from makegood.sense.placing import place_touchpoint

SATURDAY_EVENING = datetime(2026, 11, 21, 19, 12, 7, tzinfo=UTC)  # 20:12:07 at Harbour
PASSWORD = "goldener Riss im Teller"
FAST_HASHES = ["django.contrib.auth.hashers.MD5PasswordHasher"]

AtOnce = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def everywhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that use the database see every organisation, with and without transactions."""
    marked = request.node.get_closest_marker("django_db")
    if not marked and not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("db")
    with tenancy.everywhere():
        yield


@pytest.fixture
def now() -> datetime:
    """Saturday 21 November 2026, 20:12:07 at Harbour."""
    return SATURDAY_EVENING


@pytest.fixture
def standing_clock(now: datetime) -> Iterator[datetime]:
    """The house's clock stands at `now`, for doors and jobs that read it."""
    with clock.standing_at(now):
        yield now


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reacts to facts: for a test of one room alone."""
    monkeypatch.setattr(chronicle, "_reactions", {})


@pytest.fixture
def fairline(db: None, now: datetime, settings: Any) -> Organisation:
    """The Fairline Hotel, with Harbour and Di. Everybody's password is `PASSWORD`."""
    settings.PASSWORD_HASHERS = FAST_HASHES
    return create_organisation(
        name="The Fairline Hotel",
        site_name="Harbour",
        timezone="Europe/Madrid",
        currency="EUR",
        first_name="Di",
        last_name="Okoro",
        email="di@fairline.example",
        password=PASSWORD,
        case_prefix="HB",
        now=now,
    )


@pytest.fixture
def harbour(fairline: Organisation) -> Site:
    """The site."""
    return Site.objects.get(organisation=fairline)


@pytest.fixture
def di(harbour: Site) -> Staff:
    """The owner."""
    return Staff.objects.select_related("site", "organisation").get(site=harbour, role=Role.OWNER)


@pytest.fixture
def bo(harbour: Site, now: datetime) -> Staff:
    """A host."""
    return _hire(harbour, "Bo", "Lindqvist", Role.HOST, "Duty manager", now)


@pytest.fixture
def mina(harbour: Site, now: datetime) -> Staff:
    """Another host."""
    return _hire(harbour, "Mina", "Park", Role.HOST, "Host", now)


@pytest.fixture
def cy(harbour: Site, now: datetime) -> Staff:
    """The manager."""
    return _hire(harbour, "Cy", "Moreau", Role.MANAGER, "Manager", now)


@pytest.fixture
def table_14(harbour: Site, now: datetime) -> Touchpoint:
    """The button at table 14; guests usually stay four minutes after pressing."""
    return place_touchpoint(
        site=harbour, place="Table 14", hint="Window, left side", dwell_minutes=4, now=now
    )


@pytest.fixture
def ana(fairline: Organisation, harbour: Site, now: datetime) -> Customer:
    """A guest whose e-mail address we know."""
    return recognise(
        organisation_id=fairline.pk,
        contacts=[Contact(EMAIL, "ana.ruiz@guest.example")],
        name="Ana Ruiz",
        site=harbour,
        by=chronicle.CUSTOMER,
        now=now,
    )


@pytest.fixture
def at_once(transactional_db: None) -> AtOnce:
    """Runs calls at the same moment, each on a thread and connection of its own that sees every
    organisation; gives back what each returned, or the exception it raised."""
    return _run_at_once


def facts_about(id: UUID) -> list[str]:
    """Names of the facts about something, in the order they were told."""
    return list(Entry.objects.filter(about=id).order_by("pk").values_list("name", flat=True))


def _hire(site: Site, first: str, last: str, role: Role, title: str, now: datetime) -> Staff:
    return add_staff(
        site=site,
        first_name=first,
        last_name=last,
        email=f"{first.lower()}@fairline.example",
        role=role,
        title=title,
        password=PASSWORD,
        now=now,
    )


def _run_at_once(*calls: Callable[[], Any]) -> list[Any]:
    start = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            with tenancy.everywhere():
                start.wait(timeout=10)
                outcomes[number] = call()
        except Exception as error:  # noqa: BLE001 - given back to the test, which judges it
            outcomes[number] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(number, call)) for number, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
