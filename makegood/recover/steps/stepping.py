"""Ends steps, with evidence or with a reason, and arms those that come after them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.page.hands.ending import end_pages
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.people.plain_text import paragraphs
from makegood.recover import telling
from makegood.recover.facts import (
    CorrectionConfirmed,
    EvidenceGiven,
    StepArmed,
    StepDone,
    StepSkipped,
)
from makegood.recover.holding import hold_steps
from makegood.recover.models import Case, Pause, Step
from makegood.recover.policy.timing import is_late
from makegood.recover.steps.counting import counts_from
from makegood.recover.steps.needing import CHECKED, missing, shown_by
from makegood.recover.steps.planning import due_after, plan_of
from makegood.recover.versions.publishing import policy_of

LONGEST_WORDS = 2000


def finish_step(
    *, case: Case, kind: str, words: str, by: Staff, now: datetime, checked: str = ""
) -> Step:
    """A person says, in words, what they did for a step; with the facts the policy asks for, that
    is its evidence. `checked`: what was counted, seen or photographed, where a correction is
    confirmed.

    Refuses a step that has ended, one without words, one whose facts are missing, naming them, and
    `prove`, which only closing ends.
    """
    said = checked_words(words, field="words", remedy="Say in a few words what was done.")
    if kind == "prove":
        raise Refused(
            "The last step ends when the case is closed: by the customer, or honestly as lost.",
            code="close_instead",
        )
    with transaction.atomic():
        step = waiting_step(case, kind)
        needs = plan_of(step).needs
        if CHECKED in needs:
            confirm_correction(case, kind=kind, checked=checked, by=by, now=now)
        lacking = missing(case, needs)
        if lacking:
            raise Refused(f"{lacking[0]} Then this is done.", code="evidence_missing",
                          field="words")  # fmt: skip
        entry = give_evidence(case, kind=kind, words=said, by=by, now=now)
        evidence = [*shown_by(case, needs), entry.pk]
        end_done(step, evidence=evidence, note=said, now=now, by=by, caused_by=entry.pk)
    return step


def skip_step(*, case: Case, kind: str, reason: str, by: Staff, now: datetime) -> Step:
    """Leaves a step out, for a reason that is kept; refuses a step that has ended."""
    said = checked_words(reason, field="reason", remedy="Say why this is left out.")
    if kind == "prove":
        raise Refused("The last step ends when the case is closed.", code="close_instead")
    with transaction.atomic():
        step = waiting_step(case, kind)
        end_skipped(step, reason=said, now=now, by=by)
    return step


def give_evidence(case: Case, *, kind: str, words: str, by: Staff, now: datetime) -> Entry:
    """Writes down what a person says they did."""
    return chronicle.record(
        EvidenceGiven(step=kind, words=words),
        organisation_id=case.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=case.pk,
    )


def confirm_correction(case: Case, *, kind: str, checked: str, by: Staff, now: datetime) -> Entry:
    """Writes down what a person counted, saw or photographed: an intention shows nothing."""
    said = checked_words(
        checked, field="checked", remedy="Say what you counted, saw or photographed, and when."
    )
    return chronicle.record(
        CorrectionConfirmed(step=kind, checked=said),
        organisation_id=case.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=case.pk,
    )


def silence(step: Step, *, now: datetime) -> None:
    """Ends the pages that asked for this step, but not one whose hand is with the customer."""
    ringing = Page.objects.open().filter(about=step.pk).exclude(state=Page.State.WITH)
    for purpose in set(ringing.values_list("purpose", flat=True)):
        end_pages(about=step.pk, purpose=purpose, now=now)


def end_done(
    step: Step,
    *,
    evidence: Sequence[UUID],
    note: str,
    now: datetime,
    by: Staff | None = None,
    caused_by: UUID | None = None,
    kept_at: datetime | None = None,
) -> None:
    """Ends a locked step as done; the facts in `evidence` show it. `kept_at`: since when, if that
    was before `now`."""
    kept_at = kept_at or now
    step.state = Step.State.DONE
    step.evidence = [str(fact_id) for fact_id in evidence]
    late = is_late(step.due_at, step.asked_at or kept_at)
    fact = StepDone(step=step.kind, evidence=list(evidence), late=late)
    _end(step, fact, note=note, at=kept_at, now=now, by=by, caused_by=caused_by)


def end_skipped(
    step: Step,
    *,
    reason: str,
    now: datetime,
    by: Staff | None = None,
    caused_by: UUID | None = None,
) -> None:
    """Ends a locked step as left out, for `reason`."""
    step.state = Step.State.SKIPPED
    fact = StepSkipped(step=step.kind, reason=reason)
    _end(step, fact, note=reason, at=now, now=now, by=by, caused_by=caused_by)


def _end(
    step: Step,
    fact: StepDone | StepSkipped,
    *,
    note: str,
    at: datetime,
    now: datetime,
    by: Staff | None,
    caused_by: UUID | None,
) -> None:
    actor = chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM
    step.note, step.ended_at, step.ended_by, step.look_at = note, at, by, None
    step.save(update_fields=[
        "state", "evidence", "note", "ended_at", "ended_by", "look_at", "asked_at",
    ])  # fmt: skip
    chronicle.record(
        fact,
        organisation_id=step.organisation_id,
        at=now,
        by=actor,
        about=step.case_id,
        caused_by=caused_by,
    )
    Pause.objects.standing().filter(step=step).update(ended_at=now, ended_by=actor)
    silence(step, now=now)
    arm_followers(step, now=now)
    telling.tell(step.case, what=fact.name, at=now)


def arm_followers(step: Step, *, now: datetime) -> None:
    """Steps that come after this one are promised from now on, unless the whole case ends."""
    if not step.skipped_by_id:
        arm(step.case, now=now)


def arm(case: Case, *, now: datetime) -> None:
    """Steps without a day, of which what they wait for is there by now, have one from now on."""
    policy = policy_of(case.policy_id)
    plans = {plan.kind: plan for plan in policy.plans(case.reaction)}
    if not any(plan.after for plan in plans.values()):
        return
    for step in hold_steps(case.pk, due_at=None):
        plan = plans[step.kind]
        if counts_from(case, plan) is None:
            continue
        step.due_at = due_after(case, policy, plan, now)
        step.look_at = policy.look_at(plan.kind, step.due_at, now)
        step.save(update_fields=["due_at", "look_at"])
        chronicle.record(
            StepArmed(step=plan.kind, due_at=step.due_at),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=case.pk,
        )


def checked_words(words: str, *, field: str, remedy: str) -> str:
    """The words as we keep them (see `people.plain_text`); refuses none, and too many."""
    said = paragraphs(words, field=field, longest=LONGEST_WORDS)
    if not said:
        raise Invalid(remedy, field=field)
    return said


def waiting_step(case: Case, kind: str) -> Step:
    """A step that waits, held; refuses one that has ended, and what is no step."""
    steps = hold_steps(case.pk, kind=kind)
    if steps:
        return steps[0]
    if Step.objects.filter(case=case, kind=kind).exists():
        raise Refused("This step has ended already.", code="step_ended")
    raise NotFound("There is no such step.")
