"""Who used to come and stays away is missed once per absence."""

from datetime import timedelta

import pytest

from makegood.ground import chronicle
from makegood.people.consent import stop_messages
from makegood.people.contacts import EMAIL, ROOM, Contact
from makegood.people.recognising import recognise
from makegood.sense import missing
from makegood.sense.missing import Patience, notice_silence
from makegood.sense.models import AbsenceWatch, Signal
from makegood.sense.visiting import note_visit
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]
PATIENCE = Patience(after_visits=3, times_the_usual_gap=2, at_least=timedelta(days=30))
DAY = timedelta(days=1)


@pytest.fixture
def visits(harbour, now):
    def visits(customer, *days_ago):
        for days in days_ago:
            note_visit(customer=customer, site=harbour, by=None, now=now - days * DAY)

    return visits


def missed(site, now, **more):
    return notice_silence(site=site, patience=PATIENCE, spared=more.get("spared", ()), now=now)


def test_a_regular_who_stays_away_is_missed_once(harbour, ana, visits, now):
    visits(ana, 98, 84, 70)  # every 14 days
    (signal,) = missed(harbour, now)
    assert (signal.kind, signal.customer_id, signal.place) == ("silence", ana.pk, "Harbour")
    assert signal.words == "Came 3 times, about every 14 days; last here on 12 September."
    assert (signal.absence.visits, signal.absence.usual_gap_days) == (3, 14)
    assert facts_about(signal.pk) == ["sense.silence_noticed"]
    for days in (0, 1, 100):
        assert not missed(harbour, now + days * DAY)


def test_who_came_again_and_stays_away_again_is_missed_again(harbour, ana, visits, now):
    visits(ana, 98, 84, 70)
    assert missed(harbour, now - 10 * DAY)
    visits(ana, 5)
    assert not missed(harbour, now)
    assert missed(harbour, now + 200 * DAY)
    assert Signal.objects.count() == 2


@pytest.mark.parametrize(
    ("days_ago", "away"),
    [
        ((98, 84), False),  # twice is no habit
        ((43, 36, 29), False),  # weekly, but a month has not passed
        ((44, 37, 30), True),
        ((220, 130, 40), False),  # every 90 days: 180 have to pass
        ((380, 280, 180), False),
        ((360, 270, 180), True),
        ((4 * 365, 4 * 365 - 14, 4 * 365 - 28), False),  # long forgotten
    ],
)
def test_how_long_an_absence_says_something(harbour, ana, visits, now, days_ago, away):
    visits(ana, *days_ago)
    assert bool(missed(harbour, now)) is away


def test_who_is_left_in_peace(fairline, harbour, ana, visits, now):
    unreachable = recognise(
        organisation_id=fairline.pk, contacts=[Contact(ROOM, "312")], name="Somebody",
        site=harbour, by=chronicle.SYSTEM, now=now - 98 * DAY,
    )  # fmt: skip
    visits(ana, 98, 84, 70)
    visits(unreachable, 98, 84, 70)
    assert not missed(harbour, now, spared=[ana.pk])
    stop_messages(customer=ana, now=now)
    assert not missed(harbour, now)


def test_the_last_visit_is_what_counts_wherever_it_was(fairline, harbour, ana, visits, now):
    hill = type(harbour).objects.create(organisation=fairline, name="Hill")
    visits(ana, 98, 84, 70)
    note_visit(customer=ana, site=hill, by=None, now=now - 5 * DAY)
    assert not missed(harbour, now)
    later = now + 60 * DAY
    assert not missed(harbour, later)
    assert [signal.site for signal in missed(hill, later)] == [hill]


def test_two_who_look_at_the_same_moment_miss_them_once(harbour, ana, visits, now, at_once):
    visits(ana, 98, 84, 70)
    at_once(*[lambda: missed(harbour, now)] * 3)
    assert Signal.objects.count() == 1  # in production the watch lets only one look


def test_a_site_is_looked_at_every_morning_by_one(harbour, ana, visits, now):
    visits(ana, 0)
    watch = AbsenceWatch.objects.get()
    assert watch.look_at.isoformat() == "2026-11-22T07:00:00+00:00"  # 8:00 at Harbour
    assert missing.next_watch_due(now) == watch.look_at
    assert not missing.claim_watches(now, 5)
    (due,) = missing.claim_watches(watch.look_at, 5)
    missing.look_again(due, found=missing.AT_ONCE, now=due.look_at)
    assert due.look_at - watch.look_at == missing.SOON
    missing.look_again(due, found=0, now=due.look_at)
    assert due.look_at - watch.look_at == DAY


def test_many_are_missed_in_one_statement(
    fairline, harbour, visits, now, django_assert_max_num_queries
):
    for number in range(20):
        one = recognise(
            organisation_id=fairline.pk, contacts=[Contact(EMAIL, f"g{number}@guest.example")],
            name="", by=chronicle.SYSTEM, now=now,
        )  # fmt: skip
        visits(one, 98, 84, 70)
    with django_assert_max_num_queries(30):
        assert len(missed(harbour, now)) == 20
