"""A page is opened and the first hand feels it, in one transaction."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground.models import Bulletin, Entry
from makegood.page.models import Attempt, Page
from makegood.page.rungs.ringing import Summons, open_pages
from makegood.page.tests.conftest import facts_of, heard_by, hire, kinds_heard_by
from makegood.people.models import Role, Site


def test_the_person_on_duty_is_rung_at_once(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    assert page.state == Page.State.RINGING
    assert page.sent_at == now
    assert page.next_rung_at == now + timedelta(seconds=45)
    attempt = page.attempts.get()
    assert (attempt.staff, attempt.channel, attempt.sent_at) == (bo, "screen", now)
    assert facts_of(page) == ["opened", "rung_reached"]


def test_the_ring_says_all_a_pager_needs(ring, harbour, bo, mina, on_duty, now):
    on_duty(bo, mina)
    page = ring(hint="Window, left side", severity=4, link="/pager")
    (data,) = heard_by(bo)
    assert data == {
        "kind": "ring",
        "page": str(page.pk),
        "purpose": "reach",
        "place": "Table 14",
        "hint": "Window, left side",
        "what": "The food, and waiting",
        "who": "",
        "customer": "Ana Ruiz",
        "link": "/pager",
        "severity": 4,
        "intensity": 1,
        "happened_at": now.isoformat(),
        "leaves_at": (now + timedelta(minutes=4)).isoformat(),
        "rung_at": now.isoformat(),
        "round": 0,
        "rung": [{"id": str(bo.pk), "name": "Bo"}],
        "until": (now + timedelta(seconds=45)).isoformat(),
        "next": {
            "id": str(mina.pk),
            "name": "Mina",
            "at": (now + timedelta(seconds=45)).isoformat(),
        },
        "handed_by": "",
        "word": "",
    }
    assert Bulletin.objects.filter(topic=f"site:{harbour.pk}").latest("pk").data == data
    assert kinds_heard_by(mina) == []


def test_the_fact_that_made_it_necessary_is_kept(ring, bo, on_duty):
    on_duty(bo)
    cause = uuid4()
    page = ring(caused_by=cause)
    opened, rung = Entry.objects.filter(about=page.pk).order_by("pk")
    assert opened.caused_by == cause
    assert rung.caused_by == opened.pk


def test_the_same_cause_opens_one_page(ring, bo, on_duty):
    on_duty(bo)
    cause = uuid4()
    assert ring(caused_by=cause) == ring(caused_by=cause)
    assert Attempt.objects.count() == 1


def test_turns_go_to_who_was_longest_without_a_page(ring, bo, mina, on_duty, now):
    on_duty(bo, mina)
    assert ring().attempts.get().staff == bo
    assert ring(at=now + timedelta(seconds=5)).attempts.get().staff == mina
    assert ring(at=now + timedelta(seconds=9)).attempts.get().staff == bo


def test_only_people_of_this_site_are_rung(ring, fairline, harbour, on_duty):
    elsewhere = type(harbour).objects.create(organisation=fairline, name="Airport")
    on_duty(hire(elsewhere, "Olga", "Berg"), hire(elsewhere, "Ugo", "Riva", Role.MANAGER))
    assert ring().state == Page.State.NOBODY


def test_who_has_left_the_company_is_not_rung(ring, bo, mina, on_duty):
    on_duty(bo, mina)
    type(bo).objects.filter(pk=bo.pk).update(is_active=False)
    assert ring().attempts.get().staff == mina


def test_long_words_are_cut_and_never_stop_a_ring(ring, bo, on_duty):
    on_duty(bo)
    page = ring(what="too cold, " * 100, place="P" * 200)
    assert len(page.what) <= 200
    assert page.what.endswith("…")


def test_the_hot_path_takes_few_queries(ring, bo, mina, cy, on_duty):
    on_duty(bo, mina)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ring()
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    # known cause? who is there? page, opened, attempt, bulletins, rung reached
    assert len(statements) == 7, "\n".join(statements)


def test_pages_opened_together_ring_different_people_first(harbour, bo, mina, on_duty, now):
    on_duty(bo, mina)
    pages = open_pages([a_summons(harbour, now) for _ in range(4)], now=now)
    rung = [page.attempts.get().staff.first_name for page in pages]
    assert rung == ["Bo", "Mina", "Bo", "Mina"]


def test_pages_opened_together_ring_the_people_of_their_own_sites(
    harbour, fairline, bo, mina, cy, di, on_duty, now
):
    airport = Site.objects.create(organisation=fairline, name="Airport")
    olga, ugo = hire(airport, "Olga", "Berg"), hire(airport, "Ugo", "Riva", Role.MANAGER)
    on_duty(bo, olga)
    ladder = [{"who": who, "wait_seconds": 45} for who in ("manager", "on_duty")]
    sites = [airport, harbour, airport]
    pages = open_pages([a_summons(site, now, ladder=ladder) for site in sites], now=now)
    assert [page.attempts.get().staff for page in pages] == [ugo, cy, ugo]
    pages = open_pages([a_summons(site, now) for site in sites], now=now)
    assert [page.attempts.get().staff for page in pages] == [olga, bo, olga]


def test_the_same_cause_twice_in_a_batch_opens_one_page(harbour, bo, on_duty, now):
    on_duty(bo)
    summons = a_summons(harbour, now)
    first, second = open_pages([summons, summons], now=now)
    assert first == second
    assert Attempt.objects.count() == 1


def test_a_batch_with_nobody_on_duty_somewhere_says_so_there(harbour, fairline, bo, on_duty, now):
    airport = Site.objects.create(organisation=fairline, name="Airport")
    on_duty(bo)
    rung, unheard = open_pages([a_summons(site, now) for site in (harbour, airport)], now=now)
    assert facts_of(rung) == ["opened", "rung_reached"]
    assert facts_of(unheard) == ["opened", "nobody_reached"]


@pytest.mark.usefixtures("no_table")
def test_a_batch_costs_as_many_statements_as_one(harbour, bo, mina, on_duty, now):
    on_duty(bo, mina)

    def statements(pages: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            open_pages([a_summons(harbour, now) for _ in range(pages)], now=now)
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    assert statements(1) == statements(30) == 7


def a_summons(site: Site, now: datetime, **changes: Any) -> Summons:
    said = {"organisation_id": site.organisation_id, "site_id": site.pk, "happened_at": now}
    ids = {"about": uuid4(), "caused_by": uuid4()}
    return Summons(**{"place": "Table 14", **said, **ids, **changes})


@pytest.mark.parametrize("purpose", ["decide", "remind", "call"])
def test_other_purposes_climb_the_same_ladder(ring, bo, on_duty, purpose):
    on_duty(bo)
    page = ring(purpose=purpose, ladder=[{"who": f"staff:{bo.pk}", "wait_seconds": 300}])
    assert page.attempts.get().staff == bo
