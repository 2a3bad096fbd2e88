"""Waiting signals get their verdicts; one that cannot be judged still reaches a person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.waiting import treat_all_waiting, treat_waiting
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.facts import ContactLeft, RemarkAdded
from makegood.sense.inviting import answer_invitation, invite
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage import evidence, judging, rules
from makegood.triage.facts import SignalTriaged
from makegood.triage.jobs import SIGNALS
from makegood.triage.judging import RAW_REASON
from makegood.triage.models import Verdict
from makegood.triage.revising import revise_verdict
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def press(table_14, now):
    def press(key="key-0001", at=now, touchpoint=table_14):
        return receive_press(touchpoint=touchpoint, key=key, now=at)

    return press


def triage(now):
    return treat_all_waiting(SIGNALS, now=now)


def test_a_waiting_press_gets_its_verdict_once(press, now):
    signal = press()
    assert triage(now) == 1
    assert triage(now) == 0
    verdict = Verdict.objects.get(signal=signal)
    assert (verdict.severity, verdict.topic, verdict.reaction) == (3, "unsaid", "voice")
    assert verdict.leaves_at == now + timedelta(minutes=4)
    assert verdict.reasons == ["Pressed, usually here 4 min more"]
    assert not verdict.raw
    signal.refresh_from_db()
    assert signal.state == Signal.State.TRIAGED
    assert facts_about(signal.pk) == ["sense.press_received", "triage.signal_triaged"]


def test_presses_within_two_minutes_add_up(press, now):
    for n in range(4):
        press(f"key-{n:04}", now + timedelta(seconds=n))
    late = press("key-late", now + timedelta(minutes=10))
    triage(now + timedelta(minutes=10))
    severities = Verdict.objects.order_by("signal__received_at").values_list("severity", flat=True)
    assert list(severities) == [3, 3, 4, 4, 3]
    assert late.verdict.severity == 3


def test_what_was_said_before_triage_is_heard(press, now):
    signal = press()
    add_remark(signal=signal, topics=["food"], words="Rude waiter", name="", now=now)
    triage(now)
    assert signal.verdict.topic == "treatment"
    assert "How we treated you and the food" in signal.verdict.reasons


def test_a_press_taken_back_before_triage_needs_nothing(press, now):
    signal = cancel_press(signal=press(), now=now)
    triage(now)
    assert not signal.verdict.needs_repair


def test_the_second_failure_of_a_customer_is_known(press, ana, harbour, bo, now):
    march = now - timedelta(days=252)
    note_complaint(site=harbour, place="221", words="Not ready", by=bo, customer=ana, now=march)
    triage(march)
    signal = press()
    leave_contact(signal=signal, contact="ana.ruiz@guest.example", now=now)
    triage(now)
    assert "Failed before, 14 March" in signal.verdict.reasons
    assert (signal.verdict.severity, signal.verdict.reaction) == (4, "revenge")


def test_the_same_evening_is_not_a_second_failure(press, now):
    first = press()
    leave_contact(signal=first, contact="ana.ruiz@guest.example", now=now)
    triage(now)
    later = now + timedelta(hours=1)
    second = press("key-0002", later)
    leave_contact(signal=second, contact="ana.ruiz@guest.example", now=later)
    triage(later)
    assert second.verdict.severity == 3


def test_a_low_rating_needs_repair_and_a_happy_one_does_not(ana, harbour, now):
    for occasion, score in (("dinner", 1), ("breakfast", 5)):
        asked = invite(customer=ana, site=harbour, occasion=occasion, now=now)
        answer_invitation(invitation=asked, score=score, words="", now=now)
    triage(now)
    low, happy = Verdict.objects.order_by("-severity")
    assert (low.needs_repair, low.reaction, low.leaves_at) == (True, "legs", None)
    assert not happy.needs_repair


def test_the_story_hears_each_verdict_by_place_and_age(press, harbour, now, monkeypatch):
    heard = []
    monkeypatch.setattr(
        chronicle, "_reactions", {SignalTriaged: (lambda entry, fact: heard.append(entry.about),)}
    )
    table_15 = place_touchpoint(site=harbour, place="Table 15", now=now)
    signals = [
        press(f"key-{n:04}", now + timedelta(seconds=n), *([table_15] if n % 2 else []))
        for n in range(4)
    ]
    triage(now)
    even, odd = [signals[0].pk, signals[2].pk], [signals[1].pk, signals[3].pk]
    assert heard in (even + odd, odd + even)


def test_a_batch_asks_once_per_question(press, now):
    def questions(count, start):
        for n in range(count):
            press(f"key-{start + n:04}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            treat_waiting(SIGNALS, now=now)
        return len(asked)

    few, many = questions(5, 0), questions(45, 100)
    assert few == many
    assert many - 45 <= 9


def break_judging(monkeypatch, *, of=None):
    def broken(given):
        if of is None or of in given.words:
            raise ZeroDivisionError("a bug")
        return rules.judge(given)

    monkeypatch.setattr(judging, "judge", broken)


def test_a_press_we_cannot_judge_is_taken_raw(press, now, monkeypatch):
    break_judging(monkeypatch)
    signal = press()
    assert triage(now) == 1
    verdict = signal.verdict
    assert verdict.raw
    assert verdict.needs_repair
    assert (verdict.severity, verdict.reaction, verdict.topic) == (3, "voice", "unsaid")
    assert verdict.reasons == [RAW_REASON]
    assert verdict.leaves_at == now + timedelta(minutes=4)
    assert Entry.objects.get(name="triage.signal_triaged").data["raw"] is True
    assert not Signal.objects.waiting().exists()


def test_one_that_cannot_be_judged_spoils_no_other(press, harbour, bo, now, monkeypatch):
    break_judging(monkeypatch, of="poison")
    press()
    note_complaint(site=harbour, place="Bar", words="poison", by=bo, now=now)
    press("key-0002")
    triage(now)
    assert Verdict.objects.filter(raw=True).count() == 1
    assert Verdict.objects.filter(raw=False).count() == 2


def test_gathering_may_break_as_well(press, now, monkeypatch):
    monkeypatch.setattr(evidence, "PRESSES_TOGETHER", "select nonsense")
    signal = press()
    triage(now)
    assert signal.verdict.raw


def test_if_even_that_fails_it_waits_and_is_tried_again(press, now, monkeypatch):
    def broken(entry, fact):
        raise ZeroDivisionError("a bug above us")

    signal = press()
    with monkeypatch.context() as patched:
        patched.setattr(chronicle, "_reactions", {SignalTriaged: (broken,)})
        assert triage(now) == 1
        signal.refresh_from_db()
        assert signal.state == Signal.State.WAITING
        assert signal.try_after == now + timedelta(seconds=2)
        later = now + timedelta(hours=1)
        triage(later)
        signal.refresh_from_db()
        assert signal.try_after == later + timedelta(minutes=5)
    assert triage(later) == 0
    assert triage(later + timedelta(minutes=5)) == 1
    assert Verdict.objects.get().signal == signal
    assert facts_about(signal.pk) == ["sense.press_received", "triage.signal_triaged"]


def test_saying_more_after_triage_revises_the_verdict(press, now, monkeypatch):
    signal = press()
    triage(now)
    monkeypatch.setattr(chronicle, "_reactions", {RemarkAdded: (revise_verdict,)})
    add_remark(signal=signal, topics=["treatment"], words="Disgusting", name="", now=now)
    verdict = Verdict.objects.get(signal=signal)
    assert (verdict.topic, verdict.severity, verdict.reaction) == ("treatment", 4, "revenge")
    told = Entry.objects.get(name="triage.verdict_revised")
    assert told.caused_by == Entry.objects.get(name="sense.remark_added").pk
    assert (told.data["severity_before"], told.data["topic_before"]) == (3, "unsaid")


def test_a_contact_shows_a_second_failure_after_triage(press, ana, harbour, bo, now, monkeypatch):
    march = now - timedelta(days=252)
    note_complaint(site=harbour, place="221", words="Not ready", by=bo, customer=ana, now=march)
    signal = press()
    triage(now)
    monkeypatch.setattr(chronicle, "_reactions", {ContactLeft: (revise_verdict,)})
    leave_contact(signal=signal, contact="ana.ruiz@guest.example", now=now)
    assert "Failed before, 14 March" in Verdict.objects.get(signal=signal).reasons


def test_a_remark_before_triage_is_left_to_triage(press, now, monkeypatch):
    monkeypatch.setattr(chronicle, "_reactions", {RemarkAdded: (revise_verdict,)})
    add_remark(signal=press(), topics=["food"], words="", name="", now=now)
    assert not Verdict.objects.exists()


def test_a_remark_is_kept_even_if_judging_breaks(press, now, monkeypatch):
    signal = press()
    triage(now)
    monkeypatch.setattr(chronicle, "_reactions", {RemarkAdded: (revise_verdict,)})
    monkeypatch.setattr(evidence, "PRESSES_TOGETHER", "select nonsense")
    add_remark(signal=signal, topics=["food"], words="", name="", now=now)
    assert signal.remarks.count() == 1
    assert Verdict.objects.get(signal=signal).topic == "unsaid"


@pytest.mark.django_db(transaction=True)
def test_several_workers_share_and_nothing_is_judged_twice(press, now, at_once):
    for n in range(120):
        press(f"key-{n:04}")
    took = at_once(*[lambda: treat_waiting(SIGNALS, now=now)] * 3)
    triage(now)
    assert not [outcome for outcome in took if isinstance(outcome, Exception)]
    assert Verdict.objects.count() == 120
    assert Entry.objects.filter(name="triage.signal_triaged").count() == 120
    assert not Verdict.objects.filter(raw=True).exists()
