"""What the policy says is what happens: triggers, ladders, variants, and what is left out."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.waiting import treat_all_waiting
from makegood.page.models import Page
from makegood.people.contacts import Contact
from makegood.people.duty import begin_duty
from makegood.people.joining import create_organisation
from makegood.people.models import Customer
from makegood.people.recognising import recognise
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case, PolicyVersion, Step
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Signal
from makegood.sense.noticing import Failure, note_failure
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from tests.cast import PASSWORD, facts_about

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def on_duty(bo, cy, now) -> None:
    for staff in (bo, cy):
        begin_duty(staff=staff, site=staff.site, felt_at=now, now=now)


@pytest.fixture
def complain(harbour, bo, on_duty, now):
    """Somebody tells Bo, who writes it down; triage looks at it."""

    def _complain(words: str, customer: Customer | None = None, after: timedelta = timedelta()):
        signal = note_complaint(
            site=harbour, place="Table 14", words=words, by=bo, now=now + after, customer=customer
        )
        treat_all_waiting(SIGNALS, now=now + after)
        return case_of_signal(signal)

    return _complain


@pytest.fixture
def house(di, now):
    """A house whose policy differs from the default."""

    def _house(*changes: tuple[str, str]) -> None:
        text = DEFAULT_TEXT
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        publish(organisation=di.organisation, text=text, by=di, now=now)

    return _house


@pytest.fixture
def ana(harbour, now) -> Customer:
    return recognise(
        organisation_id=harbour.organisation_id,
        contacts=[Contact("email", "ana@example.org")],
        name="Ana Ruiz",
        now=now,
        by="customer",
        site=harbour,
    )


def first_rung(case: Case) -> str:
    return str(Page.objects.get(about=case.pk).ladder[0]["who"])


def test_who_may_get_back_at_us_meets_the_manager_first(complain) -> None:
    assert first_rung(complain("The soup was cold.")) == "on_duty"
    angry = complain("A disgrace. You will hear from my lawyer.")
    assert angry.reaction == "revenge"
    assert first_rung(angry) == "manager"
    call = angry.steps.get(kind="contact").due_at.astimezone(MADRID)
    assert call.date() == angry.opened_at.astimezone(MADRID).date() + timedelta(days=3)
    opened = Entry.objects.get(about=angry.pk, name="recover.case_opened")
    assert opened.data["trigger"] == "A colleague says so"
    assert opened.data["reasons"] == ["They may get back at us, so a senior goes first"]


def test_what_no_trigger_hears_begins_nothing(complain, house, now) -> None:
    house(('    when: signal.kind == "complaint"\n', '    when: signal.words.contains("cold")\n'))
    assert complain("The music was loud.") is None
    assert complain("The soup was cold.", after=timedelta(minutes=30)) is not None


def test_a_row_of_the_severity_table_raises_the_case(complain) -> None:
    assert complain("The cake for our wedding did not come.").severity >= 4


def test_a_house_rings_by_a_ladder_of_its_own(complain, house) -> None:
    house(
        ("ladders:\n", "ladders:\n  bell:\n    - {who: owner, wait: 1 minute}\n"),
        ("use: reach", "use: bell"),
    )
    assert first_rung(complain("The soup was cold.")) == "owner"


def test_whom_we_may_not_write_to_is_not_asked_and_the_case_says_why(complain, ana, now) -> None:
    Customer.objects.filter(pk=ana.pk).update(no_messages_at=now)
    ana.refresh_from_db()
    case = complain("The soup was cold.", customer=ana)
    ask = case.steps.get(kind="ask")
    assert ask.state == Step.State.SKIPPED
    assert ask.note.startswith("They asked us not to write")
    assert "recover.step_skipped" in facts_about(case.pk)


def test_who_asks_us_not_to_write_later_is_not_asked_when_the_time_comes(
    complain, ana, tick, now
) -> None:
    case = complain("The soup was cold.", customer=ana)
    ask = case.steps.get(kind="ask")
    assert ask.state == Step.State.WAITING
    Customer.objects.filter(pk=ana.pk).update(no_messages_at=now)
    Step.objects.filter(case=case).exclude(kind="ask").update(look_at=None)
    tick(ask.due_at)
    ask.refresh_from_db()
    assert ask.state == Step.State.SKIPPED
    assert ask.note.startswith("They asked us not to write")


def test_a_second_failure_goes_to_a_senior_and_weighs_more(complain, ana) -> None:
    first = complain("The soup was cold.", customer=ana)
    again = complain("And loud music.", customer=ana, after=timedelta(minutes=5))
    assert again == first, "another complaint of the same customer joins the open case"
    assert first_rung(first) == "on_duty", "their own open case is no earlier failure"


def test_a_promise_in_opening_hours_waits_until_the_house_opens(complain, house, harbour) -> None:
    house(("    by: 1 day at 10:00\n", "    by: 1 opening day at 3:00\n"))
    case = complain("The soup was cold.")
    due = case.steps.get(kind="apologise").due_at.astimezone(MADRID)
    periods = harbour.opening_periods.all()
    assert due > case.opened_at
    assert not periods or due.time() == min(
        one.opens_at for one in periods if one.weekday == due.weekday()
    )


def test_a_press_still_costs_no_more_statements_than_before(
    table_14, on_duty, now, django_assert_max_num_queries
) -> None:
    receive_press(touchpoint=table_14, key=str(new_id()), happened_at=now, now=now)
    treat_all_waiting(SIGNALS, now=now)
    later = now + timedelta(hours=1)
    receive_press(touchpoint=table_14, key=str(new_id()), happened_at=later, now=later)
    with django_assert_max_num_queries(45):
        treat_all_waiting(SIGNALS, now=later)


def test_who_stays_away_is_called_and_nothing_is_repaired_that_was_not_broken(
    harbour, ana, on_duty, now
) -> None:
    away = note_failure(
        failure=Failure(
            kind=Signal.Kind.SILENCE,
            fact="sense.customer_missing",
            matter=new_id(),
            site=harbour,
            customer=ana,
            place="Harbour",
            words="Came 6 times, about every 14 days.",
            caused_by=new_id(),
        ),
        now=now,
    )
    treat_all_waiting(SIGNALS, now=now)
    assert away
    case = case_of_signal(away)
    assert case
    assert not Page.objects.filter(about=case.pk).exists(), "nobody runs for who is not here"
    left_out = case.steps.filter(state=Step.State.SKIPPED).values_list("kind", flat=True)
    assert set(left_out) == {
        "apologise", "amends", "plan", "confirm", "reassure", "ask", "involve", "appreciate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("trade", "title"),
    [
        ("shop", "Shop policy"),
        ("clinic", "Care policy"),
        ("", "House policy"),
        ("x", "House policy"),
    ],
)
def test_a_house_begins_with_the_policy_of_its_trade(now, trade, title) -> None:
    house = create_organisation(
        name="A new house", site_name="Quay", timezone="Europe/Madrid", currency="EUR",
        first_name="Eva", last_name="Sol", email="eva@quay.example", password=PASSWORD, now=now,
        trade=trade,
    )  # fmt: skip
    assert PolicyVersion.objects.get(organisation=house).title == title
