"""What the house policy says, situation by situation; and that it always says something sound."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from makegood.recover.policy import (
    KINDS,
    Calendar,
    Decision,
    PlannedStep,
    Situation,
    decide,
    parse,
    plan_steps,
)
from makegood.recover.policy.deciding import (
    SECOND_FAILURE,
    alike,
    belongs_together,
    limits_of,
    remedies_of,
    skip_reason,
    with_case,
)
from makegood.recover.policy.situation import (
    CaseStanding,
    CustomerKnown,
    SignalSeen,
    VerdictGiven,
    VisitSeen,
)
from makegood.recover.policy.starters import starters
from makegood.recover.policy.tables import RemedyRow
from makegood.recover.policy.tests.situations import SITUATIONS

HOTEL, SHOP, CLINIC = (parse(one.text) for one in starters().values())
POLICIES = st.sampled_from([HOTEL, SHOP, CLINIC])
OPENED = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)  # a Saturday evening, 20:12 in Madrid
MADRID = Calendar(ZoneInfo("Europe/Madrid"))


def said(
    kind: str = "press",
    *,
    score: int = 0,
    words: str = "",
    severity: int = 3,
    reaction: str = "voice",
    topic: str = "unsaid",
    needs_repair: bool = True,
    visits: int = 1,
    failures: int = 0,
    here: bool = False,
) -> Situation:
    return Situation(
        signal=SignalSeen(kind=kind, score=score, words=words),
        verdict=VerdictGiven(topic, severity, reaction, needs_repair),
        customer=CustomerKnown(known=True, visits=visits, failures=failures),
        visit=VisitSeen(here=here),
    )


def offer(decision: Decision) -> RemedyRow:
    assert decision.remedies
    return decision.remedies


def limits(decision: Decision) -> list[int | None]:
    assert decision.limits
    return [decision.limits.for_role(role) for role in ("host", "manager", "owner")]


def test_a_press_rings_who_is_on_duty() -> None:
    decision = decide(HOTEL, said("press", here=True))
    assert decision.trigger == "Somebody presses"
    assert (decision.severity, decision.ladder) == (3, "reach")
    assert offer(decision).words == "10 to 30"
    assert limits(decision) == [60, 200, 1000]


def test_a_happy_answer_begins_nothing() -> None:
    decision = decide(HOTEL, said("rating", score=5, needs_repair=False, severity=1))
    assert decision.trigger is None
    assert (decision.ladder, decision.remedies, decision.limits) == (None, None, None)


def test_a_quiet_complaint_waits_in_the_list_and_a_grave_one_rings() -> None:
    assert decide(HOTEL, said("complaint", severity=2)).ladder is None
    assert decide(HOTEL, said("complaint", severity=4)).ladder == "reach"


def test_whoever_may_get_back_at_us_meets_a_senior_first() -> None:
    decision = decide(HOTEL, said("complaint", severity=2, reaction="revenge"))
    assert decision.ladder == "senior"
    assert decision.reasons == ("They may get back at us, so a senior goes first",)


def test_a_second_failure_goes_straight_to_a_senior_whatever_the_tables_say() -> None:
    decision = decide(HOTEL, said("rating", score=2, severity=2, failures=1))
    assert (decision.severity, decision.ladder) == (4, "senior")
    assert decision.reasons == (SECOND_FAILURE,)


def test_who_is_hurt_is_not_helped_more_slowly_because_we_failed_them_before() -> None:
    for policy in (HOTEL, SHOP, CLINIC):
        first, again = (
            decide(policy, said("press", here=True, topic="safety", failures=failures))
            for failures in (0, 1)
        )
        assert first.ladder == again.ladder == "care"
        assert again.severity == 5


def test_who_stays_away_is_not_failed_again_and_rings_nobody() -> None:
    decision = decide(HOTEL, said("silence", severity=2, failures=1, visits=9, reaction="legs"))
    assert decision.trigger == "A regular guest stays away"
    assert (decision.severity, decision.ladder) == (2, None)


def test_a_broken_promise_is_a_seniors_matter() -> None:
    assert decide(HOTEL, said("promise")).ladder == "senior"


def test_a_running_case_keeps_its_policy_and_hears_what_is_in_force() -> None:
    deaf = parse(
        starters()["hotel"].text.replace('    when: signal.kind == "press"', '    when: "false"')
    )
    joining = said("press", here=True, topic="safety")
    assert decide(deaf, joining).trigger is None
    decision = decide(HOTEL, joining, pinned=CLINIC)
    assert (decision.trigger, decision.ladder) == ("Somebody presses", "care")


def test_what_comes_after_a_step_that_is_left_out_counts_from_the_opening() -> None:
    text = starters()["hotel"].text
    text = text.replace("    by: 60 days at 18:00", "    by: 5 days at 18:00\n    after: ask")
    text = text.replace("    by: 75 days at 18:00", "    by: 5 days at 18:00\n    after: plan")
    policy = parse(text)

    def involve(declined: bool) -> list[datetime | None]:
        who = CustomerKnown(known=True, messages_declined=declined)
        steps = plan_steps(policy, with_case(replace(said(), customer=who), 3), OPENED, MADRID)
        return [step.due_at for step in steps if step.kind in ("involve", "value")]

    assert involve(declined=False) == [None, None]
    assert involve(declined=True) == [datetime(2026, 11, 26, 17, tzinfo=UTC), None]


def test_a_wedding_is_graver_than_triage_thinks() -> None:
    decision = decide(HOTEL, said("complaint", severity=2, words="the cake for our wedding"))
    assert decision.severity == 4
    assert decision.reasons == ("A day that does not come again",)
    assert offer(decision).words == "40 to 80"


def test_a_signal_never_makes_an_open_case_less_grave() -> None:
    joining = replace(
        said("silence", severity=3), case=CaseStanding(open=True, intensity=2, severity=5)
    )
    assert decide(CLINIC, joining).severity == 5
    assert decide(CLINIC, said("silence", severity=3)).severity == 2


def test_no_money_for_harm() -> None:
    decision = decide(CLINIC, said("press", here=True, topic="safety", severity=3))
    assert (decision.severity, decision.ladder) == (5, "care")
    assert offer(decision).words == "nothing"
    assert offer(decision).because.startswith("No money for harm")
    assert limits(decision) == [0, 0, 5000]


def test_nobody_is_rung_at_night_for_a_letter_to_the_shop() -> None:
    grave = said("complaint", severity=4)
    assert decide(SHOP, grave).ladder == "desk"
    closed = replace(grave, site=replace(grave.site, open=False))
    assert decide(SHOP, closed).ladder is None


def test_a_fact_of_the_chronicle_begins_a_case_where_the_policy_says_so() -> None:
    text = starters()["hotel"].text.replace(
        "triggers:\n",
        "triggers:\n  - {says: A letter failed, on: words.letter_failed, when: customer.regular}\n",
    )
    policy = parse(text, facts={"words.letter_failed"})
    heard = replace(said(visits=9), signal=SignalSeen(fact="words.letter_failed"))
    assert decide(policy, heard).trigger == "A letter failed"
    assert decide(policy, replace(heard, customer=CustomerKnown())).trigger is None
    assert decide(policy, said("press", visits=9)).trigger == "Somebody presses"


def test_who_leaves_quietly_is_called_within_a_week_and_revenge_within_days() -> None:
    def call(reaction: str) -> PlannedStep:
        steps = plan_steps(HOTEL, said(reaction=reaction), OPENED, MADRID)
        return next(step for step in steps if step.kind == "contact")

    assert call("revenge").due_at == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert call("legs").due_at == datetime(2026, 11, 28, 17, tzinfo=UTC)
    assert call("voice").due_at == datetime(2026, 12, 21, 17, tzinfo=UTC)
    assert call("voice").needs == ("call_logged",)
    assert HOTEL.plan("contact", "legs").title == "Win back"
    assert HOTEL.plan("apologise", "revenge").who == "manager"
    assert HOTEL.plan("apologise", "legs").who == HOTEL.plan("apologise").who == "case_owner"


def test_a_small_matter_is_not_made_a_great_one() -> None:
    for policy in (HOTEL, SHOP, CLINIC):
        small = {
            step.kind
            for step in plan_steps(policy, with_case(said(visits=4), 2), OPENED, MADRID)
            if not step.skip_reason
        }
        assert {"apologise", "amends", "value", "prove"} <= small
        assert not small & {"plan", "confirm", "reassure", "involve", "appreciate"}


def test_a_review_without_stars_counts_for_what_it_says() -> None:
    for policy in (HOTEL, SHOP, CLINIC):
        assert decide(policy, said("review", score=0, needs_repair=False)).trigger is None
        assert decide(policy, said("review", score=3)).trigger
        assert decide(policy, said("review", score=4, topic="safety")).trigger


def test_who_we_failed_before_does_not_wait_longer_at_the_counter() -> None:
    assert decide(SHOP, said("press", here=True)).ladder == "reach"
    assert decide(SHOP, said("press", here=True, failures=1)).ladder == "senior_here"
    assert decide(SHOP, said("complaint", failures=1)).ladder == "senior"


def test_a_step_that_is_not_wanted_is_left_out_with_its_reason() -> None:
    who = CustomerKnown(known=True, messages_declined=True)
    declined = with_case(replace(said(), customer=who), 3)
    left_out = {
        step.kind: step.skip_reason
        for step in plan_steps(HOTEL, declined, OPENED, MADRID)
        if step.skip_reason
    }
    assert list(left_out) == ["ask"]
    assert left_out["ask"].startswith("They asked us not to write")
    assert skip_reason(HOTEL.plan("ask"), declined) == left_out["ask"]
    assert skip_reason(HOTEL.plan("ask"), said()) == ""


@given(st.data(), POLICIES, SITUATIONS, st.integers(1, 5), st.integers(1, 5), st.booleans())
@settings(max_examples=200)
def test_steps_known_from_another_policy_are_those_it_plans_itself(
    data, running, situation, severity, other_severity, declined
) -> None:
    steps = {
        kind: data.draw(st.sampled_from([running, HOTEL, SHOP, CLINIC]), kind).steps[kind]
        for kind in KINDS
    }
    draft = replace(running, steps=steps)
    known_to = replace(situation, customer=CustomerKnown(known=True, messages_declined=declined))
    planned = plan_steps(running, with_case(situation, severity), OPENED, MADRID)
    known = {step.kind: step for step in planned if step.kind in alike(running, draft)}
    standing = with_case(known_to, other_severity)
    by_itself = plan_steps(draft, standing, OPENED, MADRID)
    assert plan_steps(draft, standing, OPENED, MADRID, known=known) == by_itself


@given(POLICIES, st.sampled_from(["voice", "legs", "revenge", "never heard of"]))
def test_the_plans_for_a_reaction_are_those_of_its_steps(policy, reaction) -> None:
    assert policy.plans(reaction) == tuple(policy.plan(kind, reaction) for kind in policy.steps)


@pytest.mark.parametrize(
    ("apart", "together"),
    [(timedelta(seconds=119), True), (timedelta(minutes=2), True), (timedelta(seconds=121), False)],
)
def test_presses_of_one_place_belong_together_when_they_come_close(apart, together) -> None:
    for happened_at in (OPENED + apart, OPENED - apart):
        assert (
            belongs_together(
                HOTEL,
                signal_happened_at=happened_at,
                case_happened_at=OPENED,
                case_last_signal_at=OPENED,
            )
            is together
        )


@given(POLICIES, SITUATIONS)
@settings(max_examples=300)
def test_a_decision_is_sound_whatever_happens(policy, situation) -> None:
    decision = decide(policy, situation)
    assert decision == decide(policy, situation)
    if decision.trigger is None:
        return
    assert 1 <= decision.severity <= 5
    assert decision.severity >= situation.case.severity
    assert decision.ladder is None or decision.ladder in policy.ladders
    if situation.customer.failures and situation.signal.kind != "silence":
        ahead = {row.use for row in policy.tables.ladder if row.ahead_of}
        assert decision.ladder in {policy.second_failure.ladder, *ahead}
        assert decision.severity >= policy.second_failure.severity_at_least
    standing = with_case(situation, decision.severity)
    assert remedies_of(policy, standing) == decision.remedies
    assert limits_of(policy, standing) == decision.limits


@given(POLICIES, SITUATIONS, st.timedeltas(timedelta(0), timedelta(days=730)))
@settings(max_examples=150)
def test_all_twelve_steps_are_planned_in_order_and_none_before_its_case(
    policy, situation, since
) -> None:
    opened_at = OPENED + since
    steps = plan_steps(policy, situation, opened_at, MADRID)
    assert tuple(step.kind for step in steps) == KINDS
    assert [step.position for step in steps] == list(range(1, 13))
    ended = {step.kind: step.skip_reason for step in steps}
    for step in steps:
        plan = policy.plan(step.kind, situation.verdict.reaction)
        assert step.due_at or (plan.after and not ended.get(plan.after))
        assert step.due_at is None or step.due_at >= opened_at - timedelta(hours=24)
        assert step.look_at is None or step.look_at <= max(step.due_at, opened_at)
        assert not step.skip_reason or plan.skip_when.holds(situation)


def test_what_nobody_asks_need_not_be_known() -> None:
    assert "signal.words" in HOTEL.reads
    assert "site.open" not in HOTEL.reads
    assert "site.open" in SHOP.reads
    assert [policy.counts_opening_time for policy in (HOTEL, SHOP, CLINIC)] == [False, True, True]


def test_twenty_thousand_decisions_take_seconds() -> None:
    situations = [
        replace(
            said("rating", score=n % 6, words=f"guest {n}"), visit=VisitSeen(n % 2 == 0, n % 50)
        )
        for n in range(1000)
    ]
    began = time.process_time()
    for _ in range(20):
        for situation in situations:
            decide(HOTEL, situation)
    assert time.process_time() - began < 6
