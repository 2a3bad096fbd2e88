"""The life of a case in any order: whatever colleagues, customers and time do to it, it holds.

Hypothesis plays signals, calls, evidence, pauses, joinings, splits, versions, closing and time on a
real database, and asks after every act whether what a case promises is still true.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings as hypothesis_settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from makegood.ground import tenancy
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Role, Site
from makegood.recover.jobs import CALLBACKS, PAUSES, STEPS
from makegood.recover.life.answering import customer_says_not_right, rate_handling
from makegood.recover.life.calling import Outcome, log_call
from makegood.recover.life.closing import close_lost, close_unreached, reopen
from makegood.recover.life.merging import merge_cases, undo_merger
from makegood.recover.life.moving import move_to_version
from makegood.recover.life.splitting import split_case, undo_split
from makegood.recover.models import (
    Case,
    CaseSignal,
    Closure,
    Merger,
    Pause,
    PolicyVersion,
    Split,
    Step,
    VersionMove,
)
from makegood.recover.policy import KINDS
from makegood.recover.policy.plans import CORRECTION_DONE, NEXT_VISIT, REPLY
from makegood.recover.steps.pausing import go_on, snooze_case, snooze_step, wait_for_customer, wake
from makegood.recover.steps.planning import plan_of
from makegood.recover.steps.stepping import finish_step, skip_step
from makegood.recover.tests.texts import with_steps
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.adding import add_remark, leave_contact
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from makegood.words.replying import receive_reply
from tests.cast import FAST_HASHES, SATURDAY_EVENING

pytestmark = pytest.mark.django_db

KIND = st.sampled_from([kind for kind in KINDS if kind != "validate"])
WHICH = st.integers(0, 5)
THREAT = "Never again. I will write everywhere how you treat people, and tell everybody."
SPANS = st.sampled_from(
    [timedelta(minutes=5), timedelta(hours=7), timedelta(days=1), timedelta(days=9),
     timedelta(days=40)]
)  # fmt: skip
AHEAD = st.sampled_from([timedelta(hours=2), timedelta(days=3), timedelta(days=20)])


class _RolledBack(Exception):
    """Ends a play: nothing of it is kept."""


@contextmanager
def _a_play() -> Iterator[None]:
    try:
        with transaction.atomic(), tenancy.everywhere():
            yield
            raise _RolledBack
    except _RolledBack:
        return


class Life(RuleBasedStateMachine):
    """Up to three cases of one house, and everything that may happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.play = _a_play()
        self.play.__enter__()
        self.now: datetime = SATURDAY_EVENING

    @initialize()
    def a_house_opens(self) -> None:
        house = create_organisation(
            name="The Fairline Hotel", site_name="Harbour", timezone="Europe/Madrid",
            currency="EUR", first_name="Di", last_name="", email=f"{new_id()}@fairline.example",
            password="goldener Riss im Teller", now=self.now,
        )  # fmt: skip
        self.house = house
        self.site = Site.objects.get(organisation=house)
        self.cy = add_staff(
            site=self.site, first_name="Cy", last_name="", email=f"{new_id()}@fairline.example",
            role=Role.MANAGER, title="", now=self.now,
        )  # fmt: skip
        self.places = [
            place_touchpoint(site=self.site, place=f"Table {number}", now=self.now)
            for number in (14, 15)
        ]
        slower = DEFAULT_TEXT.replace("by: 14 days at 18:00", "by: 30 days at 18:00").replace(
            "by: 60 days at 18:00", "by: 12 days at 18:00\n    after: contact"
        )
        publish(organisation=house, text=slower, by=None, now=self.now)
        waiting = with_steps(
            contact={"after": "confirm", "variants": {"legs": {"after": "plan"}}},
            apologise={"after": "validate", "by": "1 day"},
            involve={"after": "reply"}, value={"after": "correction.done"},
        )  # fmt: skip
        publish(organisation=house, text=waiting, by=None, now=self.now)
        self.presses(0)

    def teardown(self) -> None:
        self.play.__exit__(None, None, None)

    def cases(self) -> list[Case]:
        return list(Case.objects.filter(organisation=self.house).order_by("pk"))

    def case(self, which: int) -> Case:
        cases = self.cases()
        return cases[which % len(cases)]

    def tries(self, verb: Any, **told: Any) -> Any:
        """What is refused in words changes nothing; anything else may break the test."""
        before = self.everything() if self.looks_closely else None
        try:
            with transaction.atomic():
                return verb(**told, now=self.now)
        except Refused:
            if before is not None:
                assert self.everything() == before
            return None

    looks_closely = False

    def everything(self, *cases: Case) -> dict[str, list[Any]]:
        """All that could be lost of cases: their rows, steps, signals and pauses."""
        pks = [case.pk for case in cases or self.cases()]
        return {
            "cases": list(Case.objects.filter(pk__in=pks).order_by("pk").values()),
            "steps": list(Step.objects.filter(case__in=pks).order_by("pk").values()),
            "signals": list(
                CaseSignal.objects.filter(case__in=pks).order_by("pk").values("signal", "case")
            ),
            "pauses": list(Pause.objects.standing().filter(case__in=pks).order_by("pk").values()),
        }

    @precondition(lambda self: Signal.objects.filter(organisation=self.house).count() < 6)
    @rule(which=WHICH)
    def presses(self, which: int) -> None:
        place = self.places[which % 2]
        receive_press(touchpoint=place, key=str(new_id()), happened_at=self.now, now=self.now)
        treat_all_waiting(SIGNALS, now=self.now)

    @rule(which=WHICH, words=st.sampled_from(["Cold.", THREAT]))
    def says_more(self, which: int, words: str) -> None:
        signals = list(Signal.objects.filter(organisation=self.house).order_by("pk"))
        signal = signals[which % len(signals)]
        add_remark(signal=signal, topics=["food"], words=words, name="Ana", now=self.now)

    @rule(which=WHICH)
    def leaves_an_address(self, which: int) -> None:
        signals = list(Signal.objects.filter(organisation=self.house).order_by("pk"))
        signal = signals[which % len(signals)]
        contact = f"ana{which % 2}@guest.example"
        self.tries(leave_contact, signal=signal, contact=contact)

    @rule(which=WHICH)
    def writes_back(self, which: int) -> None:
        receive_reply(about=self.case(which).pk, words=f"At {self.now}.", now=self.now,
                      organisation_id=self.house.pk)  # fmt: skip

    @rule(which=WHICH, score=st.integers(1, 5))
    def rates(self, which: int, score: int) -> None:
        self.tries(rate_handling, case=self.case(which), score=score)

    @rule(which=WHICH)
    def is_not_content(self, which: int) -> None:
        self.tries(customer_says_not_right, case=self.case(which), words="Still cold.")

    @rule(which=WHICH, kind=KIND)
    def somebody_does(self, which: int, kind: str) -> None:
        self.tries(finish_step, case=self.case(which), kind=kind, words="Done.", by=self.cy,
                   checked="Forty plates.")  # fmt: skip

    @rule(which=WHICH, kind=KIND)
    def somebody_leaves_out(self, which: int, kind: str) -> None:
        self.tries(skip_step, case=self.case(which), kind=kind, reason="Enough.", by=self.cy)

    @rule(which=WHICH, outcome=st.sampled_from(list(Outcome)))
    def somebody_calls(self, which: int, outcome: Outcome) -> None:
        self.tries(log_call, case=self.case(which), outcome=outcome.value, words="Hm.", by=self.cy)

    @rule(which=WHICH, kind=KIND, ahead=AHEAD)
    def a_step_is_put_off(self, which: int, kind: str, ahead: timedelta) -> None:
        self.tries(snooze_step, case=self.case(which), kind=kind, until=self.now + ahead,
                   reason="Later.", by=self.cy)  # fmt: skip

    @rule(which=WHICH, ahead=AHEAD)
    def a_case_is_put_off(self, which: int, ahead: timedelta) -> None:
        self.tries(snooze_case, case=self.case(which), until=self.now + ahead, reason="Later.",
                   by=self.cy)  # fmt: skip

    @rule(which=WHICH)
    def a_pause_is_undone(self, which: int) -> None:
        standing = list(
            Pause.objects.standing().filter(organisation=self.house, kind="snooze").order_by("pk")
        )
        if standing:
            self.tries(wake, pause=standing[which % len(standing)], by=self.cy)

    @rule(which=WHICH, kind=KIND, ahead=AHEAD)
    def putting_off_and_undoing_it_is_nothing(
        self, which: int, kind: str, ahead: timedelta
    ) -> None:
        case = self.case(which)
        if Pause.objects.standing().filter(case=case).exists():
            return  # it would end the one that stands
        before = self.everything(case)
        pause = self.tries(snooze_step, case=case, kind=kind, until=self.now + ahead,
                           reason="Oh.", by=self.cy)  # fmt: skip
        if pause:
            wake(pause=pause, by=self.cy, now=self.now)
            assert self.everything(case) == before

    @rule(which=WHICH)
    def we_wait(self, which: int) -> None:
        self.tries(wait_for_customer, case=self.case(which), reason="Which room?", by=self.cy)

    @rule(which=WHICH)
    def we_go_on(self, which: int) -> None:
        self.tries(go_on, case=self.case(which), by=self.cy)

    @rule(one=WHICH, two=WHICH)
    def two_are_joined(self, one: int, two: int) -> None:
        self.tries(merge_cases, survivor=self.case(one), absorbed=self.case(two), reason="Same.",
                   by=self.cy)  # fmt: skip

    @rule(which=WHICH)
    def a_joining_is_undone(self, which: int) -> None:
        standing = list(Merger.objects.standing().filter(organisation=self.house).order_by("pk"))
        if standing:
            self.tries(undo_merger, merger=standing[which % len(standing)], by=self.cy)

    @rule(one=WHICH, two=WHICH)
    def joining_and_undoing_it_is_nothing(self, one: int, two: int) -> None:
        survivor, absorbed = self.case(one), self.case(two)
        before = self.everything(survivor, absorbed)
        merger = self.tries(merge_cases, survivor=survivor, absorbed=absorbed, reason="Same.",
                            by=self.cy)  # fmt: skip
        if merger:
            undo_merger(merger=merger, by=self.cy, now=self.now)
            assert self.everything(survivor, absorbed) == before

    @rule(which=WHICH, how_many=st.integers(1, 2))
    def one_becomes_two(self, which: int, how_many: int) -> None:
        case = self.case(which)
        signals = case.case_signals.order_by("pk").values_list("signal_id", flat=True)[:how_many]
        self.tries(split_case, case=case, signals=list(signals), reason="Another.", by=self.cy)

    @rule(which=WHICH)
    def a_split_is_undone(self, which: int) -> None:
        standing = list(Split.objects.standing().filter(organisation=self.house).order_by("pk"))
        if standing:
            self.tries(undo_split, split=standing[which % len(standing)], by=self.cy)

    @rule(which=WHICH)
    def splitting_and_undoing_it_is_nothing(self, which: int) -> None:
        case = self.case(which)
        before = self.everything(case)
        first = case.case_signals.order_by("pk").values_list("signal_id", flat=True)[:1]
        new = self.tries(split_case, case=case, signals=list(first), reason="Other.", by=self.cy)
        if new:
            undo_split(split=Split.objects.get(new_case=new), by=self.cy, now=self.now)
            assert self.everything(case) == before

    @rule(which=WHICH, number=st.integers(1, 3))
    def another_version_holds(self, which: int, number: int) -> None:
        version = PolicyVersion.objects.get(organisation=self.house, number=number)
        self.tries(move_to_version, case=self.case(which), version=version, reason="Better.",
                   by=self.cy)  # fmt: skip

    @rule(which=WHICH)
    def a_case_is_closed(self, which: int) -> None:
        self.tries(close_lost, case=self.case(which), reason="They left.", by=self.cy)

    @rule(which=WHICH)
    def a_case_is_given_up(self, which: int) -> None:
        self.tries(close_unreached, case=self.case(which), words="", by=self.cy)

    @rule(which=WHICH)
    def a_case_is_opened_again(self, which: int) -> None:
        self.tries(reopen, case=self.case(which), because="Not over.", by=self.cy)

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.now += span
        for work in (STEPS, PAUSES, CALLBACKS):  # the unkind order: steps before their pause ends
            treat_all_waiting(work, now=self.now)

    @invariant()
    def every_case_has_its_twelve_steps_once(self) -> None:
        for case in self.cases():
            assert list(case.steps.values_list("kind", flat=True)) == list(KINDS)

    @invariant()
    def done_has_evidence_and_left_out_a_reason(self) -> None:
        steps = Step.objects.filter(organisation=self.house)
        shown = {pk for step in steps.filter(state=Step.State.DONE) for pk in step.evidence}
        assert Entry.objects.filter(pk__in=shown).count() == len(shown)
        for step in steps:
            if step.state == Step.State.DONE:
                assert step.evidence
            if step.state == Step.State.SKIPPED:
                assert step.note
            assert (step.ended_at is None) == (step.state == Step.State.WAITING)

    @invariant()
    def open_is_without_a_standing_closure_and_closed_waits_for_nothing(self) -> None:
        for case in self.cases():
            closed = Closure.objects.filter(case=case, reopened_at=None).exists()
            waiting = case.steps.waiting().exists()
            assert not (closed and waiting)
            assert closed or case.steps.waiting().filter(kind="prove").exists()
            assert not (closed and Pause.objects.standing().filter(case=case).exists())

    @invariant()
    def a_joined_case_is_closed_as_such(self) -> None:
        for merger in Merger.objects.standing().filter(organisation=self.house):
            closure = merger.absorbed.standing_closure
            assert closure
            assert closure.outcome == Closure.Outcome.MERGED
            assert not merger.absorbed.case_signals.exists()
        merged = Closure.objects.filter(reopened_at=None, outcome=Closure.Outcome.MERGED)
        for closure in merged.filter(organisation=self.house):
            assert Merger.objects.standing().filter(absorbed=closure.case).exists()

    @invariant()
    def no_step_waits_unexplained_or_unwatched(self) -> None:
        for step in Step.objects.waiting().filter(organisation=self.house):
            if step.due_at is None:
                after = plan_of(step).after
                ahead = "confirm" if after == CORRECTION_DONE else after
                waits = Step.objects.waiting().filter(case=step.case, kind=ahead).exists()
                assert waits or after in (REPLY, NEXT_VISIT), f"{step.kind} waits for nothing"
            else:
                assert step.look_at is not None

    @invariant()
    def each_signal_is_in_one_case_and_cases_count_theirs(self) -> None:
        signals = Signal.objects.filter(organisation=self.house, state=Signal.State.TRIAGED)
        assert CaseSignal.objects.filter(signal__in=signals).count() == signals.count()

    @invariant()
    def the_pinned_version_changes_only_by_a_decision(self) -> None:
        for case in self.cases():
            moves = VersionMove.objects.filter(case=case).order_by("moved_at", "pk")
            last = moves.last()
            if last:
                assert case.policy_id == last.to_version_id

    @invariant()
    def pauses_end_once_by_somebody(self) -> None:
        for pause in Pause.objects.filter(organisation=self.house).exclude(ended_at=None):
            assert pause.ended_by
            assert pause.ended_at
            assert pause.ended_at >= pause.began_at


@pytest.fixture
def fast_hashes(settings: Any) -> None:
    """Nobody signs in here."""
    settings.PASSWORD_HASHERS = FAST_HASHES


@pytest.mark.usefixtures("fast_hashes")
def test_whatever_happens_to_a_case_it_holds() -> None:
    run_state_machine_as_test(
        Life,
        settings=hypothesis_settings(
            max_examples=6,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
