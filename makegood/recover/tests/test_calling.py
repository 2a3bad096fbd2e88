"""Who cannot be reached: calls in vain count since we last heard of the customer."""

from datetime import timedelta

import pytest

from makegood.ground.ids import new_id
from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Page
from makegood.recover.life.answering import rate_handling
from makegood.recover.life.callbacks import ask_callback
from makegood.recover.life.calling import attempts_at, log_call
from makegood.recover.life.closing import close_lost, close_unreached, reopen
from makegood.recover.life.merging import merge_cases, undo_merger
from makegood.recover.models import Case
from makegood.sense.adding import add_remark
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.sense.reporting import Happening, Whom, report_incident
from makegood.triage.jobs import SIGNALS
from makegood.words.replying import receive_reply

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def first_signal(case):
    return Signal.objects.get(case_signal__case=case)


def not_over(case, cy, at):
    close_lost(case=case, reason="Gone.", by=cy, now=at)
    reopen(case=Case.objects.get(pk=case.pk), because="She called us.", by=cy, now=at)


HEARD = {
    "they wrote back": lambda case, cy, at: receive_reply(
        about=case.pk, words="I was away. Call on Friday!", customer=case.customer, now=at
    ),
    "they want to be called": lambda case, cy, at: ask_callback(
        case=case, wanted_at=at + DAY, phone="", now=at
    ),
    "they said more": lambda case, cy, at: add_remark(
        signal=first_signal(case), topics=["food"], words="It was cold.", name="", now=at
    ),
    "they rated us": lambda case, cy, at: rate_handling(case=case, score=4, now=at),
    "somebody was with them": lambda case, cy, at: with_customer(
        page=going(page=Page.objects.open().get(about=case.pk), staff=cy, now=at), staff=cy, now=at
    ),
    "it was not over": not_over,
}


@pytest.mark.parametrize("heard", HEARD)
def test_who_was_heard_of_since_is_not_given_up_for_the_calls_before(case, ana, cy, now, heard):
    Case.objects.update(customer=ana)
    for day in range(3):
        log_call(case=case, outcome="no_answer", words="", by=cy, now=now + day * DAY)
    case.refresh_from_db()
    assert len(attempts_at(case)) == 3
    HEARD[heard](case, cy, now + 3 * DAY)
    case = Case.objects.get(pk=case.pk)
    assert attempts_at(case) == []
    with pytest.raises(Refused, match="none so far"):
        close_unreached(case=case, words="", by=cy, now=now + 4 * DAY)
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now + 4 * DAY)
    assert len(attempts_at(case)) == 1


def test_what_we_notice_ourselves_is_no_word_of_theirs(case, ana, bo, cy, harbour, now):
    Case.objects.update(customer=ana)
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now + DAY)
    report_incident(
        site=harbour,
        happening=Happening(
            what="Her bill was wrong.", topic="bill", happened_at=now + 2 * DAY, key="k"
        ),
        whom=[Whom(customer=ana)], by=bo, now=now + 2 * DAY,
    )  # fmt: skip
    treat_all_waiting(SIGNALS, now=now + 2 * DAY)
    assert case.case_signals.count() == 2
    assert len(attempts_at(case)) == 1


def test_calls_for_what_was_joined_count_and_parting_takes_none_away(case, bo, cy, harbour, now):
    bar = place_touchpoint(site=harbour, place="Bar", now=now)
    pressed = receive_press(touchpoint=bar, key=str(new_id()), happened_at=now, now=now)
    treat_all_waiting(SIGNALS, now=now)
    other = Case.objects.get(case_signals__signal=pressed)
    for day in (1, 2):
        log_call(case=other, outcome="no_answer", words="", by=cy, now=now + day * DAY)
    merger = merge_cases(
        survivor=case, absorbed=other, reason="One dinner.", by=cy, now=now + 2 * DAY
    )
    log_call(case=case, outcome="no_answer", words="", by=cy, now=now + 3 * DAY)
    undo_merger(merger=merger, by=cy, now=now + 4 * DAY)
    assert (len(attempts_at(case)), len(attempts_at(other))) == (1, 2)
    merge_cases(
        survivor=Case.objects.get(pk=case.pk), absorbed=Case.objects.get(pk=other.pk),
        reason="One dinner after all.", by=cy, now=now + 4 * DAY,
    )  # fmt: skip
    closure = close_unreached(case=case, words="", by=cy, now=now + 4 * DAY)
    assert closure.reason == "We could not reach them: called 22 Nov, 23 Nov, 24 Nov."
