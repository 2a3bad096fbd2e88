"""The list of cases, the search, what somebody told us, and the promises of a site."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makegood.ground import clock
from makegood.people.joining import add_site
from makegood.recover.life.closing import close_lost
from makegood.recover.models import Case
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Signal
from makegood.triage.jobs import SIGNALS
from makegood.triage.judging import triage_signals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def desk(bo):
    client = Client(raise_request_exception=True)
    client.force_login(bo)
    return client


def told(bo, place, words, now, customer=None):
    signal = note_complaint(
        site=bo.site, place=place, words=words, by=bo, now=now, customer=customer
    )
    triage_signals(SIGNALS.claim(now, 10), now)
    return Case.objects.get(case_signals__signal=signal)


def said(desk, name, **query):
    answer = desk.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_open_is_good_news(desk):
    assert "Every case has its end." in said(desk, "cases")
    assert "We have kept our word." in said(desk, "promises")


def test_open_and_ended_cases(desk, bo, ana, now):
    lost = told(bo, "Room 312", "The room was dirty.", now)
    told(bo, "Spa", "The massage began late.", now, customer=ana)
    close_lost(case=lost, reason="She left.", by=bo, now=now)
    shown = said(desk, "cases")
    assert "Ana Ruiz, Spa" in shown
    assert "lost 21 Nov" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [("ruiz", True), ("spa", True), ("{number}", True), ("{reference}", True), ("Room", False),
     ("1" * 40, False), ("%", False), ("\x00", True)],
)  # fmt: skip
def test_search_by_name_number_and_place(desk, bo, ana, now, query, found):
    case = told(bo, "Spa", "The massage began late.", now, customer=ana)
    asked = query.format(number=case.number, reference=case.reference)
    assert ("Ana Ruiz, Spa" in said(desk, "search", q=asked)) is found


def test_a_search_longer_than_a_line_is_refused_in_place(desk):
    answer = desk.get(reverse("search"), {"q": "x" * 81})
    assert answer.status_code == 422
    assert "longer than we can keep" in answer.content.decode()


def test_only_of_this_site(desk, bo, di, harbour, now):
    told(bo, "Spa", "The massage began late.", now)
    hill = add_site(
        organisation=harbour.organisation, name="Hill", timezone="Europe/Madrid", now=now
    )
    for name in ("cases", "promises"):
        assert desk.get(reverse(name), {"site": hill.pk}).status_code == 404
        assert desk.get(reverse(name), {"site": "no"}).status_code == 404
        assert Client().get(reverse(name)).status_code == 302
    owner = Client()
    owner.force_login(di)
    assert "Hill" in said(owner, "cases", site=hill.pk)
    assert "Spa" not in said(owner, "cases", site=hill.pk)


def test_somebody_told_me_is_noted_once(desk):
    form = {"key": uuid4().hex, "place": "Table 3", "words": "Soup & bread were cold.",
            "name": "Ana Ruiz", "contact": "ana@guest.example"}  # fmt: skip
    for _ in range(2):
        assert desk.post(reverse("cases_told"), form).status_code == 302
    signal = Signal.objects.get()
    assert (signal.place, signal.words) == ("Table 3", "Soup & bread were cold.")
    assert signal.customer
    assert signal.customer.name == "Ana Ruiz"


@pytest.mark.parametrize(
    "form", [{"place": ""}, {"words": " "}, {"contact": "no"}, {"key": ""}, {"place": "x" * 61}]
)
def test_what_cannot_be_noted_keeps_what_was_typed(desk, form):
    whole = {"key": uuid4().hex, "place": "Table 3", "words": "Cold <soup>."} | form
    answer = desk.post(reverse("cases_told"), whole)
    assert answer.status_code == 422
    if whole["words"].strip():
        assert "Cold &lt;soup&gt;." in answer.content.decode()
    assert not Signal.objects.exists()
    assert desk.post(reverse("cases_told"), whole | {"key": whole["key"]}).status_code == 422


def test_promises_by_when_they_fall_due(desk, bo, cy, ana, now):
    told(bo, "Spa", "The massage began late.", now, customer=ana)
    assert "Within a week" in said(desk, "promises")
    with clock.standing_at(now + timedelta(days=1)):
        shown = said(desk, "promises")
    assert "2 promises are late." in shown
    assert "Ana Ruiz, Spa" in shown
    assert "8 h 12 late" in shown


def test_the_lists_ask_the_database_within_bounds(desk, bo, now):
    told(bo, "Spa", "Late.", now)
    counts = []
    for number in range(2):
        for name in ("cases", "promises"):
            with CaptureQueriesContext(connection) as asked:
                said(desk, name)
            counts.append(len(asked))
        for place in range(3 * (1 - number)):
            told(bo, f"Room {place}", "Dirty.", now)
    assert counts[2:] <= counts[:2]
    assert max(counts) <= 24
