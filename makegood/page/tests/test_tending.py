"""Hardware that falters is a task for whoever is on duty."""

from datetime import timedelta

import pytest

from makegood.ground import chronicle
from makegood.page.duty.tending import NEWS_OF_HARDWARE, look_after
from makegood.page.models import Page
from makegood.sense import equipping, minding
from makegood.sense.placing import retire_touchpoint

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def button(table_14, now, monkeypatch):
    heard = dict.fromkeys(NEWS_OF_HARDWARE, (look_after,))
    monkeypatch.setattr(chronicle, "_reactions", heard)
    return equipping.add_button(touchpoint=table_14, kind="makegood", now=now)


def look(hardware, at, **changes):
    for name, value in changes.items():
        setattr(hardware, name, value)
    hardware.save()
    minding.look_after([hardware], at)
    return Page.objects.get()


def test_somebody_is_rung_before_a_customer_needs_it(button, bo, on_duty, now):
    on_duty(bo)
    page = look(button, now + timedelta(hours=3))
    assert (page.purpose, page.place, page.state) == ("remind", "Table 14", Page.State.RINGING)
    assert page.attempts.get().staff == bo


def test_it_stops_by_itself_when_the_button_is_heard(button, bo, on_duty, now):
    on_duty(bo)
    look(button, now + timedelta(hours=3))
    at = now + timedelta(hours=4)
    assert look(button, at, heard_at=at).state == Page.State.DONE


def test_one_button_is_one_page_whatever_ails_it(button, bo, on_duty, now):
    on_duty(bo)
    look(button, now + timedelta(hours=3))
    at = now + timedelta(hours=4)
    page = look(button, at, heard_at=at, battery=7)
    assert "7 %" in page.what
    assert page.is_open


def test_a_lamp_that_is_lost_is_a_task_until_it_is_back(button, harbour, bo, on_duty, now):
    on_duty(bo)
    lamp = equipping.add_lamp(site=harbour, place="Kitchen pass", now=now)
    page = look(lamp, now + timedelta(minutes=20))
    assert (page.purpose, page.place) == ("remind", "Kitchen pass")
    assert "lamp" in page.what
    at = now + timedelta(minutes=30)
    assert look(lamp, at, heard_at=at).state == Page.State.DONE


def test_with_its_place_a_button_is_nobodys_task_either(button, table_14, bo, on_duty, now):
    on_duty(bo)
    look(button, now + timedelta(hours=3))
    retire_touchpoint(touchpoint=table_14, now=now + timedelta(hours=4))
    assert Page.objects.get().state == Page.State.DONE


def test_what_is_taken_out_of_use_is_nobodys_task_any_more(button, harbour, bo, on_duty, now):
    on_duty(bo)
    look(button, now + timedelta(hours=3))
    equipping.retire_button(button=button, now=now + timedelta(hours=4))
    lamp = equipping.add_lamp(site=harbour, place="Kitchen pass", now=now)
    minding.look_after([lamp], now + timedelta(minutes=20))
    equipping.retire_lamp(lamp=lamp, now=now + timedelta(minutes=30))
    assert {page.state for page in Page.objects.all()} == {Page.State.DONE}
    assert Page.objects.count() == 2
