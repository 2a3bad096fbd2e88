"""Midnight: Bo's turn ends and Mina's begins, while a guest waits for Bo."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.page.hands import answering
from makegood.page.models import Page
from makegood.people import drafting, planning
from makegood.people.drafting import TakeTurns
from makegood.people.duty import end_duty
from makegood.people.models import Site, Staff
from makegood.sense.models import Touchpoint
from makegood.web.customer.press.standing import Stage, standing_of
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_whoever_takes_the_turn_takes_the_way_and_no_minute_is_between(
    evening: Evening, harbour: Site, table_14: Touchpoint, bo: Staff, mina: Staff, cy: Staff
) -> None:
    # planned in turns from midnight to midnight: one goes as the other comes
    today = evening.local.date()
    turns = TakeTurns("Floor", [bo.pk, mina.pk], today, 1, time())
    draft = drafting.add_change(site=harbour, change=turns, now=evening.now, by=cy)
    drafting.publish(draft=draft, now=evening.now, by=cy)
    midnight = datetime.combine(today + timedelta(days=1), time(), ZoneInfo(harbour.timezone))
    before, after = planning.plan_of(harbour, evening.now, midnight + timedelta(hours=1))
    assert (before.staff, before.ends_at) == (bo, midnight)
    assert (after.staff, after.starts_at) == (mina, midnight)

    # a guest presses a minute before, and Bo goes
    evening.comes_on_duty(bo)
    evening.until(midnight - timedelta(minutes=1))
    evening.comes_on_duty(mina)
    guest = evening.press(table_14)
    assert rung(guest.page) == [("Bo", 0)]
    evening.says(bo, "going", guest)

    # midnight: Mina takes the duty over, and with it the way; she is rung in the same moment
    evening.until(midnight)
    end_duty(staff=bo, handed_to=mina, now=evening.now)
    assert guest.page.state == Page.State.RINGING
    assert rung(guest.page) == [("Bo", 0), ("Mina", 60)]
    evening.says(mina, "going", guest)
    assert standing_of(guest.signal, evening.now).stage == Stage.GOING
    assert guest.page.taken_by == mina
    assert evening.local.date() == today + timedelta(days=1)


def test_a_page_is_handed_over_with_a_word_and_rings_whoever_gets_it(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "going", guest)
    full_house.later(seconds=20)
    answering.hand_over(
        page=guest.page, staff=bo, to=mina, now=full_house.now, word="They asked for the wine list."
    )
    assert rung(guest.page) == [("Bo", 0), ("Mina", 20)]
    told = guest.page.answers.get(kind="handed", staff=bo)
    assert told.note == "They asked for the wine list."
    full_house.says(mina, "going", guest)
    assert guest.page.taken_by == mina
