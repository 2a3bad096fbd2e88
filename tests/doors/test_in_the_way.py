"""The database gives up because two do something at once: said in words, and nothing is lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from makegood.ground import links, tenancy
from makegood.page.access import latest_page
from makegood.page.models import Page
from makegood.people.models import Site, Staff
from makegood.sense.models import Signal, Touchpoint
from tests.doors.colleagues import body, browser_of, felt, rung
from tests.doors.guests import Guest, pressed

SAID = "Somebody else changed this at the same moment. Nothing was lost; please try again."

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("standing_clock", "impatient"),
]


@pytest.fixture
def impatient() -> Iterator[None]:
    """The database gives up at once, as it does after a second when two wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = 50")
        yield
        cursor.execute("reset lock_timeout")


@contextmanager
def held(row: Page | Signal) -> Iterator[None]:
    """Somebody else holds `row`, on a connection of their own."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with tenancy.everywhere(), transaction.atomic():
            type(row)._default_manager.select_for_update().get(pk=row.pk)
            taken.set()
            done.wait(timeout=10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(timeout=10)
    yield
    done.set()
    holder.join()


def test_a_colleague_reads_it_and_taps_again(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    page, phone = rung(harbour, now), browser_of(bo)
    with held(page):
        answer = phone.post(f"/pager/{page.pk}/going/")
        assert answer.status_code == 409
        assert SAID in body(answer)
        told: Any = phone.post(f"/pager/{page.pk}/going/", headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["code"]) == (409, "busy")
    phone.post(f"/pager/{page.pk}/going/")
    latest = latest_page(page.about)
    assert latest is not None
    assert latest.taken_by_id == bo.pk


def test_a_guest_reads_it_and_taps_again(table_14: Touchpoint, now: datetime) -> None:
    signal = pressed(table_14, now)
    guest, remark = Guest(now), f"/p/{links.close(links.PRESS, signal.pk)}/remark"
    with held(signal):
        answer = guest.post(remark, "words=It+came+cold.")
        assert answer.status_code == 409
        assert SAID in body(answer)
        assert not signal.remarks.exists()
    assert guest.post(remark, "words=It+came+cold.").status_code == 303
    assert signal.remarks.get().words == "It came cold."
