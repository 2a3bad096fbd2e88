"""Proof: seniors see whom the house reached, honestly; everybody reads how often they are rung."""

from datetime import timedelta

import pytest

from makegood.page.hands.answering import going, with_customer
from makegood.page.rungs.throttling import TABLE
from tests.doors.colleagues import body, browser_of, of_another_house
from tests.doors.guests import on_duty, page_of, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def reached(bo, table_14, now):
    on_duty(bo, now - timedelta(hours=1))
    page = page_of(triaged(pressed(table_14, now), now))
    going(page=page, staff=bo, now=now)
    return with_customer(page=page, staff=bo, now=now + timedelta(seconds=95))


def test_before_anything_happened_it_says_so(cy):
    said = body(browser_of(cy).get("/proof/"))
    assert "Nobody was called to a guest in these days." in said
    assert "<table" not in said


def test_a_senior_reads_share_interval_and_median(cy, reached):
    said = body(browser_of(cy).get("/proof/"))
    assert "100 %" in said
    assert "21 to 100, 1 of 1" in said
    assert "These are few: trust the interval more than the number." in said
    assert "1:35" in said
    assert "20:00–21:00" in said
    assert "The open pager" in said


def test_nobody_is_ranked(cy, bo, reached):
    said = body(browser_of(cy).get("/proof/")).split("<main")[-1]
    assert f"{bo.first_name} " not in said
    assert bo.last_name not in said


def test_other_days_and_other_houses_are_not_counted(cy, now, reached):
    yesterday = (now - timedelta(days=1)).date().isoformat()
    span = {"since": yesterday, "until": yesterday}
    assert "Nobody was called" in body(browser_of(cy).get("/proof/", span))
    stranger = of_another_house(now)
    stranger.role = "owner"
    stranger.save()
    assert "Nobody was called" in body(browser_of(stranger).get("/proof/"))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"since": "yesterday"}, "Write the day like 2026-11-21."),
        ({"since": "2026-11-21", "until": "2026-11-20"}, "The last day comes before the first."),
        ({"since": "2020-01-01"}, "Choose a year at most."),
    ],
)
def test_days_that_cannot_be_are_refused_with_what_was_written(cy, reached, span, words):
    answer = browser_of(cy).get("/proof/", span)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert words in said
    assert f'value="{span["since"]}"' in said
    assert "1:35" in said  # the usual days are shown below


def test_it_is_for_seniors(bo, client):
    assert browser_of(bo).get("/proof/").status_code == 403
    assert client.get("/proof/").status_code == 302
    assert browser_of(bo).post("/proof/").status_code == 405


def test_everybody_reads_how_often_they_are_rung(bo):
    said = body(browser_of(bo).get("/proof/rings/"))
    for row in TABLE:
        assert f"<td>{row.at_most}</td>" in said
    assert "looks again every 5 seconds" in said
