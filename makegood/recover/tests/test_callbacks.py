"""Call-backs: what is offered, and that the call is rung at its time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from makegood.ground.refusals import Invalid, Refused
from makegood.page.hands.answering import with_customer
from makegood.page.models import Page
from makegood.recover.life.callbacks import ask_callback, callback_slots, note_called

MADRID = ZoneInfo("Europe/Madrid")
DINNER = datetime(2026, 11, 21, 20, 12, 7, tzinfo=MADRID)


def offered(now, closes_at=None):
    return [(slot.label, slot.at and f"{slot.at:%H:%M}") for slot in callback_slots(now, closes_at)]


def test_what_is_offered_at_dinner():
    assert offered(DINNER) == [
        ("In 15 minutes", "20:30"),
        ("After dinner", "21:45"),
        ("Tomorrow", "09:30"),
        ("Another time", None),
    ]


def test_nothing_after_closing():
    assert offered(DINNER, DINNER + timedelta(minutes=20))[0] == ("In 15 minutes", "20:30")
    closing = DINNER + timedelta(minutes=10)
    assert [label for label, _ in offered(DINNER, closing)] == ["Tomorrow", "Another time"]


@given(st.integers(0, 366 * 24 * 60))
def test_offers_are_ahead_and_in_order(minutes):
    now = (DINNER + timedelta(minutes=minutes)).astimezone(MADRID)
    times = [slot.at for slot in callback_slots(now, None) if slot.at]
    assert times == sorted(times)
    assert all(at > now for at in times)


@pytest.mark.django_db
def test_the_call_is_rung_at_its_time_and_noted(case, bo, now, tick):
    at = now + timedelta(minutes=15)
    ask_callback(case=case, wanted_at=at, phone="612 40 71 18", now=now)
    assert tick(at - timedelta(seconds=1)) == 0
    tick(at)
    tick(at)
    page = Page.objects.get(purpose="call")
    assert "+34612407118" in page.what
    called = note_called(case=case, by=bo, words="We spoke, they come again.", now=at)
    case.refresh_from_db()
    assert (called.phone, case.customer) == ("", None)  # it was for this call only
    assert not Page.objects.open().filter(purpose="call").exists()
    with pytest.raises(Refused):
        note_called(case=case, by=bo, words="Again", now=at)


@pytest.mark.django_db
def test_the_number_goes_with_the_call_that_its_page_was_for(case, bo, now, tick):
    at = now + timedelta(minutes=15)
    callback = ask_callback(case=case, wanted_at=at, phone="612 40 71 18", now=now)
    tick(at)
    with_customer(page=Page.objects.get(purpose="call"), staff=bo, now=at)
    callback.refresh_from_db()
    assert (callback.phone, callback.called_at) == ("", at)


@pytest.mark.django_db
def test_times_and_numbers_that_cannot_be_are_refused(case, now):
    for wanted_at in (now, now - timedelta(days=1), now + timedelta(days=15)):
        with pytest.raises(Invalid):
            ask_callback(case=case, wanted_at=wanted_at, phone="", now=now)
    with pytest.raises(Invalid):
        ask_callback(case=case, wanted_at=now + timedelta(hours=1), phone="abc", now=now)
