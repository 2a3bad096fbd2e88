"""Drafts of the rota: tried without a trace, published whole, taken back exactly."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from makegood.ground.refusals import Invalid, Refused
from makegood.people import absence, drafting, rota, rotating
from makegood.people.drafting import (
    DropShift,
    EndTurns,
    PlanShift,
    SwapShift,
    SwapTurn,
    TakeTurns,
)
from makegood.people.models import RotaDraft, Rotation, Shift, Site, Staff, TurnOverride
from makegood.people.planning import Planned, plan_of
from makegood.people.posts import PostHours
from makegood.people.tests.test_turns import SPANS_OF_A_DAY, WEEKDAYS
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MADRID = ZoneInfo("Europe/Madrid")


def local(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026 if month > 6 else 2027, month, day, hour, tzinfo=MADRID)


def said(site: Site, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime, str]]:
    return spoken(plan_of(site, begins, ends))


def spoken(planned) -> list[tuple[datetime, datetime, str]]:
    return [
        (one.starts_at, one.ends_at, one.staff.first_name if one.staff else "") for one in planned
    ]


def turns(*members: Staff, begins_on=date(2026, 12, 1), days: int = 7, at=time(8), **more):
    return TakeTurns("Floor", [one.pk for one in members], begins_on, days, at, **more)


def test_a_draft_is_tried_without_a_trace_and_published_whole(
    harbour: Site, bo: Staff, mina: Staff, cy: Staff, now
) -> None:
    shift = rota.plan_shift(
        site=harbour, staff=bo, starts_at=local(12, 1, 9), ends_at=local(12, 1, 17), now=now
    )
    window = local(12, 1), local(12, 8)
    before = said(harbour, *window)
    for change in (DropShift(shift.pk), turns(mina, bo, days=1)):
        draft = drafting.add_change(site=harbour, change=change, now=now, by=cy)
    tried = spoken(drafting.try_out(draft, *window, now=now).planned)
    assert said(harbour, *window) == before != tried
    assert not Rotation.objects.exists()
    drafting.publish(draft=draft, now=now, by=cy)
    assert said(harbour, *window) == tried
    assert facts_about(draft.pk) == ["people.rota_published"]


def test_publishing_is_taken_back_within_the_hour_and_not_after(
    harbour: Site, bo: Staff, mina: Staff, now
) -> None:
    rotation = rotating.begin_rotation(
        site=harbour, name="Floor", members=[bo, mina], begins_on=date(2026, 11, 23),
        every_days=7, hands_over_at=time(8), now=now,
    )  # fmt: skip
    rotating.override_turn(
        rotation=rotation, staff=None, starts_at=local(12, 3), ends_at=local(12, 4), now=now
    )
    window = local(11, 23), local(12, 20)
    before = said(harbour, *window)
    other = turns(mina, bo, days=2, instead_of=rotation.pk)
    draft = drafting.add_change(site=harbour, change=other, now=now)
    drafting.publish(draft=draft, now=now)
    after = said(harbour, *window)
    assert not any(begins == local(12, 3) for begins, _, name in after if name)  # the swap stays
    drafting.take_back(draft=draft, now=now + 59 * timedelta(minutes=1))
    assert said(harbour, *window) == before
    with pytest.raises(Refused, match="too long ago"):
        drafting.take_back(draft=draft, now=now)
    assert TurnOverride.objects.count() == 1
    again = drafting.add_change(site=harbour, change=EndTurns(rotation.pk), now=now)
    drafting.publish(draft=again, now=now)
    with pytest.raises(Refused, match="too long ago"):
        drafting.take_back(draft=again, now=now + HOUR)


def test_other_turns_begin_where_the_former_end(harbour: Site, bo, mina, cy, now) -> None:
    rotation = rotating.begin_rotation(
        site=harbour, name="Floor", members=[bo, mina], begins_on=date(2026, 11, 23),
        every_days=7, hands_over_at=time(8), now=now,
    )  # fmt: skip
    change = turns(cy, begins_on=date(2026, 12, 2), at=time(6), instead_of=rotation.pk)
    draft = drafting.add_change(site=harbour, change=change, now=now)
    drafting.publish(draft=draft, now=now)
    found = said(harbour, local(11, 30, 8), local(12, 5))
    assert [name for _, _, name in found] == ["Mina", "Cy"]
    assert found[0][1] == found[1][0] == local(12, 2, 6)


def test_shifts_and_turns_of_a_draft_are_swapped_within_it(harbour, bo, mina, cy, now) -> None:
    standing = rota.plan_shift(
        site=harbour, staff=bo, starts_at=local(12, 1, 9), ends_at=local(12, 1, 17), now=now
    )
    window = local(12, 1), local(12, 4)
    before = said(harbour, *window)
    planned = PlanShift(bo.pk, local(12, 2, 9), local(12, 2, 17))
    taken = turns(bo, days=1, hours=PostHours((), ((time(18), time(23)),)))
    evening = SwapTurn(taken.rotation, cy.pk, local(12, 2, 18), local(12, 2, 23))
    for change in (
        planned, taken, SwapShift(planned.shift, mina.pk), SwapShift(standing.pk, mina.pk), evening,
    ):  # fmt: skip
        draft = drafting.add_change(site=harbour, change=change, now=now)
    tried = spoken(drafting.try_out(draft, *window, now=now).planned)
    assert [name for _, _, name in tried] == ["Mina", "Bo", "Mina", "Cy", "Bo"]
    drafting.publish(draft=draft, now=now)
    assert said(harbour, *window) == tried
    assert "people.shift_swapped" in facts_about(standing.pk)
    drafting.take_back(draft=draft, now=now)
    assert said(harbour, *window) == before


def test_a_swap_that_cannot_be_is_refused_and_one_whose_shift_went_is_marked(
    harbour, bo, mina, now
) -> None:
    nine = PlanShift(bo.pk, local(12, 1, 9), local(12, 1, 17))
    hers = PlanShift(mina.pk, local(12, 1, 9), local(12, 1, 17))
    for change in (nine, hers):
        draft = drafting.add_change(site=harbour, change=change, now=now)
    with pytest.raises(Refused, match="Mina already has a shift"):
        drafting.add_change(site=harbour, change=SwapShift(nine.shift, mina.pk), now=now)
    draft = drafting.drop_change(draft=draft, number=1, now=now)
    draft = drafting.add_change(site=harbour, change=SwapShift(nine.shift, mina.pk), now=now)
    draft = drafting.drop_change(draft=draft, number=0, now=now)
    assert list(drafting.try_out(draft, now, now, now=now).refused) == [0]
    with pytest.raises(Refused, match="not in the rota any more"):
        drafting.publish(draft=draft, now=now)


def test_what_could_not_be_published_is_refused_when_it_is_drafted(
    harbour: Site, bo: Staff, now
) -> None:
    nine = PlanShift(bo.pk, local(12, 1, 9), local(12, 1, 17))
    drafting.add_change(site=harbour, change=nine, now=now)
    with pytest.raises(Refused, match="already has a shift"):
        drafting.add_change(site=harbour, change=nine, now=now)
    with pytest.raises(Invalid):
        drafting.add_change(site=harbour, change=turns(), now=now)
    assert len(RotaDraft.objects.get().changes) == 1


def test_what_the_rota_made_impossible_meanwhile_is_marked_and_stops_publishing(
    harbour: Site, bo: Staff, now
) -> None:
    nine, five = local(12, 1, 9), local(12, 1, 17)
    draft = drafting.add_change(site=harbour, change=PlanShift(bo.pk, nine, five), now=now)
    draft = drafting.add_change(
        site=harbour, change=PlanShift(bo.pk, local(12, 2, 9), local(12, 2, 17)), now=now
    )
    rota.plan_shift(site=harbour, staff=bo, starts_at=nine, ends_at=five, now=now)
    tried = drafting.try_out(draft, local(12, 1), local(12, 3), now=now)
    assert list(tried.refused) == [0]
    assert len(tried.planned) == 2
    with pytest.raises(Refused):
        drafting.publish(draft=draft, now=now)
    assert Shift.objects.count() == 1
    draft = drafting.drop_change(draft=draft, number=0, now=now)
    drafting.publish(draft=draft, now=now)
    assert Shift.objects.count() == 2
    with pytest.raises(Refused, match="published or laid aside"):
        drafting.publish(draft=draft, now=now)


def test_a_draft_laid_aside_leaves_room_for_another(harbour: Site, bo: Staff, now) -> None:
    nine = PlanShift(bo.pk, local(12, 1, 9), local(12, 1, 17))
    draft = drafting.add_change(site=harbour, change=nine, now=now)
    drafting.discard(draft=draft, now=now)
    assert drafting.draft_of(harbour) is None
    assert drafting.add_change(site=harbour, change=nine, now=now).pk != draft.pk
    assert not Shift.objects.exists()


FIRST = datetime(2027, 3, 20, tzinfo=UTC)  # a week before the clocks change
MINUTES = st.integers(0, 20 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
TURNS = st.builds(
    lambda members, days, *more: (members, FIRST.date() + days * DAY, *more),
    st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
    st.integers(0, 14),
    st.integers(1, 9),
    st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
    st.booleans(),
    st.builds(PostHours, WEEKDAYS, st.just(()) | SPANS_OF_A_DAY),
)
SWAPS = st.tuples(st.integers(0, 4), st.integers(0, 2))  # which change, and who instead
SHIFTS = st.tuples(st.integers(0, 2), MINUTES, st.integers(1, 24 * 60))
AWAY = st.tuples(
    st.integers(0, 2), MINUTES, st.integers(1, 5 * 24 * 60), st.none() | st.integers(0, 2)
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TURNS | SHIFTS | SWAPS, max_size=6), st.lists(AWAY, max_size=2))
def test_each_instant_of_a_draft_is_one_person_or_a_gap_and_comes_as_it_was_shown(
    harbour: Site, bo: Staff, mina: Staff, cy: Staff, now, wanted, away
) -> None:
    """Whatever is drafted, over a change of the clocks: shown, published, and taken back."""
    people, window = (bo, mina, cy), (FIRST, FIRST + 24 * DAY)
    with transaction.atomic():
        post = rotating.begin_rotation(
            site=harbour, name="Floor", members=[bo, mina], begins_on=FIRST.date(), every_days=3,
            hands_over_at=time(2, 30), now=now,
        )  # fmt: skip
        for who, begins, minutes, other in away:
            if other != who:
                absence.note_absence(
                    staff=people[who], starts_at=begins,
                    ends_at=begins + timedelta(minutes=minutes),
                    substitute=None if other is None else people[other], now=now,
                )  # fmt: skip
        before = said(harbour, *window)
        draft, made = None, list[object]()
        for one in wanted:
            change = swapped(one, people, made) if len(one) == 2 else meant(one, people, post)
            if change is None:
                continue
            made.append(change)
            try:
                draft = drafting.add_change(site=harbour, change=change, now=now)
            except Refused:
                continue
        if draft:
            tried = drafting.try_out(draft, *window, now=now)
            assert not tried.refused
            assert said(harbour, *window) == before
            for_each_line(tried.planned)
            drafting.publish(draft=draft, now=now)
            assert said(harbour, *window) == spoken(tried.planned)
            drafting.take_back(draft=draft, now=now)
            assert said(harbour, *window) == before
        transaction.set_rollback(True)


def meant(one, people, post: Rotation):
    if len(one) == 3:
        who, begins, minutes = one
        return PlanShift(people[who].pk, begins, begins + timedelta(minutes=minutes))
    members, begins_on, every, at, changes, hours = one
    return TakeTurns(
        "Floor", [people[number].pk for number in members], begins_on, every, at,
        instead_of=post.pk if changes else None, hours=hours,
    )  # fmt: skip


def swapped(one, people, made):
    """What puts somebody else where an earlier change planned somebody."""
    number, who = one
    former = made[number] if number < len(made) else None
    if isinstance(former, PlanShift):
        return SwapShift(former.shift, people[who].pk)
    if isinstance(former, TakeTurns):
        begins = datetime.combine(former.begins_on, time(12), UTC)
        return SwapTurn(former.rotation, people[who].pk, begins, begins + 2 * DAY)
    return None


def for_each_line(planned) -> None:
    """Within each post and each shift: one after the other, never two at once, never none by name
    and nobody asked for."""
    lines: dict[object, list[Planned]] = {}
    for one in planned:
        line = one.shift.pk if one.shift else one.rotation.pk
        lines.setdefault(line, []).append(one)
        assert one.starts_at < one.ends_at
        assert one.staff or one.instead_of
    for line in lines.values():
        assert all(before.ends_at <= after.starts_at for before, after in pairwise(line))
