"""Steps end with evidence or a reason; people are reminded; the house asks by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from makegood.amends.gifts import Gift
from makegood.amends.granting import give, give_nothing, take_back
from makegood.amends.purses import open_purse
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.page.hands.answering import finish, going, with_customer
from makegood.page.models import Page
from makegood.recover.life.answering import (
    customer_confirms,
    customer_says_not_right,
    may_confirm,
    rate_handling,
)
from makegood.recover.life.calling import log_call
from makegood.recover.life.closing import close_confirmed, close_lost, reopen
from makegood.recover.life.handing import hand_case_over
from makegood.recover.models import Case, Step
from makegood.recover.record.promises import promises_of
from makegood.recover.record.seam import steps_of
from makegood.recover.record.storytelling import story_of
from makegood.recover.steps.stepping import finish_step, skip_step
from makegood.sense.models import Invitation
from makegood.sense.visiting import note_visit
from makegood.words.models import Letter
from tests.cast import facts_about

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HUMAN = ("apologise", "amends", "plan", "confirm", "reassure", "contact", "involve", "value",
         "appreciate")  # fmt: skip


def step(case, kind):
    return case.steps.get(kind=kind)


def test_a_person_gives_evidence_in_words(case, cy, now):
    finish_step(case=case, kind="plan", words="A second cook on Fridays.", by=cy, now=now)
    done = step(case, "plan")
    assert (done.state, done.note, done.ended_by) == (1, "A second cook on Fridays.", cy)
    assert facts_about(case.pk)[-2:] == ["recover.evidence_given", "recover.step_done"]
    with pytest.raises(Refused, match="ended already"):
        finish_step(case=case, kind="plan", words="Again.", by=cy, now=now)


def test_words_are_kept_without_what_no_database_takes(case, cy, now):
    finish_step(case=case, kind="plan", words="A second\x00 cook.\r\n", by=cy, now=now)
    assert step(case, "plan").note == "A second cook."
    with pytest.raises(Refused, match="Say in a few words"):
        finish_step(case=case, kind="confirm", words="\x00", by=cy, now=now)
    with pytest.raises(Refused, match="2000 characters"):
        finish_step(case=case, kind="confirm", words="a" * 2001, by=cy, now=now)


def test_no_step_without_words_or_reason(case, cy, now):
    for call in (
        lambda: finish_step(case=case, kind="plan", words=" ", by=cy, now=now),
        lambda: skip_step(case=case, kind="plan", reason="", by=cy, now=now),
        lambda: finish_step(case=case, kind="dance", words="Yes", by=cy, now=now),
        lambda: finish_step(case=case, kind="prove", words="Yes", by=cy, now=now),
    ):
        with pytest.raises(Refused):
            call()
    with pytest.raises(IntegrityError), transaction.atomic():
        case.steps.filter(kind="plan").update(state=Step.State.DONE)


def test_who_reaches_the_customer_gives_their_word(case, bo, now):
    page = going(page=Page.objects.get(), staff=bo, now=now)
    with_customer(page=page, staff=bo, now=now + timedelta(minutes=2))
    case.refresh_from_db()
    assert (case.owner, case.reached_at) == (bo, now + timedelta(minutes=2))


def test_amends_are_evidence_and_taken_back_are_none(case, cy, now):
    open_purse(staff=cy, daily=Money(10000, "EUR"))
    gift = Gift(name="A fresh main", worth=Money(1900, "EUR"))
    given = give(about=case.pk, what=gift, by=cy, key="first-gift", now=now)
    assert step(case, "amends").note == "A fresh main, €19"
    take_back(amends=given, by=cy, now=now + timedelta(seconds=30))
    assert step(case, "amends").state == Step.State.WAITING


def test_nothing_given_is_a_reason(case, cy, now):
    give_nothing(about=case.pk, reason="They asked for nothing.", by=cy, now=now)
    skipped = step(case, "amends")
    assert (skipped.state, skipped.note) == (Step.State.SKIPPED, "They asked for nothing.")


def test_a_promise_is_remembered_before_it_is_late_then_daily_then_by_a_senior(case, now, tick):
    due = step(case, "apologise").due_at
    assert tick(due - timedelta(hours=3, seconds=1)) == 0
    tick(due - timedelta(hours=3))
    first = Page.objects.get(about=step(case, "apologise").pk)
    assert (first.purpose, first.what) == ("remind", "Apologise by 10:00")
    tick(due)
    assert "recover.step_overdue" in facts_about(case.pk)
    tick(due)
    assert step(case, "apologise").reminders == 2
    tick(due + DAY)
    page = Page.objects.get(about=first.about)
    assert page == first, "a step has one page, however often somebody is reminded of it"
    assert (page.is_open, page.round, page.ladder[0]["who"]) == (True, 2, "manager")
    assert page.what == "Apologise: promised for 22 Nov, not done yet"


def test_ending_a_step_silences_its_reminder(case, cy, tick):
    due = step(case, "plan").due_at
    tick(due)
    finish_step(case=case, kind="plan", words="A second cook.", by=cy, now=due)
    assert not Page.objects.open().filter(about=step(case, "plan").pk).exists()
    assert step(case, "plan").late is False


def test_a_whole_case_to_its_confirmed_end(case, ana, bo, cy, now, tick):
    Case.objects.filter(pk=case.pk).update(customer=ana, owner=bo)
    log_call(case=case, outcome="reached", words="They sounded glad.", by=cy, now=now + DAY)
    for kind in HUMAN:
        finish_step(case=case, kind=kind, words="Done as promised.", by=cy, now=now + DAY,
                    checked="Forty plates counted, none later than nine minutes.")  # fmt: skip
    asked = step(case, "ask").due_at
    tick(asked)
    letter = Letter.objects.get()
    assert (letter.kind, letter.sender, letter.to) == ("question", bo, "ana.ruiz@guest.example")
    assert letter.link.startswith("/r/")
    assert Invitation.objects.get().about == case.pk
    rate_handling(case=case, score=5, now=asked + DAY)
    assert step(case, "ask").state == Step.State.DONE
    with pytest.raises(Refused, match="not kept all"):
        customer_confirms(case=case, now=asked + DAY)

    end = step(case, "prove").due_at
    tick(end)
    tick(end)
    assert Letter.objects.count() == 2
    case.refresh_from_db()
    assert may_confirm(case)
    assert promises_of(case, end).promises[-1].when == "Your turn, below"
    closure = customer_confirms(case=case, now=end + DAY)
    assert closure.outcome == "confirmed"
    assert step(case, "prove").state == Step.State.DONE
    assert customer_confirms(case=case, now=end + DAY) == closure
    assert not case.steps.waiting().exists()


def test_without_an_answer_a_manager_is_rung_to_close_honestly(case, cy, now, tick):
    end = step(case, "prove").due_at
    for kind in HUMAN:
        skip_step(case=case, kind=kind, reason="In a test.", by=cy, now=now)
    tick(end)
    assert step(case, "ask").state == Step.State.SKIPPED
    tick(end + 14 * DAY)
    page = Page.objects.get(about=step(case, "prove").pk)
    assert (page.ladder[0]["who"], "no answer" in page.what) == ("manager", True)
    close_lost(case=case, reason="No way to reach them.", by=cy, now=end + 15 * DAY)
    assert not Page.objects.open().exists()


def test_lost_needs_a_reason_and_confirmed_an_evidence(case, cy, now):
    with pytest.raises(Refused):
        close_lost(case=case, reason="", by=cy, now=now)
    with pytest.raises(Refused, match="not said so"):
        close_confirmed(case=case, now=now)
    with pytest.raises(Refused):
        close_confirmed(case=case, by=cy, now=now)
    closure = close_confirmed(case=case, by=cy, words="She said so on the phone.", now=now)
    assert (closure.outcome, closure.closed_by) == ("confirmed", cy)
    with pytest.raises(Refused, match="closed already"):
        close_lost(case=case, reason="Again", by=cy, now=now)


def test_reopening_arms_what_the_closing_skipped_and_keeps_the_closure(case, cy, now, tick):
    skip_step(case=case, kind="involve", reason="They live abroad.", by=cy, now=now)
    before = {s.kind: s.due_at for s in case.steps.all()}
    close_lost(case=case, reason="They never answered.", by=cy, now=now + DAY)
    assert tick(now + 100 * DAY) == 0
    reopen(case=case, because="They wrote after all.", by=cy, now=now + 11 * DAY)
    assert step(case, "involve").state == Step.State.SKIPPED
    waiting = case.steps.waiting()
    assert {s.kind for s in waiting} == {*HUMAN, "ask", "prove"} - {"involve"}
    assert step(case, "plan").due_at == before["plan"] + 10 * DAY
    assert case.closures.get().reopened_because == "They wrote after all."
    with pytest.raises(Refused, match="open already"):
        reopen(case=case, because="Again", by=cy, now=now + 11 * DAY)


def test_a_customer_who_is_not_content_opens_it_again_and_rings_a_senior(case, cy, now):
    close_lost(case=case, reason="They never answered.", by=cy, now=now)
    customer_says_not_right(case=case, words="Nobody called.", now=now + DAY)
    assert case.standing_closure is None
    page = Page.objects.get(purpose="decide")
    assert page.ladder[0]["who"] == "manager"
    assert "Nobody called." in page.what


def test_a_customer_who_says_it_again_rings_nobody_again(case, cy, now):
    """The form was sent twice; then they say more while Cy is at it, and once more when he is
    done."""
    for minute, words in enumerate(("Still cold.", "Still cold.", "And late.")):
        customer_says_not_right(case=case, words=words, now=now + timedelta(minutes=minute))
        if not minute:
            going(page=Page.objects.get(purpose="decide"), staff=cy, now=now)
    page = Page.objects.get(purpose="decide")
    assert (page.state, page.what) == (Page.State.GOING, "Not right yet. “And late.”")
    said = Entry.objects.filter(name="recover.customer_not_content").order_by("at", "pk")
    assert [one.data["words"] for one in said] == ["Still cold.", "And late."]
    finish(page=page, staff=cy, now=now + DAY)
    customer_says_not_right(case=case, words="And late.", now=now + DAY)
    assert Page.objects.filter(purpose="decide").count() == 2


def test_a_low_mark_changed_to_another_is_one_page(case, now):
    for minute, score in enumerate((2, 1)):
        rate_handling(case=case, score=score, now=now + timedelta(minutes=minute))
    assert Page.objects.get(purpose="decide").what.endswith("badly: 1 of 5")


def test_at_the_next_visit_somebody_goes_and_that_ends_the_step(case, ana, bo, harbour, now):
    Case.objects.update(customer=ana, topic="food")
    note_visit(customer=ana, site=harbour, by=bo, now=now + 8 * DAY)
    page = Page.objects.get(about=step(case, "reassure").pk)
    assert page.place == "Ana is here"
    assert page.who == "We failed Ana on 21 November: the food"
    with_customer(page=going(page=page, staff=bo, now=now + 8 * DAY), staff=bo, now=now + 8 * DAY)
    assert step(case, "reassure").state == Step.State.DONE


def test_another_colleague_takes_over(case, bo, cy, now):
    hand_case_over(case=case, to=cy, by=bo, now=now)
    case.refresh_from_db()
    assert case.owner == cy


def test_the_story_and_the_seam_can_be_read(case, bo, cy, now):
    page = going(page=Page.objects.get(), staff=bo, now=now + timedelta(seconds=12))
    with_customer(page=page, staff=bo, now=now + timedelta(seconds=115))
    finish_step(case=case, kind="plan", words="A second cook.", by=cy, now=now + DAY)
    close_lost(case=case, reason="They left.", by=cy, now=now + DAY)
    story = story_of(case)
    assert [moment.at for moment in story] == sorted(moment.at for moment in story)
    leads = [moment.lead for moment in story]
    assert leads[0] == "The guest pressed the button"
    assert story[0].words == "at table 14."
    assert "Bo was paged." in leads
    paged = next(moment for moment in story if moment.kind == "page")
    assert paged.words.startswith("1 min 55 s from press to face")
    assert paged.ladder[-1].face
    assert "Closed as lost" in leads
    seam = steps_of(case, now + DAY)
    assert [stitch.state for stitch in seam][:4] == ["mended", "dropped", "dropped", "mended"]
