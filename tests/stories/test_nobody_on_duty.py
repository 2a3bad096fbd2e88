"""Nobody is on duty: the guest is told so, asks to be called, and the next on duty inherits it."""

from datetime import timedelta

import pytest

from makegood.ground import topics
from makegood.ground.models import Bulletin
from makegood.page.access import latest_page
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.life.callbacks import ask_callback, slots_for
from makegood.sense.models import Touchpoint
from tests.cast import facts_about
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_nobody_on_duty(
    evening: Evening, table_14: Touchpoint, mina: Staff, cy: Staff, di: Staff
) -> None:
    guest = evening.press(table_14)

    # the truth at once: nobody is rung, managers at home included, and her page hears of it
    assert guest.page.state == Page.State.NOBODY
    assert rung(guest.page) == []
    told = Bulletin.objects.filter(topic=topics.signal(guest.signal.pk))
    assert "page.nobody_reached" in [bulletin.data["fact"] for bulletin in told]

    # a call-back, at a time of her own
    evening.later(minutes=1)
    labels = [slot.label for slot in slots_for(guest.case, now=evening.now)]
    assert labels == ["In 15 minutes", "After dinner", "Tomorrow", "Another time"]
    wanted_at = evening.now + timedelta(hours=2)
    ask_callback(case=guest.case, wanted_at=wanted_at, phone="612 345 678", now=evening.now)
    assert guest.customer is None  # the number is for this call only

    # whoever comes next is rung in the same moment
    evening.later(minutes=20)
    evening.comes_on_duty(mina)
    assert [name for name, _ in rung(guest.page)] == ["Mina"]
    evening.says(mina, "going", guest)
    evening.later(minutes=1)
    evening.says(mina, "customer_left", guest, note="The table is empty.")
    assert guest.case.owner == mina

    # and calls when the guest asked to be called
    evening.until(wanted_at)
    call = latest_page(guest.case.pk, Page.Purpose.CALL)
    assert call
    assert (call.what, rung(call)) == ("Asked to be called now: +34612345678", [("Mina", 0)])
    evening.says(mina, "going", call)
    evening.later(minutes=2)
    evening.says(mina, "with_customer", call)
    evening.says(mina, "finish", call)
    assert guest.case.callback.called_at == evening.now
    assert "recover.case_closed" not in facts_about(guest.case.pk)


def test_all_night_it_waits_without_ringing_anybody(
    evening: Evening, table_14: Touchpoint, bo: Staff, cy: Staff, di: Staff
) -> None:
    guest = evening.press(table_14)
    evening.until_clock(7, days=1)
    assert rung(guest.page) == []
    evening.comes_on_duty(bo)
    assert [name for name, _ in rung(guest.page)] == ["Bo"]
