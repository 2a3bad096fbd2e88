"""A case that is over is over: nobody is rung for it, nothing of it waits, and whoever is not
content is not asked again before there was time to mend it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from makegood.amends.asking import ask_senior
from makegood.amends.gifts import Gift
from makegood.amends.granting import give, take_back
from makegood.amends.models import AmendsRequest
from makegood.ground.ids import new_id
from makegood.ground.mailing import MailNews
from makegood.ground.money import Money
from makegood.ground.waiting import treat_all_waiting
from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Page
from makegood.people.models import Customer, Site, Staff
from makegood.recover.access import case_of_signal
from makegood.recover.life.answering import (
    customer_confirms,
    customer_says_not_right,
    may_confirm,
)
from makegood.recover.life.callbacks import ask_callback, waiting_callback
from makegood.recover.life.calling import log_call
from makegood.recover.life.closing import close_confirmed, close_lost, reopen
from makegood.recover.life.merging import merge_cases, undo_merger
from makegood.recover.life.moving import move_to_version
from makegood.recover.models import Case, Pause, Step
from makegood.recover.record.promises import promises_of
from makegood.recover.steps.pausing import (
    go_on,
    snooze_case,
    snooze_step,
    standing_wait,
    wait_for_customer,
)
from makegood.recover.steps.stepping import skip_step
from makegood.recover.tests.texts import with_steps
from makegood.recover.versions.publishing import policy_of, publish
from makegood.sense.adding import cancel_press
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.sense.visiting import note_visit
from makegood.triage.jobs import SIGNALS
from makegood.web.cases.whose import whose_is
from makegood.words.jobs import LETTERS
from makegood.words.models import Letter
from makegood.words.posting import signing_of
from makegood.words.replying import receive_reply
from makegood.words.returning import hear_of_letter
from makegood.words.writing import draft_letter, send_letter
from tests.cast import facts_about

pytestmark = pytest.mark.django_db

Tick = Callable[[datetime], int]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DESSERT = Gift(name="Dessert", worth=Money(900, "EUR"))
QUESTION = "Did we keep our word?"


@pytest.fixture
def known(case: Case, ana: Customer, bo: Staff) -> Case:
    """The case is Ana's, and Bo's to make good."""
    Case.objects.filter(pk=case.pk).update(customer=ana, owner=bo)
    case.refresh_from_db()
    return case


@pytest.fixture
def other(known: Case, harbour: Site, now: datetime) -> Case:
    """A second case, from the bar."""
    bar = place_touchpoint(site=harbour, place="Bar", dwell_minutes=9, now=now)
    signal = receive_press(touchpoint=bar, key=str(new_id()), happened_at=now, now=now)
    treat_all_waiting(SIGNALS, now=now)
    found = case_of_signal(signal)
    assert found
    return found


def step(case: Case, kind: str) -> Step:
    return case.steps.get(kind=kind)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def asked_on_time(case: Case, tick: Tick) -> datetime:
    at = step(case, "prove").look_at
    assert at
    tick(at)
    treat_all_waiting(LETTERS, now=at + 12 * HOUR)
    assert may_confirm(case)
    return at


def questions() -> int:
    return Letter.objects.filter(subject=QUESTION).count()


@pytest.mark.usefixtures("postbox")
def test_who_says_that_it_broke_again_is_not_asked_at_once_whether_we_kept_our_word(
    known: Case, tick: Tick
):
    at = asked_on_time(known, tick)
    customer_confirms(case=fresh(known), now=at + DAY)
    later = at + 4 * DAY
    customer_says_not_right(case=fresh(known), words="It broke again.", now=later)
    wait = policy_of(known.policy_id).wait_for_customer
    tick(later + HOUR)
    tick(later + wait - HOUR)
    assert questions() == 1
    assert not may_confirm(known)
    prove = step(known, "prove")
    assert prove.due_at
    assert later + wait <= prove.due_at < later + wait + 2 * DAY
    tick(prove.due_at)
    assert questions() == 2
    assert may_confirm(known)


@pytest.mark.usefixtures("postbox")
def test_not_right_makes_no_promise_late_that_was_kept_on_time(known: Case, cy: Staff, tick: Tick):
    at = asked_on_time(known, tick)
    customer_says_not_right(case=fresh(known), words="Nobody called.", now=at + DAY)
    told = promises_of(fresh(known), at + DAY + HOUR).promises
    assert [promise.state for promise in told if promise.kind == "prove"] == ["ahead"]
    close_confirmed(case=fresh(known), by=cy, words="She said so by phone.", now=at + 5 * DAY)
    assert not step(known, "prove").late


@pytest.mark.usefixtures("postbox")
def test_a_lost_case_that_opens_again_is_not_asked_at_once(known: Case, cy: Staff, tick: Tick):
    at = asked_on_time(known, tick)
    close_lost(case=fresh(known), reason="No word from her.", by=cy, now=at + 20 * DAY)
    reopen(case=fresh(known), because="She came.", by=cy, now=at + 21 * DAY)
    due = step(known, "prove").due_at
    assert due
    assert due >= at + 21 * DAY + policy_of(known.policy_id).wait_for_customer


def test_once_it_is_over_nobody_is_rung_for_it_and_nobody_is_asked(
    known: Case, bo: Staff, cy: Staff, ana: Customer, now: datetime
):
    customer_says_not_right(case=known, words="Still cold.", now=now + HOUR)
    weekend = Gift(name="A weekend", worth=Money(40000, "EUR"))
    ask_senior(about=known.pk, what=weekend, by=bo, key="k", now=now + HOUR)
    receive_reply(about=known.pk, words="Hello?", customer=ana, now=now + HOUR,
                  organisation_id=known.organisation_id)  # fmt: skip
    assert Page.objects.open().count() >= 4
    close_lost(case=fresh(known), reason="Gone.", by=cy, now=now + 2 * HOUR)
    assert not Page.objects.open().exists()
    request = AmendsRequest.objects.get()
    assert (request.decision, request.reason) == ("lapsed", "The case was closed as lost.")
    assert "amends.lapsed" in facts_about(request.pk)


@pytest.mark.parametrize("with_her", [True, False])
def test_whoever_is_with_her_stays_and_nobody_else_is_called_to_her(
    known: Case, bo: Staff, cy: Staff, ana: Customer, harbour: Site, now: datetime, with_her: bool
):
    Page.objects.update(state="done", next_rung_at=None, ended_at=now)
    skip_step(case=known, kind="reassure", reason="She asked us not to.", by=cy, now=now)
    came = now + 8 * DAY
    note_visit(customer=ana, site=harbour, by=bo, now=came)
    page = Page.objects.open().get(purpose="reach")
    page = going(page=page, staff=bo, now=came)
    if with_her:
        with_customer(page=page, staff=bo, now=came)
    close_confirmed(case=fresh(known), by=cy, words="She said so at the desk.", now=came + HOUR)
    page.refresh_from_db()
    assert page.state == ("with" if with_her else "done")


def test_what_was_asked_for_a_joined_case_is_asked_for_the_one_it_is_part_of(
    known: Case, other: Case, bo: Staff, cy: Staff, now: datetime
):
    weekend = Gift(name="A weekend", worth=Money(40000, "EUR"))
    request = ask_senior(about=other.pk, what=weekend, by=bo, key="k", now=now + HOUR)
    merge_cases(survivor=known, absorbed=other, reason="Same.", by=cy, now=now + 2 * HOUR)
    assert Page.objects.open().filter(about=request.pk).exists()
    close_lost(case=fresh(known), reason="Gone.", by=cy, now=now + 3 * HOUR)
    request.refresh_from_db()
    assert request.decision == "lapsed"
    assert not Page.objects.open().exists()


@pytest.mark.usefixtures("postbox")
def test_a_letter_that_comes_back_after_the_end_rings_nobody_day_after_day(
    known: Case, bo: Staff, cy: Staff, ana: Customer, now: datetime, tick: Tick
):
    letter = draft_letter(about=known.pk, customer=ana, sender=bo, kind=Letter.Kind.APOLOGY,
                          subject="Sorry", body="I am sorry.", now=now)  # fmt: skip
    send_letter(letter=letter, now=now, send_at=now)
    treat_all_waiting(LETTERS, now=now)
    close_lost(case=known, reason="Gone.", by=cy, now=now + HOUR)
    letter.refresh_from_db()
    hear_of_letter(pk=letter.pk, signing=signing_of(letter), now=now + 2 * HOUR,
                   news=MailNews(arrived=False, said="No such mailbox"))  # fmt: skip
    apologise = step(known, "apologise")
    assert apologise.state == Step.State.SKIPPED
    assert "did not arrive" in apologise.note
    for day in range(1, 6):
        tick(now + day * DAY)
    assert not Page.objects.filter(about=apologise.pk).exists()
    reopen(case=fresh(known), because="Not over.", by=cy, now=now + 6 * DAY)
    assert step(known, "apologise").state == Step.State.WAITING
    assert step(known, "apologise").look_at


def test_a_gift_taken_back_after_the_end_waits_for_nobody(
    known: Case, bo: Staff, cy: Staff, now: datetime, tick: Tick
):
    gift = give(about=known.pk, what=DESSERT, by=bo, key="k", now=now)
    close_lost(case=fresh(known), reason="Gone.", by=cy, now=now + timedelta(seconds=5))
    take_back(amends=gift, by=bo, now=now + timedelta(seconds=20))
    assert not known.steps.waiting().exists()
    tick(now + 5 * DAY)
    assert not Page.objects.open().exists()


def test_a_gift_taken_back_after_a_joining_is_owed_again_once_that_is_undone(
    known: Case, other: Case, bo: Staff, cy: Staff, now: datetime
):
    gift = give(about=other.pk, what=DESSERT, by=bo, key="k", now=now)
    merger = merge_cases(survivor=known, absorbed=other, reason="Same.", by=cy, now=now)
    take_back(amends=gift, by=bo, now=now + timedelta(seconds=20))
    assert not other.steps.waiting().exists()
    undo_merger(merger=merger, by=cy, now=now + HOUR)
    amends = step(other, "amends")
    assert amends.state == Step.State.WAITING
    assert amends.look_at


def test_a_step_that_a_version_puts_later_rings_nobody_for_its_old_day(
    case: Case, cy: Staff, now: datetime, tick: Tick
):
    for day in range(2, 6):
        tick(now + day * DAY)
    plan = step(case, "plan")
    assert Page.objects.open().filter(about=plan.pk).exists()
    text = with_steps(plan={"by": "60 days at 18:00"})
    version = publish(organisation=case.organisation, text=text, by=None, now=now)
    move_to_version(case=fresh(case), version=version, reason="Slower.", by=cy, now=now + 6 * DAY)
    assert not Page.objects.open().filter(about=plan.pk).exists()


def test_a_case_closed_by_mistake_is_as_it_was(known: Case, bo: Staff, cy: Staff, now: datetime):
    snooze_step(case=known, kind="contact", until=now + 60 * DAY, reason="Honeymoon.", by=cy,
                now=now)  # fmt: skip
    wait_for_customer(case=known, reason="Which room?", by=bo, now=now + HOUR)
    before = list(known.steps.waiting().values("kind", "due_at", "look_at"))
    closed_at = now + 2 * HOUR
    close_lost(case=fresh(known), reason="Oops.", by=cy, now=closed_at)
    reopen(case=fresh(known), because="A slip.", by=cy, now=closed_at + timedelta(minutes=1))
    assert standing_wait(known)
    assert Pause.objects.standing().filter(step__kind="contact").exists()
    assert [row["kind"] for row in before] == [step.kind for step in known.steps.waiting()]
    assert step(known, "contact").look_at == now + 60 * DAY


def test_waiting_undone_at_once_leaves_the_case_put_off_as_it_was(
    known: Case, cy: Staff, now: datetime
):
    snooze_case(case=known, until=now + 30 * DAY, reason="Honeymoon.", by=cy, now=now)
    before = list(known.steps.values())
    wait_for_customer(case=known, reason="A slip.", by=cy, now=now + HOUR)
    go_on(case=known, by=cy, now=now + HOUR + timedelta(minutes=5))
    assert list(known.steps.values()) == before
    standing = Pause.objects.standing().get(case=known)
    assert (standing.kind, standing.until) == ("snooze", now + 30 * DAY)


def test_a_press_taken_back_by_mistake_is_called_back_after_all(
    case: Case, now: datetime, tick: Tick
):
    ask_callback(case=case, wanted_at=now + 3 * HOUR, phone="+34 600 123 456", now=now)
    signal = case.case_signals.get().signal
    cancel_press(signal=signal, now=now + timedelta(minutes=2))
    assert case.standing_closure
    customer_says_not_right(case=fresh(case), words="My mistake, please call.",
                            now=now + timedelta(minutes=5))  # fmt: skip
    tick(now + 4 * HOUR)
    assert Page.objects.open().filter(about=case.pk, purpose="call").exists()


@pytest.mark.parametrize(("undone_after", "rings"), [(timedelta(minutes=2), 1), (5 * DAY, 0)])
def test_whoever_has_left_is_not_sent_for_when_a_joining_is_undone(
    known: Case, other: Case, cy: Staff, now: datetime, undone_after: timedelta, rings: int
):
    merger = merge_cases(survivor=known, absorbed=other, reason="Same.", by=cy, now=now)
    undo_merger(merger=merger, by=cy, now=now + undone_after)
    assert Page.objects.open().filter(about=other.pk).count() == rings


def test_who_asked_to_be_called_is_called_for_the_case_that_theirs_was_joined_with(
    known: Case, other: Case, cy: Staff, now: datetime, tick: Tick
):
    ask_callback(case=other, wanted_at=now + 3 * HOUR, phone="+34 600 123 456", now=now)
    merge_cases(survivor=known, absorbed=other, reason="Same.", by=cy, now=now + HOUR)
    shown = whose_is(fresh(known), now + HOUR).callback
    assert shown
    assert shown.case_id == other.pk
    tick(now + 3 * HOUR)
    page = Page.objects.open().get(purpose="call")
    assert page.about == known.pk
    log_call(case=fresh(known), outcome="reached", words="All arranged.", by=cy, now=now + 4 * HOUR)
    page.refresh_from_db()
    assert page.state == "done"
    assert waiting_callback(fresh(known)) is None
