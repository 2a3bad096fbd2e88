"""What was said on a wrist while it was out of reach: what is fresh counts, what is old is not."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from makegood.ground.models import Bulletin
from makegood.ground.waiting import treat_all_waiting
from makegood.page.equipment.equipping import add_device
from makegood.page.hands import answering
from makegood.page.jobs import RUNGS, WORDS
from makegood.page.models import Answer, Device, Page, PagerWord
from makegood.page.tests.conftest import ON_DUTY_ONLY
from makegood.people.models import Staff

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def wrist(bo: Staff, now: datetime) -> Device:
    """Bo's."""
    return add_device(staff=bo, channel="wrist", name="wrist", address={}, now=now)


@pytest.fixture
def page(ring, bo, mina, wrist, on_duty, now) -> Page:
    """Rings Bo, on his wrist too, then Mina, and begins anew."""
    on_duty(bo, mina)
    page: Page = ring(ladder=ON_DUTY_ONLY, leaves_at=now + 4 * MINUTE)
    return page


def rings_until(page: Page, at: datetime) -> Page:
    """Nobody comes until then."""
    later = page
    while (due := later.next_rung_at) and due <= at:
        treat_all_waiting(RUNGS, now=due)
        later = Page.objects.get(pk=page.pk)
    return later


def said(kind: str, device: Device, page: Page, *, at: datetime, heard: datetime) -> PagerWord:
    """Said on the wrist at `at`, of the round it shows, and heard at `heard`."""
    PagerWord.objects.create(
        organisation_id=page.organisation_id, device=device, page=page, round=page.round,
        kind=kind, said_at=at, treat_at=heard,
    )  # fmt: skip
    treat_all_waiting(WORDS, now=heard)
    return PagerWord.objects.get(kind=kind)


def told(device: Device) -> list[dict[str, Any]]:
    """The wrist, of what it said."""
    stops = Bulletin.objects.filter(topic=f"device:{device.pk}", data__kind="stop")
    return [one.data for one in stops.order_by("pk")]


@pytest.mark.parametrize("kind", ["going", "with", "cant"])
def test_a_word_of_long_ago_changes_nothing_and_its_wrist_is_told(page, bo, wrist, now, kind):
    later = rings_until(page, now + 50 * MINUTE)
    assert later.round > 1
    word = said(kind, wrist, page, at=now + 5 * SECOND, heard=now + 50 * MINUTE)
    assert word.refused == "too_old"
    unchanged = Page.objects.get(pk=page.pk)
    assert (unchanged.state, unchanged.taken_by) == (Page.State.RINGING, None)
    assert unchanged.next_rung_at == later.next_rung_at
    assert not page.answers.exists()
    (stop,) = told(wrist)
    assert (stop["because"], stop["by"], stop["round"]) == ("too_late", "", 0)


def test_a_hand_of_the_round_just_before_is_a_hand(page, bo, wrist, now):
    later = rings_until(page, now + 2 * MINUTE)
    assert later.round == 1
    word = said("going", wrist, page, at=now + 50 * SECOND, heard=now + 2 * MINUTE)
    assert word.refused == ""
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, bo)


def test_while_nobody_was_rung_anew_it_counts_whenever_it_was_said(ring, bo, wrist, on_duty, now):
    on_duty(bo)
    page = ring(rests_for=60 * MINUTE)
    rested = rings_until(page, now + 50 * MINUTE)
    assert rested.round == 1  # which has not begun
    said("going", wrist, page, at=now + 5 * SECOND, heard=now + 50 * MINUTE)
    assert Page.objects.get(pk=page.pk).taken_by == bo


def test_who_was_there_some_minutes_ago_is_believed(page, bo, wrist, now):
    rings_until(page, now + 10 * MINUTE)
    heard = now + 10 * MINUTE
    assert said("going", wrist, page, at=now + 5 * SECOND, heard=heard).refused == "too_old"
    assert said("with", wrist, page, at=now + MINUTE, heard=heard).refused == ""
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.WITH, bo)


def test_an_old_cant_gives_nothing_back(page, bo, wrist, now):
    later = rings_until(page, now + 10 * MINUTE)
    answering.going(page=later, staff=bo, now=now + 10 * MINUTE)
    said("cant", wrist, page, at=now + 5 * SECOND, heard=now + 11 * MINUTE)
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, bo)
    assert told(wrist)[-1]["because"] == "taken"  # by themselves: it goes on showing that


def test_who_comes_second_is_told_who_goes(page, mina, wrist, now):
    answering.going(page=page, staff=mina, now=now + SECOND)
    word = said("going", wrist, page, at=now + SECOND, heard=now + 2 * SECOND)
    assert word.refused == "taken"
    assert page.answers.filter(kind=Answer.Kind.TOO_LATE).exists()
    assert told(wrist)[-1] == {
        "kind": "stop", "page": str(page.pk), "round": 0, "state": "going",
        "because": "too_late", "by": "Mina",
    }  # fmt: skip


def test_who_says_it_of_a_page_that_is_over_is_told(page, wrist, now):
    answering.cancel_pages(about=page.about, now=now + SECOND)
    said("going", wrist, page, at=now + SECOND, heard=now + 2 * SECOND)
    assert [stop["because"] for stop in told(wrist)] == ["over", "too_late"]


@pytest.mark.parametrize("how", ["cant", "hand_over"])
def test_who_gives_it_away_on_the_screen_does_not_go_by_the_wrist(page, bo, mina, wrist, now, how):
    answering.going(page=page, staff=bo, device=wrist, now=now + SECOND)
    if how == "cant":
        answering.cant(page=page, staff=bo, now=now + 2 * SECOND)
    else:
        answering.hand_over(page=page, staff=bo, to=mina, now=now + 2 * SECOND)
    said_why = {"cant": "cant", "hand_over": "moved"}[how]
    assert [stop["because"] for stop in told(wrist)] == ["taken", said_why]
