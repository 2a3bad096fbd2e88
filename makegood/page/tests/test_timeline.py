"""The timeline of a page: who was tried over what, with each time, the words, and what is open."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.page.channels.speaking import Passing, Permanent, Taken
from makegood.page.equipment.equipping import wish
from makegood.page.hands import answering
from makegood.page.hands.receipts import note_received, note_seen
from makegood.page.models import Page
from makegood.page.proof.timeline import Timeline, timelines_of
from makegood.page.rungs.climbing import climb_all
from makegood.page.tests.provider import carry_all

SECOND = timedelta(seconds=1)


def told(page: Page, now) -> Timeline:
    return timelines_of([Page.objects.get(pk=page.pk)], now=now)[page.pk]


def read(timeline: Timeline) -> list[tuple[int, str, str, list[str], str]]:
    return [
        (each.number, one.who, one.over, [stop.what for stop in one.stops], one.note)
        for each in timeline.rounds
        for one in each.tries
    ]


def test_a_ring_that_was_answered_has_all_its_times(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    note_received(page=page, staff=bo, now=now + SECOND)
    note_seen(page=page, staff=bo, now=now + 6 * SECOND)
    answering.going(page=page, staff=bo, now=now + 11 * SECOND)
    timeline = told(page, now + 12 * SECOND)
    (each,) = timeline.rounds
    (one,) = each.tries
    at = {stop.what: (stop.at - now) / SECOND for stop in one.stops}
    assert at == {"Handed over": 0, "Receipted": 1, "Shown": 6, "Answered": 11}
    assert (one.over, one.note) == ("the open pager", "")
    (said,) = each.answers
    assert (said.who, said.what, said.at) == (bo.full_name, "I'm going", now + 11 * SECOND)
    assert (timeline.summary, timeline.silence) == ("1 try", "")


def test_each_device_tells_how_its_try_went(ring, bo, on_duty, pigeon, provider, now):
    gone, busy, later = pigeon(bo, "gone"), pigeon(bo, "busy"), pigeon(bo, "later")
    wish(staff=bo, delays={later.pk: 40 * SECOND}, quiet=None)
    provider.answers |= {"gone": [Permanent("410 Gone")], "busy": [Passing("503 later")]}
    on_duty(bo)
    page = ring()
    tries = {one.over.split(",")[0]: one for one in told(page, now).rounds[0].tries}
    assert tries["gone"].note.startswith("Waits to leave since ")
    assert tries["later"].note.startswith("Rings at ")
    provider.answers["later"] = [Passing("503 later"), Taken()]
    carry_all(now)
    tries = {one.over.split(",")[0]: one for one in told(page, now).rounds[0].tries}
    assert [stop.what for stop in tries["gone"].stops] == ["Given up"]
    assert tries["gone"].is_in_vain
    assert tries["gone"].attempt.said == "410 Gone"
    assert tries["busy"].note.startswith("Not taken yet after 1 try; next at ")
    assert tries["the open pager"].note == "No receipt yet."
    assert gone.pk != busy.pk


def test_whoever_goes_leaves_the_others_silenced_or_never_rung(
    ring, bo, mina, on_duty, pigeon, provider, now
):
    phone, late = pigeon(bo, "phone"), pigeon(bo, "late")
    wish(staff=bo, delays={late.pk: 40 * SECOND}, quiet=None)
    on_duty(bo, mina)
    page = ring()
    carry_all(now)
    answering.going(page=page, staff=mina, now=now + 5 * SECOND)
    notes = {over: note for _, _, over, _, note in read(told(page, now + 5 * SECOND))}
    assert notes["phone, pigeon"] == "It is being told to be silent."
    assert notes["late, pigeon"] == "It never left: nobody needed to come any more."
    carry_all(now + 6 * SECOND)
    stops = {over: stops for _, _, over, stops, _ in read(told(page, now + 7 * SECOND))}
    assert stops["phone, pigeon"] == ["Handed over", "Silenced"]
    assert phone.name == "phone"


def test_rounds_are_told_apart(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring(ladder=[{"who": "on_duty", "wait_seconds": 30}])
    for _ in range(3):  # nobody else, a rest, the next round
        page.refresh_from_db()
        climb_all([page], now=page.next_rung_at)
    timeline = told(page, page.next_rung_at)
    assert [each.number for each in timeline.rounds] == [1, 2]
    assert timeline.summary == "2 tries in 2 rounds"


def test_nobody_to_ring_is_said(ring, now):
    page = ring()
    timeline = told(page, now)
    assert timeline.rounds == ()
    assert timeline.silence == "Nobody has been rung: nobody is on duty."
    Page.objects.filter(pk=page.pk).update(state="cancelled", next_rung_at=None)
    assert told(page, now).silence == "It was over before anybody was rung."


def test_times_are_those_of_the_site(ring, bo, on_duty, pigeon, now):
    late = pigeon(bo, "late")
    wish(staff=bo, delays={late.pk: 40 * SECOND}, quiet=None)
    on_duty(bo)
    page = ring()
    with timezone.override("Asia/Tokyo"):
        ((_, _, _, _, note),) = [one for one in read(told(page, now)) if one[2] == "late, pigeon"]
    there = (now + 40 * SECOND + timedelta(hours=9)).strftime("%H:%M:%S")
    assert note == f"Rings at {there}, as they wish."


@pytest.mark.parametrize("pages", [1, 7])
def test_any_number_of_pages_are_two_questions(ring, bo, on_duty, now, pages):
    on_duty(bo)
    made = [ring() for _ in range(pages)]
    with CaptureQueriesContext(connection) as asked:
        assert len(timelines_of(made, now=now)) == pages
    assert len(asked) == 2


def test_of_a_page_that_rang_for_long_the_middle_is_left_to_the_record(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring(ladder=[{"who": "on_duty", "wait_seconds": 30}])
    at = now
    while page.round < 9:
        at = page.next_rung_at
        climb_all([page], now=at)
    timeline = told(page, at)
    shown = [each.number for each in (*timeline.opening, *timeline.latest)]
    rounds = [each.number for each in timeline.rounds]
    assert shown == [*rounds[:2], *rounds[-3:]]
    assert timeline.between == len(rounds) - 5
    starts = [each.began_at for each in timeline.rounds]
    assert starts == sorted(starts)
