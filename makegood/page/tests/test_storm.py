"""Storm control, in virtual time: nobody is rung more often than the table allows, nothing is lost,
and who leaves first comes first."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from makegood.ground.waiting import treat_all_waiting
from makegood.page.access import pages_ringing_for
from makegood.page.hands import answering
from makegood.page.jobs import RUNGS
from makegood.page.models import Attempt, Page
from makegood.page.rungs.throttling import (
    AT_MOST,
    LOOKS_AGAIN_EVERY,
    MOST,
    TABLE,
    WINDOW,
    has_room_at,
    is_counted_alone,
    looks_again_at,
)  # fmt: skip
from makegood.page.tests.conftest import ON_DUTY_ONLY, facts_of, hire
from tests.patience import PATIENCE, until

SECOND = timedelta(seconds=1)
PLACES = 200
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def play(since, until):
    """Lets time pass from due time to due time."""
    next_due = RUNGS.next_due
    assert next_due
    at = since
    while at and at <= until:
        treat_all_waiting(RUNGS, now=at)
        at = next_due(at)


@pytest.fixture
def five(harbour, bo, mina, on_duty):
    people = [bo, mina, *(hire(harbour, name, "Storm") for name in ("Kim", "Lu", "Noa"))]
    on_duty(*people)
    return people


@pytest.fixture
def storm(ring, five, now):
    """200 places pressed in ten seconds; who pressed later leaves earlier."""
    return [
        ring(
            at=now + 10 * SECOND * number / PLACES,
            place=f"Place {number}",
            leaves_at=now + timedelta(minutes=30) - number * SECOND,
            ladder=ON_DUTY_ONLY,
            severity=4,
        )
        for number in range(PLACES)
    ]


def rings_of(staff):
    rung = Attempt.objects.filter(staff=staff, channel="screen").order_by("made_at")
    return list(rung.values_list("made_at", flat=True))


def test_two_hundred_places_in_ten_seconds(storm, five, now):
    play(now, now + timedelta(minutes=4))
    allowed = AT_MOST[4]
    for staff in five:
        rung = rings_of(staff)
        for earlier, later in zip(rung, rung[allowed:], strict=False):
            assert later - earlier >= WINDOW  # never more than the table says in any minute
    assert not Page.objects.filter(sent_at=None).exists()  # nothing is lost: each was rung
    assert not Page.objects.filter(next_rung_at=None).exists()  # and has its next step
    assert Page.objects.count() == PLACES

    waited = Page.objects.filter(sent_at__gt=now + 11 * SECOND)
    assert waited.count() == PLACES - 5 * allowed
    rung_in_turn = list(waited.order_by("sent_at", "leaves_at"))
    assert rung_in_turn == list(waited.order_by("leaves_at"))  # who leaves first is rung first


def test_meanwhile_they_wait_in_everybodys_list_and_anybody_takes_one(storm, mina, bo, now):
    held = Page.objects.filter(sent_at=None)
    assert held.count() == PLACES - 5 * AT_MOST[4]
    listed = pages_ringing_for(mina)
    assert listed[0] == storm[-1]  # who leaves first
    assert set(held) <= set(listed)
    later = now + 12 * SECOND
    answering.going(page=storm[-1], staff=mina, now=later)
    assert storm[-1] not in pages_ringing_for(bo)
    assert facts_of(storm[-1])[:2] == ["opened", "held"]


def test_the_first_page_to_a_person_is_never_held(ring, bo, on_duty, now):
    on_duty(bo)
    small = [ring(severity=1, ladder=ON_DUTY_ONLY) for _ in range(AT_MOST[1] + 1)]
    assert [bool(page.sent_at) for page in small] == [True] * AT_MOST[1] + [False]
    assert ring(severity=5).sent_at  # what is grave still rings


def test_whom_the_table_spares_leaves_it_to_the_next_rung(ring, bo, cy, on_duty, now):
    on_duty(bo)  # Cy is at home: the last resort
    for _ in range(AT_MOST[3]):
        ring(ladder=ON_DUTY_ONLY)
    page = ring()
    assert [one.staff for one in page.attempts.all()] == [cy]


def test_a_second_ring_waits_until_everybody_as_grave_was_rung_once(ring, bo, on_duty, now):
    on_duty(bo)
    first = [ring(ladder=ON_DUTY_ONLY) for _ in range(AT_MOST[3])]
    last = ring(ladder=ON_DUTY_ONLY, leaves_at=now + timedelta(hours=1))
    assert last.sent_at is None
    play(now, now + WINDOW + LOOKS_AGAIN_EVERY)
    last = Page.objects.get(pk=last.pk)
    assert last.sent_at  # before any of the first was rung again
    assert last.sent_at <= now + WINDOW + LOOKS_AGAIN_EVERY
    again = Attempt.objects.filter(page__in=first, round__gt=0)
    assert all(one.made_at >= last.sent_at for one in again)


def test_who_comes_on_duty_takes_the_overflow_at_once(ring, bo, harbour, on_duty, now):
    on_duty(bo)
    pages = [ring(ladder=ON_DUTY_ONLY) for _ in range(AT_MOST[3] + 2)]
    mina = hire(harbour, "Mina", "Late")
    on_duty(mina, at=now + SECOND)
    play(now, looks_again_at(now))
    rung = Attempt.objects.filter(staff=mina)
    assert {one.page for one in rung} == set(pages[-2:])


@pytest.fixture
def remind(ring, bo):
    """As the policy reminds: whose promise it is, then whoever manages."""
    rungs = [
        {"who": f"staff:{bo.pk}", "wait_seconds": 1800},
        {"who": "manager", "wait_seconds": 3600},
    ]
    about = {"purpose": Page.Purpose.REMIND, "ladder": rungs, "leaves_at": None}
    return lambda at, number: [
        ring(at=at, severity=5, place=f"Promise {one}", **about) for one in range(number)
    ]


def test_reminders_leave_room_for_the_guest_who_presses_next(remind, ring, bo, on_duty, now):
    on_duty(bo)
    remind(now, 20)
    assert Attempt.objects.filter(staff=bo).count() == AT_MOST[1]
    page = ring(at=now + SECOND)
    assert [one.staff for one in page.attempts.all()] == [bo]


@pytest.mark.parametrize("reminders", [0, 40])
def test_reminders_do_not_keep_a_page_from_climbing(
    remind, ring, bo, mina, on_duty, now, reminders
):
    on_duty(bo, mina)
    page = ring(ladder=ON_DUTY_ONLY, leaves_at=now + timedelta(minutes=6))
    remind(now + SECOND, reminders)
    play(now + SECOND, now + timedelta(minutes=1))
    first, second = page.attempts.order_by("made_at")
    assert second.made_at - first.made_at == timedelta(seconds=45)


@given(
    st.lists(st.integers(0, 120), max_size=40),
    st.sampled_from(sorted(AT_MOST)),
    st.integers(0, 120),
)
def test_room_is_exactly_when_the_window_has_less_than_the_table(ago, severity, at):
    now = looks_again_at(NOON) + at * SECOND
    rung = [now - one * SECOND for one in ago]
    room = has_room_at(rung, severity, now=now)
    lately = [one for one in rung if one > now - WINDOW]
    assert (room is None) == (len(lately) < AT_MOST[severity])
    if room:
        assert now < room <= now + WINDOW
        assert has_room_at(rung, severity, now=room) is None
        assert has_room_at(rung, severity, now=room - timedelta(microseconds=1))


def test_the_table_has_a_row_for_each_severity_and_is_kinder_to_what_is_grave():
    assert [severity for row in TABLE for severity in row.severities] == [1, 2, 3, 4, 5]
    assert [AT_MOST[one] for one in range(1, 6)] == sorted(AT_MOST.values())
    assert max(AT_MOST.values()) == MOST
    assert min(AT_MOST.values()) >= 1


@given(st.integers(0, 10**9))
def test_what_is_held_looks_again_together(seconds):
    at = NOON + seconds * timedelta(milliseconds=7)
    again = looks_again_at(at)
    assert timedelta() < again - at <= LOOKS_AGAIN_EVERY
    assert looks_again_at(again - timedelta(microseconds=1)) == again


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", [1, 3])
def test_those_who_ring_one_person_at_the_same_moment_keep_to_the_table(
    at_once, ring, bo, on_duty, now, others
):
    """On real connections: while one that gives the last ring has not ended, the others wait."""
    on_duty(bo)
    for _ in range(AT_MOST[3] - 1):
        ring(ladder=ON_DUTY_ONLY)
    rung, ended = Event(), Event()

    def first():
        with transaction.atomic():
            page = ring(ladder=ON_DUTY_ONLY)
            rung.set()
            until(lambda: ended.is_set() or waiting_for_their_turn() == others)
            return page

    def other():
        assert rung.wait(PATIENCE)
        try:
            return ring(ladder=ON_DUTY_ONLY)
        finally:
            ended.set()

    pages = at_once(first, *[other] * others)
    assert sorted(bool(page.sent_at) for page in pages) == [False] * others + [True]
    assert len(rings_of(bo)) == AT_MOST[3]


def waiting_for_their_turn():
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            " and database = (select oid from pg_database where datname = current_database())"
        )
        return cursor.fetchone()[0]


def test_a_lone_ring_with_room_to_spare_asks_no_more(ring, bo, on_duty):
    on_duty(bo)
    with CaptureQueriesContext(connection) as far:
        ring(ladder=ON_DUTY_ONLY)
    ring(ladder=ON_DUTY_ONLY)
    with CaptureQueriesContext(connection) as half:
        ring(ladder=ON_DUTY_ONLY)
    with CaptureQueriesContext(connection) as near:
        ring(ladder=ON_DUTY_ONLY)
    assert len(far) == len(half) == len(near) - 2


@given(st.integers(0, 12), st.integers(1, 12), st.sampled_from(sorted(AT_MOST)))
def test_whoever_nears_the_table_is_counted_alone(lately, more, severity):
    if is_counted_alone(lately + more, severity):
        assert is_counted_alone(lately + more + 1, severity)
    else:  # two who do not see each other stay within the table
        assert lately + 2 * more <= AT_MOST[severity]
