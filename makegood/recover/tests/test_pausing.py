"""A case is left in peace: put off with a reason, or while we wait for the customer."""

from datetime import timedelta

import pytest

from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.page.models import Page
from makegood.recover.jobs import PAUSES, STEPS
from makegood.recover.life.answering import customer_says_not_right
from makegood.recover.life.closing import close_lost, reopen
from makegood.recover.models import Case, Pause, Step
from makegood.recover.steps.pausing import (
    go_on,
    snooze_case,
    snooze_step,
    standing_wait,
    wait_for_customer,
    wake,
)
from makegood.recover.steps.stepping import finish_step
from makegood.sense.adding import add_remark
from makegood.sense.models import Signal
from makegood.words.jobs import LETTERS
from makegood.words.models import Letter
from makegood.words.replying import receive_reply
from makegood.words.writing import draft_letter, send_letter
from tests.cast import facts_about

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def pass_time():
    """Does all that is due at a moment, whichever comes first."""

    def _pass(moment, first=PAUSES, then=STEPS):
        return treat_all_waiting(first, now=moment) + treat_all_waiting(then, now=moment)

    return _pass


def step(case, kind):
    return case.steps.get(kind=kind)


def days(case):
    return {one.kind: (one.due_at, one.look_at) for one in case.steps.waiting()}


def test_a_step_put_off_rings_nobody_and_its_promise_does_not_move(case, cy, now, pass_time):
    plan = step(case, "plan")
    until = plan.due_at + 2 * DAY
    snooze_step(case=case, kind="plan", until=until, reason="The cook is away.", by=cy, now=now)
    pass_time(plan.due_at + DAY, first=STEPS, then=PAUSES)
    assert not Page.objects.filter(about=plan.pk).exists()
    assert step(case, "plan").due_at == plan.due_at
    pass_time(until)
    assert Page.objects.open().filter(about=plan.pk).exists()
    assert step(case, "plan").late is False
    names = facts_about(case.pk)
    assert names.index("recover.snoozed") < names.index("recover.snooze_ended")


def test_what_is_put_off_is_woken_by_hand_as_if_it_had_never_been(case, cy, now):
    before = days(case)
    pause = snooze_step(
        case=case, kind="plan", until=now + 5 * DAY, reason="Later.", by=cy, now=now
    )
    assert days(case) != before
    wake(pause=pause, by=cy, now=now + HOUR)
    wake(pause=pause, by=cy, now=now + HOUR)
    assert days(case) == before
    assert Pause.objects.get().ended_by == f"staff:{cy.pk}"


def test_a_whole_case_is_put_off(case, cy, now, pass_time):
    before = days(case)
    snooze_case(case=case, until=now + 4 * DAY, reason="They are travelling.", by=cy, now=now)
    pass_time(now + 3 * DAY, first=STEPS, then=PAUSES)
    assert not Page.objects.filter(purpose="remind").exists()
    pass_time(now + 4 * DAY)
    assert {kind: due for kind, (due, _) in days(case).items()} == {
        kind: due for kind, (due, _) in before.items()
    }
    assert Page.objects.filter(purpose="remind").count() == 3


def test_a_step_put_off_within_a_case_put_off(case, cy, now):
    before = days(case)
    one = snooze_step(case=case, kind="plan", until=now + 9 * DAY, reason="A.", by=cy, now=now)
    whole = snooze_case(case=case, until=now + 4 * DAY, reason="B.", by=cy, now=now)
    for first, second in ((one, whole), (whole, one)):
        with_both = days(case)
        wake(pause=first, by=cy, now=now + HOUR)
        wake(pause=second, by=cy, now=now + HOUR)
        assert days(case) == before
        Pause.objects.update(ended_at=None, ended_by="")
        for kind, (_, look) in with_both.items():
            case.steps.filter(kind=kind).update(look_at=look)


def test_refusals_of_putting_off(case, cy, now):
    def put(**changed):
        told = {"case": case, "kind": "plan", "until": now + DAY, "reason": "Yes.", "by": cy}
        snooze_step(**told | changed, now=now)

    for wrong, words in (
        ({"reason": " "}, "why"),
        ({"until": now}, "from now on"),
        ({"until": now + 91 * DAY}, "within 90 days"),
        ({"kind": "validate"}, "ended already"),
        ({"kind": "dance"}, "no such step"),
    ):
        with pytest.raises(Refused, match=words):
            put(**wrong)
    close_lost(case=case, reason="They left.", by=cy, now=now)
    with pytest.raises(Refused, match="closed"):
        put()


def test_the_clock_stands_still_while_we_wait_for_the_customer(case, ana, cy, now, pass_time):
    Case.objects.update(customer=ana)
    before = days(case)
    wait_for_customer(case=case, reason="Which room do they want?", by=cy, now=now)
    pass_time(now + 3 * DAY, first=STEPS, then=PAUSES)
    assert not Page.objects.filter(purpose="remind").exists()
    receive_reply(about=case.pk, words="The one by the sea.", customer=ana, now=now + 3 * DAY)
    after = days(case)
    for kind, (due, look) in before.items():
        assert after[kind] == (due + 3 * DAY, look + 3 * DAY)
    pause = Pause.objects.get()
    assert (pause.ended_by, standing_wait(case)) == ("customer", None)
    assert "recover.wait_ended" in facts_about(case.pk)


def test_a_remark_ends_the_wait_too(case, cy, now):
    wait_for_customer(case=case, reason="A number.", by=cy, now=now)
    signal = Signal.objects.get()
    add_remark(signal=signal, topics=[], words="Room 12.", name="", now=now + DAY)
    assert standing_wait(case) is None


def test_another_press_of_the_same_place_ends_the_wait(case, press, cy, now):
    wait_for_customer(case=case, reason="A number.", by=cy, now=now)
    press(after=timedelta(seconds=50))
    assert standing_wait(case) is None


def test_a_wait_ends_by_itself_and_by_hand(case, cy, now, pass_time):
    before = days(case)
    pause = wait_for_customer(case=case, reason="Their bank.", by=cy, now=now)
    assert pause.until == now + 14 * DAY
    with pytest.raises(Refused, match="already"):
        wait_for_customer(case=case, reason="Again.", by=cy, now=now)
    go_on(case=case, by=cy, now=now + timedelta(minutes=20))
    assert days(case) == before  # a mistake leaves no trace in what is promised
    with pytest.raises(Refused, match="do not wait"):
        go_on(case=case, by=cy, now=now + HOUR)

    wait_for_customer(case=case, reason="Their bank.", by=cy, now=now + HOUR)
    end = now + HOUR + 14 * DAY
    pass_time(end, first=STEPS, then=PAUSES)
    assert standing_wait(case) is None
    assert step(case, "plan").due_at == before["plan"][0] + 14 * DAY
    assert Pause.objects.latest("began_at").ended_by == "system"


def test_waiting_and_putting_off_one_of_its_steps(case, cy, now):
    before = days(case)
    late = snooze_step(case=case, kind="plan", until=now + 9 * DAY, reason="A.", by=cy, now=now)
    wait_for_customer(case=case, reason="B.", by=cy, now=now)
    go_on(case=case, by=cy, now=now + 2 * DAY)
    plan = step(case, "plan")
    assert (plan.due_at, plan.look_at) == (before["plan"][0] + 2 * DAY, now + 9 * DAY)
    wake(pause=late, by=cy, now=now + 3 * DAY)
    assert step(case, "plan").look_at == before["plan"][1] + 2 * DAY
    wait_for_customer(case=case, reason="C.", by=cy, now=now + 4 * DAY)
    with pytest.raises(Refused, match="We wait"):
        snooze_case(case=case, until=now + 5 * DAY, reason="D.", by=cy, now=now + 4 * DAY)


def test_what_ends_takes_its_pauses_along(case, cy, now):
    snooze_step(case=case, kind="plan", until=now + 9 * DAY, reason="A.", by=cy, now=now)
    finish_step(case=case, kind="plan", words="A second cook.", by=cy, now=now + DAY)
    wait_for_customer(case=case, reason="B.", by=cy, now=now + DAY)
    before = step(case, "confirm").due_at
    close_lost(case=case, reason="They left.", by=cy, now=now + 3 * DAY)
    assert not Pause.objects.standing().exists()
    reopen(case=case, because="They are back.", by=cy, now=now + 4 * DAY)
    assert step(case, "confirm").due_at == before + 3 * DAY  # two of waiting, one of being closed
    assert Step.objects.waiting().filter(case=case, look_at=None).count() == 0


def test_a_question_of_a_colleague_makes_us_wait_for_the_answer(case, ana, bo, now, postbox):
    Case.objects.update(customer=ana, owner=bo)
    letter = draft_letter(
        about=case.pk, customer=ana, sender=bo, kind=Letter.Kind.QUESTION,
        subject="Which evening suits you?", body="Dear Ana, which evening?", now=now,
    )  # fmt: skip
    send_letter(letter=letter, now=now, send_at=now)
    treat_all_waiting(LETTERS, now=now)
    pause = standing_wait(case)
    assert pause
    assert pause.reason == "We asked: Which evening suits you?"


def test_a_question_of_the_house_holds_nothing_up_even_if_the_answer_overtook_its_letter(
    case, ana, bo, now, postbox
):
    Case.objects.update(customer=ana, owner=bo)
    asked_at = step(case, "prove").look_at
    treat_all_waiting(STEPS, now=asked_at)
    assert Letter.objects.filter(subject="Did we keep our word?").exists()
    customer_says_not_right(case=case, words="Nobody called.", now=asked_at)
    treat_all_waiting(LETTERS, now=asked_at + timedelta(hours=12))
    assert Letter.objects.get(subject="Did we keep our word?").state == Letter.State.SENT
    assert standing_wait(case) is None
