"""Two cases that are one repair, one that is two, and each taken back as if it had never been."""

from datetime import timedelta

import pytest

from makegood.amends.gifts import Gift
from makegood.amends.granting import give, take_back
from makegood.amends.purses import open_purse
from makegood.ground import chronicle, links
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.ground.refusals import NotAllowed, Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.page.models import Page
from makegood.people.contacts import EMAIL, Contact
from makegood.people.joining import create_organisation
from makegood.people.models import Staff
from makegood.people.recognising import recognise
from makegood.recover.access import case_by_token, case_of_signal, cases_to_join
from makegood.recover.belonging import answering_for, matters_of
from makegood.recover.life.closing import close_lost, reopen
from makegood.recover.life.merging import merge_cases, undo_merger
from makegood.recover.life.splitting import split_case, undo_split
from makegood.recover.models import Case, CaseSignal, Merger, Pause, Split, Step
from makegood.recover.record.promises import promises_of
from makegood.recover.record.storytelling import story_of
from makegood.recover.steps.pausing import snooze_step, wait_for_customer
from makegood.recover.steps.stepping import finish_step
from makegood.sense.adding import leave_contact
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from makegood.words.replying import receive_reply
from tests.cast import facts_about

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WHY = "The same dinner, told at two tables."


@pytest.fixture
def other(case, harbour, now) -> Case:
    """A minute later somebody presses at the bar: another case."""
    bar = place_touchpoint(site=harbour, place="Bar", dwell_minutes=9, now=now)
    later = now + timedelta(minutes=1)
    signal = receive_press(touchpoint=bar, key=str(new_id()), happened_at=later, now=later)
    treat_all_waiting(SIGNALS, now=later)
    found = case_of_signal(signal)
    assert found
    return found


def as_it_is(*cases):
    """Everything about cases that could be lost on the way: rows, steps, signals, pauses, pages."""
    pks = [case.pk for case in cases]
    return {
        "cases": list(Case.objects.filter(pk__in=pks).order_by("pk").values()),
        "steps": list(Step.objects.filter(case__in=pks).order_by("pk").values()),
        "signals": list(CaseSignal.objects.filter(case__in=pks).order_by("pk").values()),
        "pauses": list(Pause.objects.filter(case__in=pks).order_by("pk").values()),
        "pages": list(
            Page.objects.open().filter(about__in=pks).order_by("pk").values("pk", "about", "link")
        ),
    }


def test_the_signals_move_and_the_absorbed_case_lets_go(case, other, bo, cy, now):
    merger = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now + DAY)
    case.refresh_from_db()
    assert (case.intensity, case.case_signals.count(), other.case_signals.count()) == (2, 2, 0)
    assert other.closures.get(reopened_at=None).outcome == "merged"
    assert not other.steps.waiting().exists()
    ended = other.steps.get(kind="plan")
    assert (ended.state, ended.note) == (Step.State.SKIPPED, "The case was joined with another.")
    assert merger.survivor == case
    assert not Page.objects.open().filter(about=other.pk).exists()
    assert Page.objects.open().filter(about=case.pk).count() == 1
    assert "recover.cases_merged" in facts_about(case.pk)
    assert (answering_for(other.pk), matters_of(case.pk)) == (case.pk, [case.pk, other.pk])


def test_the_old_promise_page_leads_to_the_one_that_goes_on(case, other, cy, now):
    token = links.close(links.PROMISE, other.pk, other.link_version)
    merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now)
    assert case_by_token(token) == case


def test_what_was_given_stays_where_it_was_and_is_told_with_the_survivor(case, other, cy, now):
    open_purse(staff=cy, daily=Money(10_000, "EUR"))
    wine = Gift(name="A bottle of wine", worth=Money(1900, "EUR"))
    given = give(about=other.pk, what=wine, by=cy, key="first-gift", now=now)
    receive_reply(about=other.pk, words="Thank you.", now=now, organisation_id=case.organisation_id)
    merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now + DAY)
    given.refresh_from_db()
    assert given.about == other.pk
    told = " ".join(f"{moment.lead} {moment.words} {moment.quote}" for moment in story_of(case))
    assert "A bottle of wine" in told
    assert "Thank you." in told
    assert WHY in told
    # and what still comes for the absorbed case counts for the one that goes on
    give(about=other.pk, what=wine, by=cy, key="second-gift", now=now + DAY)
    assert case.steps.get(kind="amends").state == Step.State.DONE
    assert [reply.words for reply in promises_of(case, now + DAY).replies] == ["Thank you."]


def test_undoing_it_restores_both_exactly(case, other, ana, bo, cy, now):
    Case.objects.filter(pk=other.pk).update(customer=ana, owner=bo, severity=5)
    snooze_step(case=other, kind="plan", until=now + 9 * DAY, reason="A.", by=cy, now=now)
    wait_for_customer(case=other, reason="B.", by=cy, now=now)
    finish_step(case=other, kind="value", words="A table by the window.", by=cy, now=now)
    before = as_it_is(case, other)
    merger = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now + DAY)
    case.refresh_from_db()
    assert (case.customer, case.owner, case.severity) == (ana, bo, 5)
    undo_merger(merger=merger, by=cy, now=now + 5 * DAY)
    after = as_it_is(case, other)
    assert {**after, "pages": 0} == {**before, "pages": 0}
    assert len(before["pages"]) == 2
    assert len(after["pages"]) == 1  # whoever has left by now is not sent for again
    assert undo_merger(merger=merger, by=cy, now=now + 6 * DAY).ended_at == now + 5 * DAY
    assert other.standing_closure is None
    assert facts_about(other.pk)[-1] == "recover.case_reopened"


def test_what_changed_meanwhile_is_not_undone(case, other, press, bo, cy, now):
    Case.objects.filter(pk=other.pk).update(owner=bo)
    merger = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now)
    Case.objects.filter(pk=case.pk).update(owner=cy)
    press(after=timedelta(seconds=90))
    undo_merger(merger=merger, by=cy, now=now + DAY)
    case.refresh_from_db()
    assert (case.owner, case.intensity, case.case_signals.count()) == (cy, 2, 2)


def test_three_cases_are_one_and_come_apart_in_order(case, other, harbour, cy, now):
    door = place_touchpoint(site=harbour, place="Door", now=now)
    signal = receive_press(touchpoint=door, key=str(new_id()), now=now + timedelta(minutes=2))
    treat_all_waiting(SIGNALS, now=now + timedelta(minutes=2))
    third = case_of_signal(signal)
    assert third
    before = as_it_is(case, other, third)["steps"]
    first = merge_cases(survivor=other, absorbed=third, reason=WHY, by=cy, now=now + DAY)
    second = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now + DAY)
    assert answering_for(third.pk) == case.pk
    with pytest.raises(Refused, match="joined with .* since"):
        undo_merger(merger=first, by=cy, now=now + DAY)
    undo_merger(merger=second, by=cy, now=now + 2 * DAY)
    undo_merger(merger=first, by=cy, now=now + 2 * DAY)
    assert as_it_is(case, other, third)["steps"] == before


def test_two_guests_a_closed_case_itself_and_another_house(case, other, ana, cy, now, fairline):
    def join(**changed):
        told = {"survivor": case, "absorbed": other, "reason": WHY, "by": cy, "now": now}
        merge_cases(**told | changed)

    with pytest.raises(Refused, match="Say why"):
        join(reason=" ")
    with pytest.raises(Refused, match="another case"):
        join(absorbed=case)
    berta = recognise(
        organisation_id=fairline.pk, contacts=[Contact(EMAIL, "berta@guest.example")],
        name="Berta", by=chronicle.CUSTOMER, now=now,
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(customer=ana)
    Case.objects.filter(pk=other.pk).update(customer=berta)
    with pytest.raises(Refused, match="two different guests"):
        join()
    assert cases_to_join(cy, Case.objects.get(pk=case.pk)) == []
    Case.objects.filter(pk=other.pk).update(customer=None)
    assert cases_to_join(cy, Case.objects.get(pk=case.pk)) == [other]
    create_organisation(
        name="Else", site_name="There", timezone="Europe/Madrid", currency="EUR", first_name="Oz",
        last_name="", email="oz@other.example", password="niemand errät das", now=now,
    )  # fmt: skip
    Case.objects.filter(pk=other.pk).update(
        organisation=Staff.objects.get(first_name="Oz").organisation
    )
    with pytest.raises(NotAllowed):
        join()
    Case.objects.filter(pk=other.pk).update(organisation=fairline)
    close_lost(case=other, reason="They left.", by=cy, now=now)
    with pytest.raises(Refused, match="is closed"):
        join()
    assert not Merger.objects.exists()


def test_an_absorbed_case_is_not_opened_again_but_parted(case, other, cy, now):
    merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now)
    with pytest.raises(Refused, match="Take that back instead"):
        reopen(case=other, because="It was not over.", by=cy, now=now)


def test_one_case_becomes_two(case, press, cy, now):
    second = press(after=timedelta(seconds=40))
    before = as_it_is(case)["steps"]
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now + DAY)
    case.refresh_from_db()
    assert (case.intensity, case.last_signal_at) == (1, case.happened_at)
    assert case_of_signal(second) == new
    assert (new.policy_id, new.intensity, new.opened_at) == (case.policy_id, 1, now + DAY)
    assert new.steps.count() == 12
    assert new.steps.get(kind="validate").state == Step.State.DONE
    assert new.steps.get(kind="plan").due_at == case.steps.get(kind="plan").due_at + DAY
    assert as_it_is(case)["steps"] == before
    assert facts_about(new.pk)[0] == "recover.case_opened"


def test_undoing_a_split_restores_the_case_exactly(case, press, cy, now):
    second = press(after=timedelta(seconds=40))
    before = as_it_is(case)
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now + DAY)
    undo_split(split=Split.objects.get(), by=cy, now=now + 2 * DAY)
    assert as_it_is(case) == before
    assert new.closures.get(reopened_at=None).outcome == "merged"
    assert not new.steps.waiting().exists()
    undo_split(split=Split.objects.get(), by=cy, now=now + 3 * DAY)
    assert as_it_is(case) == before


def test_undoing_a_split_teaches_the_case_nothing_it_did_not_know(case, press, cy, now):
    """Verdicts may be graver than the policy takes the case; the new case is as grave as they."""
    second = press(after=timedelta(seconds=40))
    Case.objects.filter(pk=case.pk).update(severity=1, topic="noise")
    before = as_it_is(case)
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now + DAY)
    assert new.severity > 1
    undo_split(split=Split.objects.get(), by=cy, now=now + 2 * DAY)
    assert as_it_is(case) == before


def test_what_the_new_case_learned_is_kept_when_a_split_is_undone(case, press, ana, cy, now):
    second = press(after=timedelta(seconds=40))
    Case.objects.filter(pk=case.pk).update(severity=1)
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now + DAY)
    Case.objects.filter(pk=new.pk).update(severity=5, customer=ana)
    undo_split(split=Split.objects.get(), by=cy, now=now + 2 * DAY)
    case.refresh_from_db()
    assert (case.severity, case.customer) == (5, ana)


def test_a_customer_goes_with_the_signal_that_brought_them_and_comes_back(case, press, cy, now):
    second = press(after=timedelta(seconds=40))
    leave_contact(signal=second, contact="ana@guest.example", now=now + timedelta(minutes=2))
    case.refresh_from_db()
    before, ana, link = as_it_is(case), case.customer, case.link_version
    assert ana
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now + DAY)
    case.refresh_from_db()
    assert (case.customer, new.customer) == (None, ana)
    assert case.link_version == link + 1  # her page of before tells nothing of the others
    undo_split(split=Split.objects.get(), by=cy, now=now + 2 * DAY)
    assert as_it_is(case) == before


def test_a_customer_whom_another_signal_brought_too_stays(case, press, ana, cy, now):
    second = press(after=timedelta(seconds=40))
    Signal.objects.filter(case_signal__case=case).update(customer=ana)
    Case.objects.filter(pk=case.pk).update(customer=ana)
    new = split_case(case=case, signals=[second.pk], reason="Another dish.", by=cy, now=now + DAY)
    case.refresh_from_db()
    assert (case.customer, new.customer, case.link_version) == (ana, ana, 0)


def test_refusals_of_splitting(case, press, other, cy, now):
    second = press(after=timedelta(seconds=40))
    first = Signal.objects.exclude(pk=second.pk).get(case_signal__case=case)
    elsewhere = Signal.objects.get(case_signal__case=other)
    for signals, words in (
        ([], "Choose what belongs"),
        ([first.pk, second.pk], "Something has to stay"),
        ([second.pk, elsewhere.pk], "another case by now"),
    ):
        with pytest.raises(Refused, match=words):
            split_case(case=case, signals=signals, reason="Another guest.", by=cy, now=now)
    with pytest.raises(Refused, match="Say why"):
        split_case(case=case, signals=[second.pk], reason="", by=cy, now=now)
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now)
    finish_step(case=new, kind="plan", words="A second cook.", by=cy, now=now)
    with pytest.raises(Refused, match="Join the two instead"):
        undo_split(split=Split.objects.get(), by=cy, now=now)
    merge_cases(survivor=case, absorbed=new, reason="It was one after all.", by=cy, now=now)
    assert case.case_signals.count() == 2


def test_what_they_have_of_one_is_not_promised_once_more(case, other, cy, now):
    before = as_it_is(case, other)["steps"]
    gift = a_bottle_of_wine(other, cy, now)
    merger = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now + 5 * DAY)
    amends = case.steps.get(kind="amends")
    assert (amends.state, amends.ended_at, amends.late) == (Step.State.DONE, now, False)
    assert "A bottle of wine" in amends.note
    assert case.steps.get(kind="plan").state == Step.State.WAITING  # what nobody was given
    assert facts_about(case.pk)[-1] == "recover.step_done"

    undo_merger(merger=merger, by=cy, now=now + 6 * DAY)
    theirs = [step for step in before if step["case_id"] == case.pk]
    assert as_it_is(case)["steps"] == theirs
    assert other.steps.get(kind="amends").state == Step.State.DONE
    assert facts_about(case.pk)[-1] == "recover.step_rearmed"
    assert gift.taken_back_at is None


def test_parted_after_its_end_it_is_promised_once_the_case_is_opened_again(case, other, cy, now):
    a_bottle_of_wine(other, cy, now)
    merger = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now)
    close_lost(case=case, reason="They left.", by=cy, now=now + DAY)
    undo_merger(merger=merger, by=cy, now=now + 2 * DAY)
    assert not case.steps.waiting().exists()
    reopen(case=case, because="They are back.", by=cy, now=now + 3 * DAY)
    assert case.steps.get(kind="amends").state == Step.State.WAITING


def test_a_gift_of_before_that_is_taken_back_is_promised_again(case, other, cy, now):
    gift = a_bottle_of_wine(other, cy, now)
    merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now)
    take_back(amends=gift, by=cy, now=now + timedelta(seconds=30))
    assert case.steps.get(kind="amends").state == Step.State.WAITING


def test_what_was_given_for_both_stands_for_the_one_when_they_are_parted(case, other, cy, now):
    a_bottle_of_wine(other, cy, now)
    merger = merge_cases(survivor=case, absorbed=other, reason=WHY, by=cy, now=now)
    a_bottle_of_wine(case, cy, now, name="A dessert")
    undo_merger(merger=merger, by=cy, now=now + DAY)
    amends = case.steps.get(kind="amends")
    assert (amends.state, len(amends.evidence)) == (Step.State.DONE, 1)
    assert amends.note.startswith("A dessert")


def a_bottle_of_wine(case, cy, now, name="A bottle of wine"):
    open_purse(staff=cy, daily=Money(10_000, "EUR"))
    wine = Gift(name=name, worth=Money(1900, "EUR"))
    return give(about=case.pk, what=wine, by=cy, key=str(new_id()), now=now)
