"""Moves a running case to another version of the policy: what would change, and doing it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.refusals import NotAllowed, Refused
from makegood.people.models import Staff
from makegood.recover import telling
from makegood.recover.facts import StepArmed, VersionMoved
from makegood.recover.holding import hold_open, hold_steps
from makegood.recover.models import Case, Closure, Pause, PolicyVersion, Step, VersionMove
from makegood.recover.policy import Plan, Policy
from makegood.recover.policy.deciding import skip_reason
from makegood.recover.policy.situation import Situation
from makegood.recover.policy.timing import postponed
from makegood.recover.steps.counting import counts_from
from makegood.recover.steps.pausing import BRIEF, look_next
from makegood.recover.steps.planning import due_after
from makegood.recover.steps.standing import standing_situation
from makegood.recover.steps.stepping import checked_words, end_skipped, silence
from makegood.recover.versions.publishing import pinned, policy_of


@dataclass(frozen=True)
class Change:
    """What the other version changes for one waiting step; moments are in UTC."""

    kind: str
    title_before: str
    title_after: str
    due_before: datetime | None
    due_after: datetime | None
    who_before: str
    who_after: str
    needs_before: tuple[str, ...]
    needs_after: tuple[str, ...]
    awaits_before: str
    awaits_after: str
    left_out_because: str = ""

    @property
    def moves(self) -> bool:
        """Whether its day is another one."""
        return self.due_before != self.due_after

    @property
    def is_one(self) -> bool:
        """Whether anything changes at all."""
        before = (self.title_before, self.who_before, self.needs_before, self.awaits_before)
        after = (self.title_after, self.who_after, self.needs_after, self.awaits_after)
        return self.moves or before != after or bool(self.left_out_because)


def preview_move(*, case: Case, version: PolicyVersion, now: datetime) -> list[Change]:
    """What moving `case` to `version` would change, step by step; nothing is written.

    Steps that have ended stay as they ended, and so does what the customer was asked already.
    """
    before, after = policy_of(case.policy_id), policy_of(version.pk)
    situation = standing_situation(case, now)
    waiting = list(Step.objects.waiting().filter(case=case).select_related("case__site"))
    changes = [_change(step, before, after, situation) for step in waiting]
    return [change for change in changes if change.is_one]


def move_to_version(
    *, case: Case, version: PolicyVersion, reason: str, by: Staff, now: datetime
) -> VersionMove:
    """A senior decides that another version holds for this case; what waits is promised anew.

    Refuses everybody else, a closed case, the version it is on, one of another house, no reason.
    """
    said = checked_words(reason, field="reason", remedy="Say why this case needs the other one.")
    if not by.is_senior:
        raise NotAllowed("Only a manager or the owner decides this. Ask one of them.")
    if version.organisation_id != case.organisation_id:
        raise NotAllowed("That policy is another house’s.")
    with transaction.atomic():
        hold_open(case)
        case.refresh_from_db()
        if case.policy_id == version.pk:
            raise Refused("This case is on that version already.", code="same_version")
        changes = preview_move(case=case, version=version, now=now)
        former = case.policy_id
        Case.objects.filter(pk=case.pk).update(policy=version)
        case.policy = version
        move = VersionMove.objects.create(
            organisation_id=case.organisation_id, case=case, from_version_id=former,
            to_version=version, reason=said, moved_at=now, moved_by=by,
            changes=[_as_json(change) for change in changes],
        )  # fmt: skip
        entry = chronicle.record(
            VersionMoved(from_number=pinned(former).number, to_number=version.number, reason=said),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk),
            about=case.pk,
        )
        _apply(case, changes, by, now, entry)
        telling.tell(case, what=entry.name, at=now)
    return move


def _change(step: Step, before: Policy, after: Policy, situation: Situation) -> Change:
    reaction = step.case.reaction
    old, new = before.plan(step.kind, reaction), after.plan(step.kind, reaction)
    return Change(
        kind=step.kind,
        title_before=old.title,
        title_after=new.title,
        due_before=step.due_at,
        due_after=_due(step, old, new, after),
        who_before="" if old.automatic else old.who,
        who_after="" if new.automatic else new.who,
        needs_before=old.needs,
        needs_after=new.needs,
        awaits_before=step.awaits,
        awaits_after=step.awaits if step.asked_at else new.awaits,
        left_out_because="" if step.asked_at else skip_reason(new, situation),
    )


def _due(step: Step, old: Plan, new: Plan, policy: Policy) -> datetime | None:
    """Its day by the new plan: from the opening or from what it comes after, and later by the time
    the case stood still since."""
    if step.asked_at or (step.due_at and (old.by, old.after) == (new.by, new.after)):
        return step.due_at
    start = counts_from(step.case, new) or _armed_at(step, old, new)
    if start is None:
        return None
    due = due_after(step.case, policy, new, start)
    for began_at, ended_at in _stood_still(step.case):
        if began_at >= start:
            zone = ZoneInfo(step.case.site.timezone)
            due = postponed(due, stood_still=ended_at - began_at, zone=zone)
    return due


def _armed_at(step: Step, old: Plan, new: Plan) -> datetime | None:
    """When it got its day, where what it came after then is to come again."""
    if step.due_at is None or old.after != new.after:
        return None
    armed = Entry.objects.filter(about=step.case_id, name=StepArmed.name, data__step=step.kind)
    return armed.order_by("-at").values_list("at", flat=True).first()


def _stood_still(case: Case) -> Sequence[tuple[datetime, datetime]]:
    """The stretches in which its clock stood still: closed, or waiting for the customer."""
    closed = Closure.objects.filter(case=case).exclude(reopened_at=None)
    closed = closed.exclude(outcome=Closure.Outcome.MERGED)
    waited = Pause.objects.filter(case=case, kind=Pause.Kind.CUSTOMER).exclude(ended_at=None)
    stretches = [
        *closed.values_list("closed_at", "reopened_at"),
        *waited.values_list("began_at", "ended_at"),
    ]
    return sorted((began, ended) for began, ended in stretches if ended - began >= BRIEF)


def _apply(case: Case, changes: Sequence[Change], by: Staff, now: datetime, cause: Entry) -> None:
    policy = policy_of(case.policy_id)
    steps = {step.kind: step for step in hold_steps(case.pk)}
    for change in changes:
        step = steps[change.kind]
        step.awaits = change.awaits_after
        if change.moves:
            step.due_at, step.look_at, step.reminders = change.due_after, None, 0
        if change.moves and step.due_at:
            look_next(step, policy.look_at(step.kind, step.due_at, now))
        step.save(update_fields=["awaits", "due_at", "look_at", "reminders"])
        if change.moves or change.who_before != change.who_after:
            silence(step, now=now)  # whoever is rung for it is rung for what does not hold any more
        if change.left_out_because:
            end_skipped(step, reason=change.left_out_because, now=now, by=by, caused_by=cause.pk)


def _as_json(change: Change) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(change).items()
    }
