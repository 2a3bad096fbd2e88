"""A button that falters is a task for whoever is on duty."""

from datetime import timedelta

import pytest

from makegood.ground import chronicle
from makegood.page.duty.tending import NEWS_OF_BUTTONS, look_after_button
from makegood.page.models import Page
from makegood.sense import equipping, minding

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def button(table_14, now, monkeypatch):
    heard = dict.fromkeys(NEWS_OF_BUTTONS, (look_after_button,))
    monkeypatch.setattr(chronicle, "_reactions", heard)
    return equipping.add_button(touchpoint=table_14, kind="makegood", now=now)


def look(button, at, **changes):
    for name, value in changes.items():
        setattr(button, name, value)
    button.save()
    minding.look_at_buttons([button], at)
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
