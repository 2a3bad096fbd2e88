"""Ends a case: confirmed by the customer, or honestly lost; and opens it again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Greatest

from makegood.amends.lapsing import lapse
from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.refusals import Refused
from makegood.page.hands.ending import cancel_pages, settle_pages
from makegood.people.models import Staff
from makegood.recover import telling, wording
from makegood.recover.belonging import matters_of
from makegood.recover.chronicling import open_pages_of
from makegood.recover.facts import CaseClosed, CaseReopened, CustomerConfirmed
from makegood.recover.holding import hold, hold_open, hold_steps
from makegood.recover.life.calling import attempts_at, days_of
from makegood.recover.models import Callback, Case, Closure, Step
from makegood.recover.policy.timing import postponed
from makegood.recover.steps import pausing
from makegood.recover.steps.asking import ask_anew_later
from makegood.recover.steps.stepping import (
    checked_words,
    end_done,
    end_skipped,
    give_evidence,
)
from makegood.recover.versions.publishing import policy_of

WHY_SKIPPED = {
    Closure.Outcome.CONFIRMED: "The customer says it is made good.",
    Closure.Outcome.LOST: "The case was closed as lost.",
    Closure.Outcome.WITHDRAWN: "It was taken back.",
    Closure.Outcome.MERGED: "The case was joined with another.",
}


def close_confirmed(
    *, case: Case, now: datetime, by: Staff | None = None, words: str = ""
) -> Closure:
    """Closes a case because the customer says that we kept our word.

    The customer's own confirmation is the evidence; a colleague who closes (`by`) says in words how
    the customer said so. Refuses a closed case, and one that nobody confirmed.
    """
    with transaction.atomic():
        hold_open(case)
        entry = _confirmation(case, by, words, now)
        for step in hold_steps(case.pk, kind="prove"):
            end_done(step, evidence=[entry.pk], note=words.strip() or "The customer says so.",
                     now=now, by=by, caused_by=entry.pk)  # fmt: skip
        return close(case, Closure.Outcome.CONFIRMED, reason=words, by=by, now=now,
                     caused_by=entry.pk, evidence=[entry.pk])  # fmt: skip


def close_lost(*, case: Case, reason: str, by: Staff, now: datetime) -> Closure:
    """Closes a case honestly: it was not made good, for a reason. Refuses a closed case."""
    said = checked_words(reason, field="reason", remedy="Say honestly why this one is lost.")
    with transaction.atomic():
        hold_open(case)
        return close(case, Closure.Outcome.LOST, reason=said, by=by, now=now)


def close_unreached(*, case: Case, words: str, by: Staff, now: datetime) -> Closure:
    """Closes a case honestly because the customer could not be reached: the calls show it.

    Refuses a closed case, and too few attempts; calls of one day are one attempt, and so are those
    of days closer together than the policy says.
    """
    with transaction.atomic():
        hold_open(case)
        attempts = attempts_at(case)
        days = days_of(attempts, case)
        rule = policy_of(case.policy_id).closing
        wanted, counted = rule.attempts, rule.counted(days)
        if counted < wanted:
            so_far = f"{wording.count(counted)} so far" if counted else "none so far"
            raise Refused(
                f"Nobody is given up before {wording.count(wanted)} calls on different days; "
                f"{so_far}. Call once more, and note it.",
                code="too_few_attempts", field="words",
            )  # fmt: skip
        called = ", ".join(wording.day_short(day) for day in days)
        reason = f"We could not reach them: called {called}. {words.strip()}".strip()
        said = checked_words(reason, field="words", remedy="Say how you tried.")
        return close(case, Closure.Outcome.LOST, reason=said, by=by, now=now,
                     evidence=[entry.pk for entry in attempts])  # fmt: skip


def reopen(*, case: Case, because: str, by: Staff | None, now: datetime) -> Case:
    """It was not over: what the closing skipped waits again. The closure stays on record.

    `by` None is the customer. Promises move on by the whole days the case stood still, at the same
    time of day; within the first hour it was a slip, and what was put off is put off as before.
    Refuses an open case.
    """
    said = checked_words(because, field="because", remedy="Say why this is not over.")
    actor = chronicle.staff_actor(by.pk) if by else chronicle.CUSTOMER
    with transaction.atomic():
        hold(case.pk)
        closure = case.standing_closure
        if not closure:
            raise Refused("This case is open already.", code="case_open")
        if closure.outcome == Closure.Outcome.MERGED:
            raise Refused(
                "This case was joined with another. Take that back instead.", code="case_merged"
            )
        closure.reopened_at, closure.reopened_by, closure.reopened_because = now, actor, said
        closure.save(update_fields=["reopened_at", "reopened_by", "reopened_because"])
        _arm_again(case, closure, now)
        entry = chronicle.record(
            CaseReopened(reason=said), organisation_id=case.organisation_id, at=now, by=actor,
            about=case.pk,
        )  # fmt: skip
        telling.tell(case, what=entry.name, at=now)
    return case


def close(
    case: Case,
    outcome: Closure.Outcome,
    *,
    reason: str,
    by: Staff | None,
    now: datetime,
    caused_by: UUID | None = None,
    evidence: Sequence[UUID] = (),
) -> Closure:
    """Writes the closure of a locked, open case, and lets go of all that still waits for it."""
    merged = outcome == Closure.Outcome.MERGED
    pausing.close_all(case, by=_actor(outcome, by), now=now, move=not merged)
    closure = Closure.objects.create(
        organisation_id=case.organisation_id,
        case=case,
        outcome=outcome,
        reason=reason.strip(),
        closed_at=now,
        closed_by=by,
        evidence=[str(fact_id) for fact_id in evidence],
    )
    entry = chronicle.record(
        CaseClosed(outcome=outcome.value),
        organisation_id=case.organisation_id,
        at=now,
        by=_actor(outcome, by),
        about=case.pk,
        caused_by=caused_by,
    )
    _let_go(case, closure, entry)
    telling.tell(case, what=entry.name, at=now)
    return closure


def _let_go(case: Case, closure: Closure, entry: Entry) -> None:
    why = WHY_SKIPPED[Closure.Outcome(closure.outcome)]
    steps = hold_steps(case.pk)
    for step in steps:
        step.skipped_by = closure
        step.save(update_fields=["skipped_by"])
        end_skipped(step, reason=why, now=entry.at, caused_by=entry.pk)
    if closure.outcome == Closure.Outcome.MERGED:
        cancel_pages(about=case.pk, now=entry.at)  # all else rings on for the one it is part of now
    else:
        lapse(about=matters_of(case.pk), reason=why, caused_by=entry.pk, now=entry.at)
        settle_pages(pages=open_pages_of(case), now=entry.at)
    if closure.outcome == Closure.Outcome.WITHDRAWN:
        Callback.objects.filter(case=case, rung_at=None).update(look_at=None)


def _arm_again(case: Case, closure: Closure, now: datetime) -> None:
    policy = policy_of(case.policy_id)
    zone = ZoneInfo(case.site.timezone)
    brief = now - closure.closed_at < pausing.BRIEF
    ended = Step.objects.filter(case=case, kind="prove", state=Step.State.DONE)
    for step in [*closure.skipped_steps.select_for_update(of=("self",)), *ended]:
        asked = step.asked_at is not None
        step.state, step.evidence, step.note = Step.State.WAITING, [], ""
        step.ended_at = step.ended_by = step.skipped_by = step.asked_at = None
        step.reminders = 0
        if step.due_at:
            if not brief:
                step.due_at = postponed(step.due_at, stood_still=now - closure.closed_at, zone=zone)
            step.look_at = policy.look_at(step.kind, step.due_at, now)
            if step.kind == "prove" and (asked or step.due_at <= now):
                ask_anew_later(step, now=now)
        step.save()
    if brief:
        pausing.begin_again(case, ended_at=closure.closed_at, now=now)
    if closure.outcome == Closure.Outcome.WITHDRAWN:
        waiting = Callback.objects.filter(case=case, rung_at=None, called_at=None)
        waiting.update(look_at=Greatest("wanted_at", now))


def _confirmation(case: Case, by: Staff | None, words: str, now: datetime) -> Entry:
    if by:
        said = checked_words(
            words, field="words", remedy="Say how the customer told you that it is made good."
        )
        return give_evidence(case, kind="prove", words=said, by=by, now=now)
    confirmed = Entry.objects.filter(about=case.pk, name=CustomerConfirmed.name)
    reopened = Closure.objects.filter(case=case).order_by("-closed_at").first()
    if reopened and reopened.reopened_at:
        confirmed = confirmed.filter(at__gte=reopened.reopened_at)
    entry = confirmed.order_by("-at").first()
    if not entry:
        raise Refused("The customer has not said so yet.", code="not_confirmed")
    return entry


def _actor(outcome: Closure.Outcome, by: Staff | None) -> str:
    if by:
        return chronicle.staff_actor(by.pk)
    return chronicle.SYSTEM if outcome == Closure.Outcome.LOST else chronicle.CUSTOMER
