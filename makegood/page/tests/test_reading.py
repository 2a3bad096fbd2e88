"""What screens are given, and to whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground.refusals import NotFound
from makegood.page import access
from makegood.page.duty import reading
from makegood.page.hands import answering
from makegood.page.hands.receipts import note_seen
from makegood.page.tests.conftest import ON_DUTY_ONLY, hire
from makegood.people.models import Organisation, Site

SECOND = timedelta(seconds=1)


@pytest.fixture
def page(ring, bo, mina, cy, on_duty):
    on_duty(bo, mina)
    return ring()


def test_the_pager_says_who_is_rung_next_and_when(page, now):
    following = reading.next_after(page, now=now)
    assert following
    assert following.names == ("Mina",)
    assert following.in_seconds(now + 23 * SECOND) == 22


def test_nobody_is_named_when_it_would_only_be_the_same_again(ring, bo, on_duty, now):
    on_duty(bo)
    assert reading.next_after(ring(ladder=ON_DUTY_ONLY), now=now) is None


def test_a_page_rings_for_who_was_rung_until_they_decline(page, bo, mina, now):
    assert access.pages_ringing_for(bo) == [page]
    assert access.pages_ringing_for(mina) == []
    answering.cant(page=page, staff=bo, now=now)
    assert access.pages_ringing_for(bo) == []
    assert access.pages_ringing_for(mina) == [page]
    answering.going(page=page, staff=mina, now=now)
    assert access.pages_ringing_for(mina) == []
    assert access.current_page_of(mina) == page
    assert access.current_page_of(bo) is None


def test_the_most_pressing_rings_first(ring, bo, on_duty, now):
    on_duty(bo)
    later = ring(leaves_at=now + timedelta(minutes=9))
    soon = ring(leaves_at=now + timedelta(minutes=2))
    assert access.pages_ringing_for(bo) == [soon, later]


def test_a_page_is_found_by_who_may_see_it(page, bo, cy, di, fairline, now):
    airport = Site.objects.create(organisation=fairline, name="Airport")
    for staff in (bo, cy, di):
        assert access.page_for(staff, page.pk) == page
    stranger = hire(airport, "Olga", "Berg")
    other_house = Organisation.objects.create(name="Elsewhere", created_at=now)
    outsider = hire(
        Site.objects.create(organisation=other_house, name="Hill"), "Max", "Out", "owner"
    )
    for staff, wanted in ((stranger, page.pk), (outsider, page.pk), (bo, uuid4())):
        with pytest.raises(NotFound):
            access.page_for(staff, wanted)


def test_the_latest_page_of_a_matter_is_about_who_comes(ring, page, now):
    ring(about=page.about, purpose="remind", at=now + SECOND)
    assert access.latest_page(page.about) == page
    reminder = access.latest_page(page.about, "remind")
    assert reminder
    assert reminder.purpose == "remind"
    assert access.latest_page(uuid4()) is None


def test_the_board_says_who_is_asked_and_who_is_next(page, harbour, bo, mina, now):
    (line,) = reading.board(harbour, now=now)
    assert line.next
    assert (line.asked, line.next.names) == ((bo,), ("Mina",))
    answering.going(page=page, staff=bo, now=now)
    (line,) = reading.board(harbour, now=now)
    assert (line.page.taken_by, line.asked, line.next) == (bo, (), None)


def test_the_board_costs_the_same_for_many_pages(ring, page, harbour, now):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            reading.board(harbour, now=now)
        return len(queries)

    one = cost()
    for _ in range(5):
        ring()
    assert cost() == one


def test_the_story_of_a_page_in_order(page, bo, now):
    note_seen(page=page, staff=bo, now=now + 2 * SECOND)
    answering.going(page=page, staff=bo, now=now + 4 * SECOND)
    answering.with_customer(page=page, staff=bo, now=now + 90 * SECOND)
    answering.finish(page=page, staff=bo, now=now + 300 * SECOND)
    page = access.latest_page(page.about)
    told = [(moment.what, moment.who) for moment in reading.timeline_of(page)]
    assert told == [
        ("pressed", None),
        ("sent", bo),
        ("received", bo),
        ("seen", bo),
        ("going", bo),
        ("with", bo),
        ("done", bo),
    ]
