"""A press taken back: always possible while nobody is there, and over when the case goes on."""

from datetime import timedelta

import pytest

from makegood.page.models import Page
from makegood.recover.life.closing import reopen
from makegood.sense.models import Signal
from tests.doors.guests import on_duty, page_of, press_link, triaged

pytestmark = pytest.mark.django_db


def test_who_sees_that_nobody_is_on_duty_can_take_it_back(guest, press, bo, cy, now):
    triaged(press, now)
    here = press_link(press)
    said = guest.get(here).text
    assert "nobody is free this minute" in said
    assert f'action="{here}/cancel"' in said
    guest.post(f"{here}/cancel")
    assert Signal.objects.get().cancelled_at
    assert "Taken back." in guest.get(here).text


def test_a_case_opened_again_is_not_taken_back_any_more(guest, press, bo, cy, now):
    on_duty(bo, now - timedelta(hours=1))
    case = triaged(press, now)
    here = press_link(press)
    guest.post(f"{here}/cancel")
    assert page_of(case).state == Page.State.CANCELLED
    reopen(case=case, because="They called: it was the wrong button.", by=cy, now=now)
    said = guest.later(minutes=1).get(here).text
    assert "Taken back." not in said
    assert "Nobody comes now" not in said
    assert "What we promise you is written down" in said
    assert "See what we promised you" in said
