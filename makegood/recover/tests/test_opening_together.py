"""A batch of signals opens its cases together: as one by one, in a handful of statements."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.waiting import treat_all_waiting, treat_waiting
from makegood.page.models import Attempt, Page
from makegood.people.duty import begin_duty
from makegood.people.joining import add_site
from makegood.people.models import Customer, Site, Staff
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case, CaseSignal, Pause, Step
from makegood.recover.steps.pausing import wait_for_customer
from makegood.sense.adding import leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage import judging, rules
from makegood.triage.jobs import SIGNALS
from makegood.triage.rules import Evidence, Judgement
from tests.cast import AtOnce, facts_about

pytestmark = pytest.mark.django_db

Wait = Callable[..., Signal]


@pytest.fixture
def waits(now: datetime) -> Wait:
    """A press that waits for triage."""

    def press(table: Touchpoint, after: timedelta = timedelta()) -> Signal:
        at = now + after
        return receive_press(touchpoint=table, key=str(new_id()), happened_at=at, now=at)

    return press


@pytest.fixture
def staffed(bo: Staff, mina: Staff, now: datetime) -> None:
    """Bo and Mina are on duty, Bo longer."""
    for minute, staff in enumerate((bo, mina)):
        at = now - timedelta(minutes=60 - minute)
        begin_duty(staff=staff, site=staff.site, felt_at=at, now=at)


def table(site: Site, number: int, now: datetime) -> Touchpoint:
    return place_touchpoint(site=site, place=f"Table {number}", now=now)


def test_the_same_table_twice_in_a_batch_is_one_case(
    waits: Wait, staffed: None, table_14: Touchpoint, now: datetime
) -> None:
    first = waits(table_14)
    for second in (20, 40):
        waits(table_14, timedelta(seconds=second))
    assert treat_waiting(SIGNALS, now=now + timedelta(minutes=1)) == 3
    case = Case.objects.get()
    assert case.intensity == 3
    assert case.caused_by == Entry.objects.get(about=first.pk, name="triage.signal_triaged").pk
    assert case.last_signal_at == now + timedelta(seconds=40)
    assert CaseSignal.objects.filter(case=case).count() == 3
    assert facts_about(case.pk) == [
        "recover.case_opened", "recover.signal_joined", "recover.signal_joined",
    ]  # fmt: skip
    page = Page.objects.get()
    assert page.intensity == 3
    assert page.attempts.count() == 1


def test_who_left_an_address_before_their_press_was_judged_is_known_to_the_case_it_joins(
    waits: Wait, staffed: None, table_14: Touchpoint, now: datetime
) -> None:
    early = waits(table_14)
    SIGNALS.treat([waits(table_14, timedelta(seconds=1))], now)  # the other was in other hands
    known = leave_contact(signal=early, contact="ana@guest.example", now=now)
    assert Case.objects.get().customer is None
    assert treat_waiting(SIGNALS, now=now + timedelta(seconds=5)) == 1
    assert Case.objects.get().customer == known


def test_a_batch_joins_the_case_that_rings_already(
    waits: Wait, staffed: None, table_14: Touchpoint, now: datetime
) -> None:
    waits(table_14)
    treat_all_waiting(SIGNALS, now=now)
    for second in range(12):
        waits(table_14, timedelta(seconds=second))
    treat_all_waiting(SIGNALS, now=now + timedelta(seconds=12))
    assert Case.objects.get().intensity == 13
    assert Page.objects.get().intensity == 13
    assert Attempt.objects.count() == 1


def test_presses_far_apart_in_one_batch_are_two_cases(
    waits: Wait, staffed: None, table_14: Touchpoint, now: datetime
) -> None:
    """They were offline, and arrive together."""
    early, late = waits(table_14), waits(table_14, timedelta(minutes=5))
    treat_waiting(SIGNALS, now=now + timedelta(minutes=6))
    assert case_of_signal(early) != case_of_signal(late)


def test_two_tables_of_one_site_ring_different_people(
    waits: Wait, staffed: None, harbour: Site, now: datetime
) -> None:
    for number in (1, 2):
        waits(table(harbour, number, now))
    treat_waiting(SIGNALS, now=now)
    rung = [page.attempts.get().staff.first_name for page in Page.objects.all()]
    assert sorted(rung) == ["Bo", "Mina"]


def test_two_sites_in_a_batch_ring_their_own_people(
    waits: Wait, staffed: None, harbour: Site, cy: Staff, now: datetime
) -> None:
    airport = add_site(
        organisation=harbour.organisation, name="Airport", timezone="Asia/Tokyo", now=now
    )
    here, there = waits(table(harbour, 1, now)), waits(table(airport, 1, now))
    treat_waiting(SIGNALS, now=now)
    case, other = case_of_signal(here), case_of_signal(there)
    assert case
    assert other
    assert Page.objects.get(about=case.pk).state == Page.State.RINGING
    assert Page.objects.get(about=other.pk).state == Page.State.NOBODY
    noon = Step.objects.get(case=other, kind="apologise").due_at
    assert noon != Step.objects.get(case=case, kind="apologise").due_at  # by the clocks there


def test_one_poisoned_signal_does_not_lose_the_batch(
    waits: Wait, staffed: None, harbour: Site, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals = [waits(table(harbour, number, now)) for number in range(4)]
    Signal.objects.filter(pk=signals[2].pk).update(words="poison")

    def judge(evidence: Evidence) -> Judgement:
        if evidence.words == "poison":
            raise RuntimeError("a bug")
        return rules.judge(evidence)

    monkeypatch.setattr(judging, "judge", judge)
    treat_all_waiting(SIGNALS, now=now)
    assert Case.objects.count() == Page.objects.count() == 4
    poisoned = case_of_signal(signals[2])
    assert poisoned
    assert Step.objects.get(case=poisoned, kind="validate").note == "Taken as it came"


def test_a_press_taken_back_in_the_batch_opens_nothing(
    waits: Wait, staffed: None, harbour: Site, now: datetime
) -> None:
    kept, back = waits(table(harbour, 1, now)), waits(table(harbour, 2, now))
    Signal.objects.filter(pk=back.pk).update(cancelled_at=now)
    treat_waiting(SIGNALS, now=now)
    assert case_of_signal(kept)
    assert case_of_signal(back) is None


def test_two_complaints_of_one_customer_in_a_batch_are_one_case(
    staffed: None, harbour: Site, bo: Staff, ana: Customer, now: datetime
) -> None:
    for place in ("Lobby", "Spa"):
        note_complaint(site=harbour, place=place, words="Cold.", by=bo, customer=ana, now=now)
    treat_waiting(SIGNALS, now=now)
    assert Case.objects.get().intensity == 2


def test_two_workers_at_once_open_one_case_for_a_table(
    at_once: AtOnce, waits: Wait, staffed: None, harbour: Site, table_14: Touchpoint, now: datetime
) -> None:
    tables = [table_14, *(table(harbour, number, now) for number in range(3))]
    for number in range(24):
        waits(tables[number % 4], timedelta(seconds=number))
    later = now + timedelta(seconds=30)
    outcomes = at_once(*[lambda: treat_all_waiting(SIGNALS, now=later)] * 3)
    assert [error for error in outcomes if isinstance(error, Exception)] == []
    treat_all_waiting(SIGNALS, now=later)
    assert sorted(case.intensity for case in Case.objects.all()) == [6, 6, 6, 6]
    assert Page.objects.count() == 4


def test_a_batch_costs_as_many_statements_as_one_signal(
    waits: Wait, staffed: None, harbour: Site, now: datetime
) -> None:
    tables = [table(harbour, number, now) for number in range(22)]

    def statements(*pressed: Touchpoint) -> int:
        for place in pressed:
            waits(place)
        with CaptureQueriesContext(connection) as queries:
            treat_waiting(SIGNALS, now=now)
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    statements(tables[0])  # the policy is read once per process
    alone = statements(tables[1])
    assert alone <= 25
    # And says of some that nobody has room for them, counted while nobody else rings the same.
    assert statements(*tables[2:]) <= alone + 4


def test_a_thousand_presses_of_one_table_are_one_page_and_cheap(
    waits: Wait, staffed: None, table_14: Touchpoint, now: datetime
) -> None:
    """Within a minute, in twenty batches; every batch costs what one more press costs."""
    waits(table_14)
    treat_waiting(SIGNALS, now=now)

    def press(times: int) -> int:
        Signal.objects.bulk_create(_presses(table_14, times, now))
        with CaptureQueriesContext(connection) as queries:
            treat_waiting(SIGNALS, now=now + timedelta(minutes=1))
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    costs = [press(1), press(1), *(press(50) for _ in range(19)), press(47)]
    assert max(costs) <= 21
    assert max(costs) - min(costs) <= 2  # at 10, 100 and 1,000 the screens are told
    case = Case.objects.get()
    assert case.intensity == CaseSignal.objects.filter(case=case).count() == 1000
    assert Page.objects.get().intensity == 1000
    assert Attempt.objects.count() == 1


def test_a_customer_we_wait_for_is_heard_before_anything_rings(
    waits: Wait, staffed: None, harbour: Site, bo: Staff, ana: Customer, now: datetime
) -> None:
    """In two cases we wait for Ana, who complains again: cases are held before pages."""
    for place in ("Spa", "Lobby"):
        note_complaint(site=harbour, place=place, words="Cold.", by=bo, now=now)
        treat_waiting(SIGNALS, now=now)
    Case.objects.update(customer=ana)
    for case in Case.objects.all():
        wait_for_customer(case=case, reason="Which evening?", by=bo, now=now)
    later = now + timedelta(hours=2)
    note_complaint(site=harbour, place="Bar", words="Late.", by=bo, customer=ana, now=later)
    with CaptureQueriesContext(connection) as queries:
        treat_waiting(SIGNALS, now=later)
    assert not Pause.objects.standing().exists()
    held = [number for number, query in enumerate(queries) if _holds_a_case(query["sql"])]
    pages = [number for number, query in enumerate(queries) if '"page_page"' in query["sql"]]
    assert max(held) < min(pages)


def _presses(table: Touchpoint, times: int, now: datetime) -> list[Signal]:
    return [
        Signal(
            organisation_id=table.organisation_id,
            site_id=table.site_id,
            touchpoint=table,
            kind=Signal.Kind.PRESS,
            key=str(new_id()),
            place=table.place,
            dwell_minutes=table.dwell_minutes,
            happened_at=now,
            received_at=now,
        )
        for _ in range(times)
    ]


def _holds_a_case(sql: str) -> bool:
    return 'FROM "recover_case"' in sql and "FOR NO KEY UPDATE" in sql
