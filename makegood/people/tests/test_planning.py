"""Turns, swaps and absences at Harbour, and who is planned in the end."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from makegood.ground.refusals import Invalid, NotAllowed
from makegood.people import absence, rotating
from makegood.people.gaps import Stretch
from makegood.people.models import Absence, Rotation
from makegood.people.opening import keep_hours
from makegood.people.planning import absences_ahead, gaps_of, plan_of, rotations_of
from makegood.people.posts import PostHours
from makegood.people.rota import plan_shift
from tests.cast import facts_about
from tests.doors.colleagues import of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]
SUNDAY = datetime(2026, 11, 21, 23, tzinfo=UTC)  # midnight at Harbour
DAY = timedelta(days=1)


@pytest.fixture
def take_turns(harbour, bo, mina, cy, now):
    return partial(
        rotating.begin_rotation,
        site=harbour, name="Floor", members=[bo, mina], begins_on=date(2026, 11, 22),
        every_days=1, hands_over_at=time(), now=now, by=cy,
    )  # fmt: skip


def planned(site, days=3):
    return [(one.staff, one.instead_of) for one in plan_of(site, SUNDAY, SUNDAY + days * DAY)]


def test_turns_swaps_and_absences_together(take_turns, harbour, bo, mina, cy, now):
    rotation = take_turns()
    assert planned(harbour) == [(bo, None), (mina, None), (bo, None)]
    swap = rotating.override_turn(
        rotation=rotation, staff=cy, starts_at=SUNDAY, ends_at=SUNDAY + DAY, now=now
    )
    assert planned(harbour) == [(cy, bo), (mina, None), (bo, None)]
    away = absence.note_absence(
        staff=mina, starts_at=SUNDAY, ends_at=SUNDAY + 3 * DAY, substitute=None, now=now
    )
    assert planned(harbour) == [(cy, bo), (None, mina), (bo, None)]
    rotating.drop_override(override=swap, now=now)
    rotating.drop_override(override=swap, now=now)
    absence.drop_absence(absence=away, now=now)
    absence.drop_absence(absence=away, now=now)
    assert planned(harbour) == [(bo, None), (mina, None), (bo, None)]
    assert facts_about(rotation.pk) == [
        "people.rotation_began", "people.turn_overridden", "people.override_dropped"
    ]  # fmt: skip
    assert facts_about(away.pk) == ["people.absence_noted", "people.absence_dropped"]


def test_a_substitute_has_the_shifts_too(harbour, bo, mina, now):
    shift = plan_shift(site=harbour, staff=bo, starts_at=SUNDAY, ends_at=SUNDAY + DAY, now=now)
    noon = SUNDAY + DAY / 2
    absence.note_absence(staff=bo, starts_at=noon, ends_at=noon + DAY, substitute=mina, now=now)
    found = plan_of(harbour, SUNDAY, SUNDAY + DAY)
    assert [(one.staff, one.ends_at, one.shift) for one in found] == [
        (bo, noon, shift), (mina, SUNDAY + DAY, shift)
    ]  # fmt: skip
    assert [one.staff for one in absences_ahead(harbour, now)] == [bo]
    assert absences_ahead(harbour, now + 9 * DAY) == []


def test_who_has_the_night_finishes_it_when_other_turns_are_taken(
    take_turns, harbour, bo, cy, now
) -> None:
    nights = PostHours((), ((time(22), time(6)),))
    rotation = take_turns(hours=nights)
    rotating.change_rotation(
        rotation=rotation, members=[cy], begins_on=date(2026, 11, 23), every_days=1,
        hands_over_at=time(), hours=nights, now=now,
    )  # fmt: skip
    ten, eight = timedelta(hours=22), timedelta(hours=8)
    assert [(one.starts_at, one.ends_at, one.staff) for one in
            plan_of(harbour, SUNDAY, SUNDAY + 2 * DAY + eight)] == [
        (SUNDAY + ten, SUNDAY + ten + eight, bo),
        (SUNDAY + DAY + ten, SUNDAY + DAY + ten + eight, cy),
    ]  # fmt: skip


def test_a_night_is_not_cut_where_a_week_ends(take_turns, harbour) -> None:
    take_turns(hours=PostHours((), ((time(22), time(6)),)))
    nights = [
        (one.starts_at, one.ends_at)
        for days in (0, 1)
        for one in plan_of(harbour, SUNDAY + days * DAY, SUNDAY + (days + 1) * DAY)
    ]
    hour = timedelta(hours=1)
    first = (SUNDAY + 22 * hour, SUNDAY + 30 * hour)
    assert nights == [first, first, tuple(at + DAY for at in first)]


def test_a_site_open_longer_than_the_post_is_filled_has_exact_gaps(
    take_turns, harbour, now
) -> None:
    keep_hours(site=harbour, opens_at=time(9), closes_at=time(17), now=now)
    take_turns(hours=PostHours((6,), ((time(9, 5), time(12)), (time(12, 50), time(17)))))
    window = Stretch(SUNDAY, SUNDAY + 2 * DAY)
    found = gaps_of(harbour, window, plan_of(harbour, window.starts_at, window.ends_at))
    minute = timedelta(minutes=1)
    said = [((one.starts_at - SUNDAY) / minute, (one.ends_at - SUNDAY) / minute) for one in found]
    assert said == [
        (540, 545), (720, 770), (1440 + 540, 1440 + 1020)
    ]  # fmt: skip


def test_hours_that_overlap_are_refused(take_turns) -> None:
    with pytest.raises(Invalid) as refused:
        take_turns(hours=PostHours((), ((time(9), time(17)), (time(16), time(20)))))
    assert refused.value.field == "spans"
    assert not Rotation.objects.exists()


def test_ended_turns_stay_readable(take_turns, harbour, bo, now):
    rotation = take_turns()
    later = SUNDAY + DAY / 2
    rotating.end_rotation(rotation=rotation, now=later)
    rotating.end_rotation(rotation=rotation, now=later)
    assert planned(harbour) == [(bo, None)]
    assert rotations_of(harbour, later) == []
    assert facts_about(rotation.pk)[1:] == ["people.rotation_ended"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"members": []}, "members"), ({"every_days": 0}, "every_days"),
     ({"every_days": 29}, "every_days"), ({"name": " "}, "name")],
)  # fmt: skip
def test_turns_that_cannot_be_are_refused(take_turns, wrong, field):
    with pytest.raises(Invalid) as refused:
        take_turns(**wrong)
    assert refused.value.field == field
    assert not Rotation.objects.exists()


def test_who_is_named_twice_or_works_elsewhere_takes_no_turns(take_turns, bo, now):
    with pytest.raises(Invalid):
        take_turns(members=[bo, bo])
    with pytest.raises(NotAllowed):
        take_turns(members=[bo, of_another_house(now)])


def test_an_absence_that_cannot_be_is_refused(bo, now):
    away = partial(absence.note_absence, staff=bo, now=now)
    with pytest.raises(Invalid):
        away(starts_at=now - DAY, ends_at=now)
    with pytest.raises(Invalid) as refused:
        away(starts_at=now, ends_at=now + DAY, substitute=bo)
    assert refused.value.field == "substitute"
    assert not Absence.objects.exists()
