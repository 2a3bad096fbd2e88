"""Where every hand counts: all are rung together, the first goes, the others say that they know."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from makegood.ground.models import Bulletin
from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.page import access
from makegood.page.channels.screen.sending import CHANNEL
from makegood.page.delivery.carrying import is_wanted
from makegood.page.duty.reading import unheard
from makegood.page.equipment.equipping import wish
from makegood.page.hands import answering, knowing
from makegood.page.jobs import DELAYED, INSISTS
from makegood.page.models import Attempt, Device, Page
from makegood.page.rungs.climbing import climb_all
from makegood.page.rungs.throttling import AT_MOST, looks_again_at
from makegood.page.tests.conftest import facts_of, heard_by, hire
from makegood.people import duty
from makegood.people.models import Site, Staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_only_this_room_listens")]

EVERY = [
    {"who": "on_duty", "wait_seconds": 45, "hands": "every"},
    {"who": "owner", "wait_seconds": 60},
]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LATER = 5 * SECOND
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def page(bo: Staff, mina: Staff, cy: Staff, on_duty, ring) -> Page:
    on_duty(bo, mina, cy)
    rung: Page = ring(ladder=EVERY)
    return rung


def rings(page: Page, *people: Staff) -> list[bool]:
    return [page in access.pages_ringing_for(one) for one in people]


def test_all_are_rung_together_and_the_first_who_goes_goes(page, bo, mina, cy, now) -> None:
    assert rings(page, bo, mina, cy) == [True, True, True]
    taken = answering.going(page=page, staff=mina, now=now + LATER)
    assert taken.taken_by == mina
    assert rings(page, bo, mina, cy) == [True, False, True]
    assert {one.first_name for one in unheard(taken)} == {"Bo", "Cy"}


def test_it_rings_on_for_each_until_they_say_that_they_know(page, bo, mina, cy, now) -> None:
    answering.going(page=page, staff=mina, now=now + LATER)
    assert "stop" not in [said["kind"] for said in heard_by(bo)]
    assert heard_by(bo)[-1]["by"]["name"] == "Mina"
    for _ in range(2):
        knowing.know(page=page, staff=bo, now=now + 2 * LATER)
    assert rings(page, bo, cy) == [False, True]
    assert heard_by(bo)[-1]["kind"] == "stop"
    assert heard_by(mina)[-1]["kind"] == "state"
    assert facts_of(page).count("known") == 1


def test_who_taps_going_second_is_told_who_goes_and_counts_as_knowing(page, bo, mina, cy, now):
    answering.going(page=page, staff=mina, now=now + LATER)
    with pytest.raises(Refused, match="Mina is already going"):
        answering.going(page=page, staff=bo, now=now + 2 * LATER)
    answering.cant(page=page, staff=cy, now=now + 2 * LATER)
    assert rings(page, bo, cy) == [False, False]
    assert facts_of(page).count("known") == 2
    assert not unheard(Page.objects.get(pk=page.pk))


def test_a_phone_that_waits_still_rings_for_who_has_not_said_so(page, bo, mina, cy, now) -> None:
    answering.going(page=page, staff=mina, now=now + LATER)
    knowing.know(page=page, staff=bo, now=now + 2 * LATER)
    asked = Attempt.objects.filter(page=page, channel=CHANNEL).select_related("page")
    wanted = {one.staff_id: is_wanted(one) for one in asked}
    assert wanted == {bo.pk: False, mina.pk: False, cy.pk: True}


def test_the_end_of_the_page_silences_everybody(page, bo, mina, cy, now) -> None:
    answering.with_customer(page=page, staff=mina, now=now + LATER)
    assert rings(page, bo, cy) == [True, True]
    answering.finish(page=page, staff=mina, now=now + 2 * LATER)
    assert rings(page, bo, cy) == [False, False]
    assert heard_by(cy)[-1]["kind"] == "stop"
    with pytest.raises(Refused, match="looked after"):
        knowing.know(page=page, staff=cy, now=now + 3 * LATER)


def test_going_that_reaches_nobody_rings_all_of_them_anew(page, bo, mina, cy, now) -> None:
    taken = answering.going(page=page, staff=mina, now=now + LATER)
    knowing.know(page=page, staff=bo, now=now + 2 * LATER)
    assert taken.next_rung_at
    climb_all([taken], now=taken.next_rung_at)
    assert rings(page, bo, mina, cy) == [True, True, True]


def test_while_nobody_goes_knowing_changes_nothing(page, bo, now) -> None:
    assert knowing.know(page=page, staff=bo, now=now).state == Page.State.RINGING
    assert rings(page, bo) == [True]


def test_who_leaves_duty_is_waited_for_no_more_and_takes_nothing_along(
    page, bo, mina, cy, now
) -> None:
    answering.going(page=page, staff=mina, now=now + LATER)
    duty.end_duty(staff=cy, handed_to=bo, now=now + 2 * LATER)
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, mina)
    assert rings(page, cy) == [False]


def test_on_other_rungs_who_came_second_is_only_too_late(bo, mina, on_duty, ring, now) -> None:
    on_duty(bo, mina)
    page = ring()
    answering.going(page=page, staff=bo, now=now + LATER)
    with pytest.raises(Refused):
        answering.going(page=page, staff=mina, now=now + LATER)
    assert "known" not in facts_of(page)
    assert rings(page, mina) == [False]


def anew(*people: Staff) -> list[int]:
    """How often each was rung in the page's round after the first ring."""
    rung = Attempt.objects.filter(channel=CHANNEL, again__gt=0)
    return [rung.filter(staff=one).count() for one in people]


def play(until) -> None:
    """Lets time pass, for those alone who have to say that they know."""
    assert INSISTS.next_due
    while (at := INSISTS.next_due(until)) and at <= until:
        treat_all_waiting(INSISTS, now=at)


def test_who_stays_silent_is_rung_anew_and_nobody_else(page, bo, mina, cy, now) -> None:
    taken = answering.going(page=page, staff=mina, now=now + LATER)
    heard = len(heard_by(mina))
    knowing.know(page=page, staff=bo, now=now + 2 * LATER)
    heard_of_bo = len(heard_by(mina))
    play(now + LATER + MINUTE)
    assert anew(bo, mina, cy) == [0, 0, 1]
    assert (heard_by(cy)[-1]["kind"], heard_by(cy)[-1]["going"]) == ("ring", "Mina")
    assert len(heard_by(mina)) == heard_of_bo == heard + 1  # only that Bo knows
    page.refresh_from_db()
    assert (page.state, page.next_rung_at) == (Page.State.GOING, taken.next_rung_at)
    assert facts_of(page).count("asked_again") == 1
    play(now + LATER + 2 * MINUTE)
    assert anew(cy) == [2]
    knowing.know(page=page, staff=cy, now=now + 3 * MINUTE)
    play(now + DAY)
    assert anew(bo, mina, cy) == [0, 0, 2]
    assert Page.objects.get().asks_again_at is None


def test_also_while_somebody_is_with_the_customer_until_the_page_ends(page, bo, mina, now) -> None:
    answering.with_customer(page=page, staff=mina, now=now + LATER)
    play(now + HOUR)
    rung = anew(bo)[0]
    assert 5 < rung < 15  # the pauses of rounds: a minute at first, in the end a quarter of an hour
    answering.finish(page=page, staff=mina, now=now + HOUR)
    play(now + DAY)
    assert anew(bo) == [rung]


def test_a_going_that_reaches_nobody_rings_a_new_round_and_not_anew(page, bo, mina, now) -> None:
    taken = answering.going(page=page, staff=mina, now=now + LATER)
    assert taken.next_rung_at
    climb_all([Page.objects.get()], now=taken.next_rung_at)
    assert Page.objects.get().asks_again_at is None
    play(now + DAY)
    assert anew(bo, mina) == [0, 0]


def test_the_table_holds_for_who_is_rung_anew(page, cy, mina, ring, now) -> None:
    answering.going(page=page, staff=mina, now=now + LATER)
    due = now + LATER + MINUTE
    for _ in range(AT_MOST[3]):
        ring(at=due - LATER, ladder=[{"who": f"staff:{cy.pk}", "wait_seconds": 45}])
    play(due)
    assert anew(cy) == [0]
    page.refresh_from_db()
    assert page.asks_again_at == looks_again_at(due)
    play(due + MINUTE)
    assert anew(cy) == [1]


def test_a_device_that_rings_later_keeps_its_time_and_rings_anew_after_it(
    bo, cy, mina, now, ring, on_duty
) -> None:
    on_duty(bo, mina, cy)
    wrist = Device.objects.create(
        organisation_id=cy.organisation_id, staff=cy, channel="wrist", name="Wrist", address={},
        added_at=now,
    )  # fmt: skip
    wish(staff=cy, delays={wrist.pk: 90 * SECOND}, quiet=None)
    page = ring(ladder=EVERY)
    answering.going(page=page, staff=mina, now=now + LATER)
    for seconds in range(0, 400, 5):
        play(now + seconds * SECOND)
        treat_all_waiting(DELAYED, now=now + seconds * SECOND)
    rung = Attempt.objects.filter(device=wrist).order_by("made_at")
    due = [(one.again, (one.sent_at - now) / SECOND) for one in rung if one.sent_at]
    assert due == [(0, 90), (2, 215), (4, 335)]
    told = Bulletin.objects.filter(topic=f"device:{wrist.pk}", data__kind="ring").order_by("pk")
    assert [one.data["again"] for one in told] == [0, 2, 4]


VERBS = {
    "going": answering.going,
    "cant": answering.cant,
    "know": knowing.know,
    "with": answering.with_customer,
}
SAID = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(VERBS))), max_size=8)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=SAID)
def test_it_rings_for_exactly_those_who_have_not_answered(said, harbour_of_four, ring, now) -> None:
    """Whatever is said, in any order, on a rung where every hand counts, within one round."""
    people = harbour_of_four
    with transaction.atomic():
        page = ring(ladder=EVERY)
        waiting = set(range(len(people)))
        for number, (who, word) in enumerate(said, 1):
            free, reached = (page.state == state for state in (Page.State.RINGING, Page.State.WITH))
            with suppress(Refused):  # taken, or they are with the customer: told so
                VERBS[word](page=page, staff=people[who], now=now + timedelta(seconds=number))
            page.refresh_from_db()
            if page.round:
                break
            if not (word == "know" and free) and not (word == "with" and reached):
                waiting.discard(who)
            rung = {n for n, one in enumerate(people) if page in access.pages_ringing_for(one)}
            assert rung == waiting
            assert page.next_rung_at or page.state == Page.State.WITH
            if page.taken_by and waiting - {people.index(page.taken_by)}:
                assert page.asks_again_at
        transaction.set_rollback(True)


@pytest.fixture
def harbour_of_four(harbour: Site, on_duty) -> list[Staff]:
    people = [hire(harbour, name, "K") for name in ("Ada", "Ben", "Cleo", "Dov")]
    on_duty(*people)
    return people
