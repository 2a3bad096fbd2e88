"""The audit, tried by breaking things on purpose: what lies still is found, said and rung for."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from makegood.ground import clock
from makegood.ground.models import Entry
from makegood.page.duty.selftesting import ring_for_test
from makegood.page.hands import answering
from makegood.page.models import Attempt, Page, PagerWord, SelfTest
from makegood.page.proof.auditing import audit, look, matter_of, silent_lanes
from makegood.page.proof.lateness import spoken
from makegood.page.rungs.climbing import climb_all
from makegood.page.tests.conftest import heard_by
from makegood.page.tests.provider import carry_all
from makegood.sense.models import Signal

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def page(ring, bo, cy, on_duty):
    on_duty(bo, cy)
    return ring()


def found(now) -> list[tuple[str, int, int]]:
    return [(late.queue, late.count, round(late.seconds)) for late in look(now)]


def test_where_everything_moves_there_is_nothing_to_say(page, now):
    assert found(now) == []
    assert found(page.next_rung_at + 10 * SECOND) == []  # a tick may take its time
    climb_all([page], now=page.next_rung_at + 10 * SECOND)
    assert found(page.next_rung_at) == []


def test_a_tick_that_stands_still_is_found(page):
    assert found(page.next_rung_at + 16 * SECOND) == [("rungs", 1, 16)]


def test_a_page_without_a_next_step_is_found_though_the_database_forbids_it(page, now):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table page_page drop constraint open_page_has_a_next_step")
    Page.objects.filter(pk=page.pk).update(next_rung_at=None)
    assert found(now + 40 * SECOND) == [("no_step", 1, 40)]


def test_a_ring_that_nobody_carries_is_found(ring, bo, on_duty, pigeon, provider, now):
    pigeon(bo, "phone")
    on_duty(bo)
    ring()
    assert found(now + 21 * SECOND) == [("rings", 1, 21)]
    carry_all(now + 21 * SECOND)
    assert found(now + 22 * SECOND) == []


def test_a_claim_whose_worker_died_is_found_when_its_lease_is_over(
    ring, bo, on_duty, pigeon, provider, now
):
    phone = pigeon(bo, "phone")
    on_duty(bo)
    ring()
    Attempt.objects.filter(device=phone).update(tries=1, hand_over_at=now + 30 * SECOND)
    assert found(now + 35 * SECOND) == []
    assert found(now + 51 * SECOND) == [("rings", 1, 21)]


def test_a_device_nobody_silences_is_found(ring, bo, mina, on_duty, pigeon, provider, now):
    pigeon(bo, "phone")
    on_duty(bo, mina)
    page = ring()
    carry_all(now)
    answering.going(page=page, staff=mina, now=now)
    assert ("stops", 1, 61) in found(now + 61 * SECOND)


def test_a_press_nobody_judges_is_found_also_while_it_is_put_off(harbour, table_14, now):
    Signal.objects.create(
        organisation=harbour.organisation, site=harbour, touchpoint=table_14, kind="press",
        key=uuid4().hex, place="Table 14", dwell_minutes=4, happened_at=now, received_at=now,
        try_after=now + timedelta(minutes=5),
    )  # fmt: skip
    assert found(now + 9 * SECOND) == []
    assert found(now + 11 * SECOND) == [("signals", 1, 11)]


def test_a_word_of_a_wrist_nobody_acts_on_is_found(page, bo, pigeon, now):
    PagerWord.objects.create(
        organisation_id=page.organisation_id, device=pigeon(bo, "wrist"), page=page, round=0,
        kind="going", said_at=now, treat_at=now,
    )  # fmt: skip
    assert found(now + 12 * SECOND) == [("words", 1, 12)]


def test_a_wrist_that_was_felt_and_nobody_acts_on_it_is_found(bo, harbour, pigeon, now):
    test = ring_for_test(staff=bo, site=harbour, device=pigeon(bo, "wrist"), now=now)
    SelfTest.objects.filter(pk=test.pk).update(treat_at=now)
    assert found(now + 12 * SECOND) == [("words", 1, 12)]


def errand(*, waits: timedelta, ready_in: timedelta | None = None) -> None:
    """An errand asked for so long ago; Procrastinate counts by the world's clock."""
    task = app.configure_task("ground.forget_old_bulletins")
    job = task.defer(timestamp=0)
    with connection.cursor() as cursor:
        if ready_in is not None:  # it failed, and is tried again later
            cursor.execute(
                "update procrastinate_jobs set scheduled_at = now() + make_interval(secs => %s)"
                " where id = %s",
                [ready_in.total_seconds(), job],
            )
        cursor.execute(
            "update procrastinate_events set at = at - make_interval(secs => %s)"
            " where job_id = %s and type = 'deferred'",
            [waits.total_seconds(), job],
        )


def test_an_errand_that_lies_is_found_and_rings_nobody(harbour, bo, cy, on_duty):
    on_duty(bo, cy)
    errand(waits=16 * MINUTE)
    now = clock.now()
    assert found(now) == [("errands", 1, 960)]
    (late,) = audit(now=now)
    assert late.words == "1 errand has not been run for 16 min."
    assert not Page.objects.exists()


def test_an_errand_has_its_time(harbour):
    errand(waits=14 * MINUTE)
    assert found(clock.now()) == []


def test_an_errand_that_is_tried_again_later_is_not_late(harbour):
    errand(waits=60 * MINUTE, ready_in=10 * MINUTE)
    assert found(clock.now()) == []


def test_an_errand_is_late_when_its_next_try_is(harbour):
    errand(waits=60 * MINUTE, ready_in=-20 * MINUTE)
    assert found(clock.now()) == [("errands", 1, 1200)]


def test_the_seniors_are_rung_once_while_it_lasts_and_it_ends_by_itself(page, cy, harbour):
    late = page.next_rung_at + 20 * SECOND
    audit(now=late)
    (alarm,) = Page.objects.filter(about=matter_of(harbour.pk))
    assert (alarm.purpose, alarm.severity, alarm.place) == ("remind", 5, "Pages are not moving")
    assert "1 page has not moved on for 20 s." in alarm.what
    assert heard_by(cy)[-1]["page"] == str(alarm.pk)
    audit(now=late + 30 * SECOND)
    assert Page.objects.filter(about=matter_of(harbour.pk)).count() == 1
    climb_all([page], now=late + 40 * SECOND)
    audit(now=late + 41 * SECOND)
    alarm.refresh_from_db()
    assert alarm.state == Page.State.DONE
    names = Entry.objects.filter(about=matter_of(harbour.pk)).order_by("pk")
    assert list(names.values_list("name", flat=True)) == [
        "page.standstill_found", "page.standstill_ended",
    ]  # fmt: skip


def test_it_costs_a_few_questions_whatever_waits(page, ring, now):
    for _ in range(4):
        ring()
    with CaptureQueriesContext(connection) as asked:
        audit(now=now)
    assert len(asked) <= 7


def test_a_lane_that_never_beat_or_beats_no_more_is_silent(db):
    names = {one.lane for one in silent_lanes(broker=False)}
    assert {"urgent", "carrying", "tick"} <= names
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ground_heartbeat values ('tick', clock_timestamp()),"
            " ('urgent', clock_timestamp() - interval '31 seconds')"
        )
    silent = {one.lane: one.words for one in silent_lanes(broker=False)}
    assert "tick" not in silent
    assert silent["urgent"] == "The lane urgent was last heard 31 s ago."
    assert silent["carrying"].startswith("The lane carrying has never been heard")


@pytest.mark.parametrize(
    ("seconds", "words"), [(14.4, "14 s"), (119, "119 s"), (600, "10 min"), (7300, "2 h")]
)
def test_how_late_is_said_as_people_say_it(seconds, words):
    assert spoken(seconds) == words
