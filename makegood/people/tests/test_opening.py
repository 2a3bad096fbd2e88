"""A site says on which dates it is closed, or open at other hours."""

from datetime import date, time, timedelta
from functools import partial

import pytest

from makegood.ground.refusals import Invalid
from makegood.people import opening
from makegood.people.hours import Holiday as OwnHours
from makegood.people.models import Holiday
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]
TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
LUNCH = (time(12), time(15))


@pytest.fixture
def keep(harbour, cy, now):
    opening.keep_hours(site=harbour, opens_at=time(7), closes_at=time(23), now=now)
    return partial(opening.set_holidays, site=harbour, now=now, by=cy)


def test_a_holiday_closes_the_house_and_dropping_it_opens_it_again(keep, harbour, now):
    [today] = keep(first=TODAY, name="Staff party")
    assert not opening.is_open(harbour, now)
    assert opening.next_opening(harbour, now).isoformat() == "2026-11-22T07:00:00+01:00"
    assert opening.closing(harbour, now) is None
    opening.drop_holiday(holiday=today, now=now)
    opening.drop_holiday(holiday=today, now=now)
    assert opening.is_open(harbour, now)
    told = facts_about(harbour.pk)
    assert told[-2:] == ["people.holidays_set", "people.holiday_dropped"]


def test_a_holiday_of_several_days_is_replaced_day_by_day(keep, harbour, now):
    keep(first=TODAY, last=TODAY + 2 * DAY)
    keep(first=TODAY + DAY, spans=[LUNCH], name="Only lunch")
    shown = [(one.on, one.name, one.is_closed) for one in opening.coming_holidays(harbour, now)]
    assert shown == [
        (TODAY, "", True),
        (TODAY + DAY, "Only lunch", False),
        (TODAY + 2 * DAY, "", True),
    ]
    assert opening.hours_at([harbour.pk])[harbour.pk] == opening.hours_of(harbour)
    assert opening.hours_of(harbour).holidays[1] == OwnHours(TODAY + DAY, (LUNCH,))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first": TODAY - DAY}, "first"),
        ({"last": TODAY - DAY}, "last"),
        ({"last": TODAY + 92 * DAY}, "last"),
        ({"spans": [LUNCH, (time(14), time(18))]}, "spans"),
        ({"spans": [LUNCH, (time(11), time(11))]}, "spans"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_what_no_holiday_can_be_is_refused(keep, wrong, field):
    with pytest.raises(Invalid) as refused:
        keep(**({"first": TODAY} | wrong))
    assert refused.value.field == field
    assert not Holiday.objects.exists()
