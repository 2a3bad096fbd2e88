"""A step is done only with facts: calls with their outcome, letters that arrived, what was seen."""

from datetime import timedelta

import pytest

from makegood.amends.gifts import Gift
from makegood.amends.granting import give
from makegood.amends.models import Coupon, Remedy
from makegood.amends.purses import open_purse
from makegood.amends.redeeming import redeem
from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.page.hands.answering import going
from makegood.page.models import Page
from makegood.people.duty import begin_duty
from makegood.recover.life.callbacks import ask_callback
from makegood.recover.life.calling import attempts_at, log_call
from makegood.recover.life.closing import close_unreached
from makegood.recover.life.handing import hand_case_over
from makegood.recover.life.moving import move_to_version
from makegood.recover.models import Case, PolicyVersion, Step
from makegood.recover.policy.plans import HAPPENINGS
from makegood.recover.record.seam import steps_of
from makegood.recover.record.storytelling import story_of
from makegood.recover.steps.pausing import standing_wait, wait_for_customer
from makegood.recover.steps.stepping import finish_step
from makegood.recover.tests.texts import with_steps
from makegood.recover.versions.publishing import pinned, publish
from makegood.sense.visiting import note_visit
from makegood.words.facts import LetterFailed, LetterSent
from makegood.words.models import Letter
from makegood.words.replying import receive_reply
from makegood.words.writing import draft_letter
from tests.cast import facts_about

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def policy(case):
    """Puts the case on a policy in which one step says something else."""

    def _policy(kind, *needs):
        text = with_steps(**{kind: {"needs": list(needs)}})
        version = publish(organisation=case.organisation, text=text, by=None, now=case.opened_at)
        Case.objects.filter(pk=case.pk).update(policy=version)
        case.refresh_from_db()
        return version

    return _policy


def step(case, kind):
    return case.steps.get(kind=kind)


def names_of(step):
    return [Entry.objects.get(pk=pk).name.partition(".")[2] for pk in step.evidence]


@pytest.mark.parametrize("awaits", ["question_sent", "rating_given"])
def test_the_question_how_we_did_keeps_its_step_once_it_has_left(case, ana, bo, now, awaits):
    Case.objects.update(customer=ana, owner=bo)
    asking = Step.objects.filter(case=case, kind="ask")
    asking.update(awaits=awaits)
    send_apology(case, bo, now, Letter.Kind.QUESTION)
    assert step(case, "ask").state == Step.State.WAITING  # a colleague's own question
    asking.update(asked_at=now + DAY)
    send_apology(case, bo, now + DAY, Letter.Kind.QUESTION)
    done = step(case, "ask")
    assert (done.state, names_of(done)) == (Step.State.DONE, ["letter_sent"])


def test_a_call_that_reached_nobody_is_kept_and_ends_nothing(case, cy, now):
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now)
    with pytest.raises(Refused, match="note the call first") as refused:
        finish_step(case=case, kind="contact", words="Called.", by=cy, now=now)
    assert refused.value.code == "evidence_missing"
    assert step(case, "contact").state == Step.State.WAITING
    contact = next(one for one in steps_of(case, now) if one.kind == "contact")
    assert contact.detail.endswith("Called 21 Nov, not reached")
    assert "a call was logged" in contact.needs[0]
    log_call(case=case, outcome="reached", words="They come again.", by=cy, now=now + DAY)
    finish_step(case=case, kind="contact", words="Called.", by=cy, now=now + DAY)
    assert names_of(step(case, "contact")) == ["call_logged", "evidence_given"]
    case.refresh_from_db()
    assert (case.owner, case.reached_at) == (cy, now + DAY)
    told = [f"{one.lead} {one.words}" for one in story_of(case) if one.kind == "call"]
    assert told == ["Cy called the guest, no answer.", "Cy called the guest, we spoke."]


@pytest.mark.parametrize("happening", sorted(HAPPENINGS))
def test_a_step_after_a_happening_has_its_day_from_then_on(case, ana, bo, cy, now, happening):
    Case.objects.update(customer=ana)
    text = with_steps(contact={"after": happening, "by": "2 days at 18:00"})
    version = publish(organisation=case.organisation, text=text, by=None, now=now)
    case.refresh_from_db()
    move_to_version(case=case, version=version, reason="Call after it.", by=cy, now=now)
    assert step(case, "contact").due_at is None
    later = now + 8 * DAY
    if happening == "reply":
        receive_reply(about=case.pk, words="Thank you.", customer=ana, now=later)
    elif happening == "next_visit":
        note_visit(customer=ana, site=case.site, by=bo, now=later)
    else:
        finish_step(case=case, kind="confirm", words="Done.", by=cy, now=later, checked="Forty.")
    due_at = step(case, "contact").due_at
    assert due_at
    assert due_at.date() == (later + 2 * DAY).date()


def test_what_came_of_a_call_has_to_be_said(case, cy, now):
    with pytest.raises(Refused, match="what came of the call"):
        log_call(case=case, outcome="perhaps", words="Yes", by=cy, now=now)
    with pytest.raises(Refused, match="how the call went"):
        log_call(case=case, outcome="reached", words=" ", by=cy, now=now)


def test_the_call_they_asked_for_is_that_call(case, cy, now):
    callback = ask_callback(case=case, wanted_at=now + DAY, phone="", now=now)
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now + DAY)
    callback.refresh_from_db()
    assert callback.called_at is None
    log_call(case=case, outcome="reached", words="All well.", by=cy, now=now + DAY)
    callback.refresh_from_db()
    assert callback.called_at == now + DAY


def test_speaking_with_them_ends_the_wait(case, cy, now):
    wait_for_customer(case=case, reason="Which room?", by=cy, now=now)
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now + DAY)
    assert standing_wait(case)
    log_call(case=case, outcome="asked_to_call_later", words="At work.", by=cy, now=now + DAY)
    assert standing_wait(case) is None


def test_who_cannot_be_reached_is_given_up_after_three_calls_on_different_days(case, cy, now):
    def give_up(at):
        return close_unreached(case=case, words="The number rings.", by=cy, now=at)

    for at in (now, now + timedelta(hours=1), now + DAY):
        log_call(case=case, outcome="no_answer", words="", by=cy, now=at)
    with pytest.raises(Refused, match="three calls on different days; two so far"):
        give_up(now + DAY)
    log_call(case=case, outcome="wrong_number", words="", by=cy, now=now + 3 * DAY)
    closure = give_up(now + 3 * DAY)
    assert closure.outcome == "lost"
    assert closure.reason == (
        "We could not reach them: called 21 Nov, 22 Nov, 24 Nov. The number rings."
    )
    assert len(closure.evidence) == 4


def test_reaching_them_begins_the_count_anew(case, cy, now):
    for day in range(2):
        log_call(case=case, outcome="no_answer", words="", by=cy, now=now + day * DAY)
    log_call(case=case, outcome="reached", words="They are fine.", by=cy, now=now + 2 * DAY)
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now + 3 * DAY)
    assert len(attempts_at(case)) == 1


def test_a_correction_is_confirmed_by_what_was_checked(case, cy, now):
    with pytest.raises(Refused, match="counted, saw or photographed") as refused:
        finish_step(case=case, kind="confirm", words="It is done.", by=cy, now=now)
    assert refused.value.field == "checked"
    finish_step(case=case, kind="confirm", words="The second cook helps.", by=cy, now=now,
                checked="Forty plates on Friday, none later than nine minutes.")  # fmt: skip
    done = step(case, "confirm")
    assert names_of(done) == ["correction_confirmed", "evidence_given"]
    assert "Forty plates" in " ".join(one.quote for one in story_of(case))


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ("apology_sent", "written apology has to leave"),
        ("news_sent", "Write to them what changed"),
        ("plan_done", "Plan the correction"),
        ("customer_reached", "stand before them first"),
        ("letter_sent", "A letter has to leave"),
        ("amends_given", "Give something first"),
        ("visit_seen", "not been with us"),
        ("reply_received", "not written back"),
        ("amends_redeemed", "not used"),
    ],
)
def test_what_the_policy_asks_for_is_asked_for(case, cy, now, policy, need, words):
    policy("value", need)
    with pytest.raises(Refused, match=words):
        finish_step(case=case, kind="value", words="Done.", by=cy, now=now)


def test_facts_of_the_case_are_what_is_needed(case, ana, bo, cy, now, policy):
    Case.objects.update(customer=ana)
    policy("value", "visit_seen", "reply_received")
    receive_reply(about=case.pk, words="Thank you.", customer=ana, now=now + DAY)
    note_visit(customer=ana, site=case.site, by=bo, now=now + 2 * DAY)
    finish_step(case=case, kind="value", words="Her table.", by=cy, now=now + 2 * DAY)
    assert names_of(step(case, "value")) == [
        "reply_received", "visit_began", "evidence_given",
    ]  # fmt: skip


def test_a_fact_ends_a_step_by_itself_only_when_all_it_needs_is_there(case, ana, bo, now, policy):
    policy("apologise", "customer_reached")
    Case.objects.update(customer=ana, owner=bo)
    send_apology(case, bo, now)
    assert step(case, "apologise").state == Step.State.WAITING
    log_call(case=case, outcome="reached", words="I am sorry, Ana.", by=bo, now=now + DAY)
    send_apology(case, bo, now + DAY)
    assert step(case, "apologise").state == Step.State.DONE


def send_apology(case, by, at, kind=Letter.Kind.APOLOGY):
    letter = draft_letter(
        about=case.pk, customer=case.customer, sender=by, kind=kind,
        subject="Sorry", body="Dear Ana, I am sorry.", now=at,
    )  # fmt: skip
    about = {"matter": case.pk, "kind": kind.value, "staff_id": by.pk}
    house = {"organisation_id": case.organisation_id, "by": "system", "about": letter.pk}
    chronicle.record(LetterSent(**about), at=at, **house)


def test_a_coupon_that_was_used_is_further_evidence(case, cy, now):
    open_purse(staff=cy, daily=Money(50_000, "EUR"))
    remedy = Remedy.objects.filter(site=case.site, kind="coupon").first()
    given = give(about=case.pk, what=Gift(remedy=remedy), by=cy, key="a-coupon-key", now=now)
    code = Coupon.objects.get(amends=given).code
    redeem(organisation_id=case.organisation_id, code=code, by=cy, now=now + DAY)
    done = step(case, "amends")
    assert names_of(done) == ["given", "coupon_redeemed"]
    assert "was used" in done.note


def test_a_letter_that_failed_shows_nothing_any_more(case, ana, bo, now):
    Case.objects.update(customer=ana, owner=bo)
    letter = draft_letter(
        about=case.pk, customer=ana, sender=bo, kind=Letter.Kind.APOLOGY, subject="Sorry",
        body="Dear Ana, I am sorry.", now=now,
    )  # fmt: skip
    about = {"matter": case.pk, "kind": "apology", "staff_id": bo.pk}
    house = {"organisation_id": case.organisation_id, "by": "system", "about": letter.pk}
    chronicle.record(LetterSent(**about), at=now, **house)
    assert step(case, "apologise").state == Step.State.DONE
    chronicle.record(LetterFailed(**about, reason="No such box."), at=now + DAY, **house)
    again = step(case, "apologise")
    assert (again.state, again.evidence) == (Step.State.WAITING, [])
    assert again.look_at
    assert "recover.step_rearmed" in facts_about(case.pk)


def test_at_the_next_visit_a_senior_is_there_and_knows_why(case, ana, bo, harbour, now):
    Case.objects.update(customer=ana, topic="food")
    finish_step(case=case, kind="reassure", words="Told on the phone.", by=bo, now=now)
    note_visit(customer=ana, site=harbour, by=bo, now=now + 8 * DAY)
    page = Page.objects.open().exclude(about=case.pk).get()
    assert (page.place, page.what) == ("Ana is here", "Be there.")
    assert page.who == "We failed Ana on 21 November: the food"
    assert page.ladder[0]["who"] == "manager"


def test_who_is_given_a_case_is_told_with_a_word(case, bo, cy, mina, harbour, now, tick):
    Case.objects.update(owner=bo)
    due = step(case, "apologise").due_at
    tick(due)
    assert Page.objects.open().filter(about=step(case, "apologise").pk).exists()
    begin_duty(staff=mina, site=harbour, felt_at=due, now=due)
    hand_case_over(case=case, to=mina, by=bo, word="She likes the window.", now=due)
    page = Page.objects.open().get(what__contains="hands you")
    assert page.what == "Bo hands you this case: She likes the window."
    assert [rung["who"] for rung in page.ladder] == [f"staff:{mina.pk}"]
    assert going(page=page, staff=mina, now=due).taken_by == mina
    assert not Page.objects.open().filter(about=step(case, "apologise").pk).exists()
    tick(due + DAY)
    again = Page.objects.open().get(about=step(case, "apologise").pk)
    assert again.ladder[0]["who"] == f"staff:{mina.pk}"
    told = next(one for one in story_of(case) if one.kind == "handed")
    assert (told.lead, told.quote) == ("Mina took the case over", "She likes the window.")


def test_who_takes_a_case_over_is_not_rung_for_it(case, cy, now):
    hand_case_over(case=case, to=cy, by=cy, now=now)
    assert not Page.objects.filter(what__contains="hands you").exists()


def test_the_house_writes_within_the_contact_budget(case, ana, bo, now, tick):
    Case.objects.update(customer=ana, owner=bo)
    asked = step(case, "ask").due_at
    for number in range(3):
        sent_at = asked - timedelta(days=10 - number)
        Letter.objects.create(
            organisation_id=case.organisation_id, about=case.pk, customer=ana, sender=bo,
            kind=Letter.Kind.NEWS, to="ana@guest.example", subject="News", body="News.",
            drafted_at=sent_at, send_at=sent_at, sent_at=sent_at, state=Letter.State.SENT,
        )  # fmt: skip
    tick(asked)
    assert not Letter.objects.filter(kind="question").exists()
    ask = next(one for one in steps_of(case, asked) if one.kind == "ask")
    assert "We wrote to Ana 3 times within 30 days" in ask.paused
    allowed = asked - timedelta(days=10) + timedelta(days=30)
    assert step(case, "ask").look_at == allowed
    assert step(case, "ask").due_at == asked
    tick(allowed - timedelta(minutes=5))
    assert not Letter.objects.filter(kind="question").exists()
    tick(allowed)
    assert Letter.objects.filter(kind="question").count() == 1
    assert step(case, "ask").late is False
    assert "recover.contact_put_off" in facts_about(case.pk)


def test_every_version_says_what_it_needs(case):
    version = PolicyVersion.objects.get(pk=case.policy_id)
    assert pinned(version.pk).policy.plan("contact").needs == ("call_logged",)
