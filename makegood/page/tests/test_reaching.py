"""The reach report: shares with their doubt, medians, and the one question that fetches visits."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from makegood.page.hands import answering
from makegood.page.hands.ending import cancel_pages
from makegood.page.proof.reaching import FEW, Share, Visit, by, summarise, wilson
from makegood.page.proof.visits import visits_of
from makegood.page.tests.provider import carry_all
from makegood.people.joining import add_site

SECOND = timedelta(seconds=1)
SITE = uuid4()


def visit(seconds: float | None = 60, in_time: bool | None = True, **more) -> Visit:
    said = {"site_id": SITE, "hour": 20, "channel": "screen"}
    return Visit(**{**said, **more}, seconds=seconds, in_time=in_time)


def test_the_share_counts_only_what_is_decided():
    told = summarise([visit(), visit(in_time=False), visit(None, False), visit(None, None)])
    assert (told.asked, told.reached.hits, told.reached.of) == (4, 1, 3)
    assert (told.reached.percent, told.faces) == (33, 2)


def test_nothing_is_nothing_and_not_zero_per_cent_of_something():
    told = summarise([])
    assert (told.asked, told.reached.of, told.median, told.middle) == (0, 0, None, None)
    assert (told.reached.low, told.reached.high) == (0, 100)


def test_half_lie_between_only_where_there_are_enough():
    assert summarise([visit(seconds=s) for s in (60, 120, 180)]).middle is None
    told = summarise([visit(seconds=s) for s in (60, 120, 180, 240, 300)])
    assert (told.median, told.middle) == (180, (120, 240))


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0, 28), (10, 10, 72, 100), (5, 10, 24, 76), (358, 412, 83, 90), (81, 263, 26, 37)],
)
def test_the_interval_is_wilsons(hits, of, low, high):
    assert (Share(hits, of).low, Share(hits, of).high) == (low, high)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_share_and_narrows_with_more(hits, misses):
    of = hits + misses
    low, high = wilson(hits, of)
    assert 0 <= low <= high <= 1
    if of:
        assert low <= hits / of <= high
        closer = wilson(10 * hits, 10 * of)
        assert closer[1] - closer[0] <= high - low
    assert Share(hits, of).is_few == (of < FEW)


@given(st.lists(st.tuples(st.integers(0, 23), st.booleans())))
def test_groups_add_up_to_all(said):
    visits = [visit(hour=hour, in_time=well) for hour, well in said]
    groups = by(visits, lambda one: one.hour)
    assert sum(one.asked for one in groups.values()) == len(visits)
    assert sum(one.reached.hits for one in groups.values()) == summarise(visits).reached.hits
    assert all(one.asked for one in groups.values())


@pytest.fixture
def days(harbour, now):
    today = now.date()
    return {"sites": [harbour], "since": today, "until": today, "now": now + timedelta(hours=1)}


def test_a_visit_tells_when_how_fast_and_over_what(ring, bo, on_duty, pigeon, provider, days, now):
    phone = pigeon(bo, "phone")
    on_duty(bo)
    page = ring()
    carry_all(now)
    answering.going(page=page, staff=bo, now=now + 20 * SECOND, device=phone)
    answering.with_customer(page=page, staff=bo, now=now + 90 * SECOND)
    (told,) = visits_of(**days)
    assert (told.seconds, told.in_time, told.channel) == (90, True, "pigeon")
    local = now.astimezone(ZoneInfo(page.site.timezone))
    assert told.hour == local.hour


def test_who_came_late_or_never_was_not_reached_in_time(ring, bo, on_duty, days, now):
    on_duty(bo)
    late, never, ahead = ring(), ring(), ring(leaves_at=now + timedelta(hours=2))
    answering.with_customer(page=late, staff=bo, now=now + timedelta(minutes=5))
    told = {one.seconds: one.in_time for one in visits_of(**days) if one.seconds}
    assert told == {300: False}
    assert sorted(str(one.in_time) for one in visits_of(**days)) == ["False", "False", "None"]
    assert never.pk != ahead.pk


def test_what_was_taken_back_or_is_no_visit_does_not_count(ring, bo, on_duty, days, now):
    on_duty(bo)
    page = ring()
    ring(purpose="remind")
    cancel_pages(about=page.about, now=now)
    assert visits_of(**days) == []


def test_days_are_those_of_the_site(ring, harbour, days, now):
    tokyo = add_site(
        organisation=harbour.organisation, name="Tokyo", timezone="Asia/Tokyo", now=now
    )
    late = datetime.fromisoformat("2026-11-21T16:00:00+00:00")  # the 22nd in Tokyo
    ring(site_id=tokyo.pk, at=late, happened_at=late)
    asked = {**days, "sites": [harbour, tokyo]}
    assert visits_of(**{**asked, "since": date(2026, 11, 21), "until": date(2026, 11, 21)}) == []
    (told,) = visits_of(**{**asked, "since": date(2026, 11, 22), "until": date(2026, 11, 22)})
    assert (told.site_id, told.hour) == (tokyo.pk, 1)


def test_it_is_one_question(ring, days):
    for _ in range(3):
        ring()
    with CaptureQueriesContext(connection) as asked:
        assert len(visits_of(**days)) == 3
    assert len(asked) == 1
