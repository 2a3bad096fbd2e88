"""The clocks change while Bo is on duty: nobody waits an hour longer, and no hour is without Bo."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.people import drafting, planning, rota
from makegood.people.drafting import TakeTurns
from makegood.people.models import Site, Staff
from makegood.sense.models import Touchpoint
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db

MADRID = ZoneInfo("Europe/Madrid")
BACK, FORTH = date(2027, 10, 31), date(2027, 3, 28)  # at 3:00 it is 2:00; at 2:00 it is 3:00


def night_of(harbour: Site, bo: Staff, mina: Staff, sunday: date) -> Evening:
    """Bo is planned from 22:00 to 6:00 on the clock of Harbour, and on duty with Mina."""
    saturday = sunday - timedelta(days=1)
    evening = Evening(harbour, datetime.combine(saturday, time(21, 59), MADRID))
    rota.plan_shift(
        site=harbour, staff=bo, starts_at=datetime.combine(saturday, time(22), MADRID),
        ends_at=datetime.combine(sunday, time(6), MADRID), now=evening.now,
    )  # fmt: skip
    evening.later(minutes=1)
    evening.comes_on_duty(bo)
    evening.later(seconds=1)
    evening.comes_on_duty(mina)
    return evening


@pytest.mark.parametrize(("sunday", "hours"), [(BACK, 9), (FORTH, 7)])
def test_the_shift_has_every_hour_that_there_is(
    harbour: Site, bo: Staff, mina: Staff, sunday: date, hours: int
) -> None:
    evening = night_of(harbour, bo, mina, sunday)
    [line] = planning.plan_of(harbour, evening.now - timedelta(days=1), evening.now)
    assert line.ends_at - line.starts_at == timedelta(hours=hours)
    evening.until(line.ends_at)
    assert (evening.local.hour, evening.local.date()) == (6, sunday)


@pytest.mark.parametrize(
    ("sunday", "pressed_at"),
    [
        (BACK, datetime(2027, 10, 31, 0, 59, 50, tzinfo=UTC)),  # 2:59:50, the first time
        (FORTH, datetime(2027, 3, 28, 0, 59, 50, tzinfo=UTC)),  # 1:59:50, then it is 3:00
    ],
)
def test_the_next_is_rung_after_forty_seconds_whatever_the_clocks_say(
    harbour: Site, bo: Staff, mina: Staff, table_14: Touchpoint, sunday: date, pressed_at: datetime
) -> None:
    evening = night_of(harbour, bo, mina, sunday)
    evening.until(pressed_at)
    guest = evening.press(table_14)
    evening.later(seconds=41)
    assert evening.local.utcoffset() != pressed_at.astimezone(MADRID).utcoffset()
    assert rung(guest.page) == [("Bo", 0), ("Mina", 40)]
    evening.says(mina, "going", guest)
    assert guest.page.next_rung_at
    assert guest.page.next_rung_at - evening.now <= timedelta(minutes=3)
    evening.later(seconds=30)
    evening.says(mina, "with_customer", guest)
    assert guest.case.reached_at == evening.now


def test_turns_drafted_over_the_change_are_handed_over_by_the_clock(
    harbour: Site, bo: Staff, mina: Staff
) -> None:
    evening = night_of(harbour, bo, mina, BACK)
    draft = drafting.add_change(
        site=harbour,
        change=TakeTurns("Night", [bo.pk, mina.pk], BACK - timedelta(days=1), 1, time(2, 30)),
        now=evening.now,
    )
    window = evening.now + timedelta(hours=9), evening.now + timedelta(hours=33)
    shown = drafting.try_out(draft, *window, now=evening.now).planned
    drafting.publish(draft=draft, now=evening.now)
    first, second = planning.plan_of(harbour, *window)
    assert [one.starts_at for one in shown] == [first.starts_at, second.starts_at]
    assert (first.staff, second.staff) == (mina, bo)
    assert first.ends_at == second.starts_at
    assert first.ends_at.astimezone(MADRID).time() == time(2, 30)
