"""Splits a case: some of its signals are another failure, with its own steps; and takes it back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from makegood.amends.access import amends_about, requests_about
from makegood.ground import chronicle
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, Refused
from makegood.page.rungs.updating import update_page
from makegood.people.models import Customer, Staff
from makegood.recover import telling
from makegood.recover.facts import CaseOpened, CaseSplit, SplitUndone
from makegood.recover.holding import hold, hold_open
from makegood.recover.life.merging import absorb
from makegood.recover.models import Case, CaseSignal, Split, Step
from makegood.recover.steps.planning import due_after
from makegood.recover.steps.stepping import checked_words
from makegood.recover.summoning import who_it_is
from makegood.recover.versions.publishing import pinned, policy_of
from makegood.sense.models import Signal
from makegood.triage.facts import SignalTriaged
from makegood.triage.models import Verdict
from makegood.words.access import letters_about, replies_about

TAKEN_AS = "Genuine, and ours"


def split_case(
    *, case: Case, signals: Collection[UUID], reason: str, by: Staff, now: datetime
) -> Case:
    """Makes a case of its own of some `signals` of `case`; the rest, and all that was done, stays.

    It keeps the version of the policy, and its promises count from now. A customer whom only these
    signals brought goes with them. Refuses a closed case, no signals, all of them, signals of
    another case, and no reason.
    """
    said = checked_words(reason, field="reason", remedy="Say why this is something else.")
    with transaction.atomic():
        hold_open(case)
        case = Case.objects.select_related("organisation", "site", "customer").get(pk=case.pk)
        chosen, rest = _parted(case, set(signals))
        new_case = _case_of(case, chosen, now)
        split = Split.objects.create(
            organisation_id=case.organisation_id, case=case, new_case=new_case, reason=said,
            split_at=now, split_by=by, born=_learned(new_case) | _gone_with(new_case, case, rest),
        )  # fmt: skip
        CaseSignal.objects.filter(signal__in=[one.pk for one in chosen]).update(case=new_case)
        case.intensity = max(1, case.intensity - new_case.intensity)
        case.happened_at, case.last_signal_at = _span(rest)
        if "left" in split.born:
            case.customer, case.link_version = _customer_of(rest), case.link_version + 1
        case.save(update_fields=[
            "intensity", "happened_at", "last_signal_at", "customer", "link_version",
        ])  # fmt: skip
        fact = CaseSplit(
            new_case_id=new_case.pk, signal_ids=[one.pk for one in chosen], reason=split.reason
        )
        entry = _tell(case, fact, by, now)
        _open(new_case, chosen, entry, now)
        if "left" in split.born:
            name = case.customer.name if case.customer else ""
            update_page(about=case.pk, now=now, who=who_it_is(case.customer), customer_name=name)
    return new_case


def undo_split(*, split: Split, by: Staff, now: datetime) -> Split:
    """What was split off belongs to the case again. Undoing it twice is once.

    Refuses where something was done there already: then the two can be joined.
    """
    with transaction.atomic():
        for pk in sorted({split.case_id, split.new_case_id}):
            hold(pk)
        split = Split.objects.select_related("case__organisation", "new_case__organisation").get(
            pk=split.pk
        )
        if split.ended_at:
            return split
        for case in (split.case, split.new_case):
            if case.standing_closure:
                raise Refused(f"{case.reference} is closed.", code="case_closed")
        if _was_worked_on(split.new_case):
            raise Refused(
                f"Something was done on {split.new_case.reference} already. Join the two instead.",
                code="worked_on",
            )
        split.ended_at, split.ended_by = now, by
        split.save(update_fields=["ended_at", "ended_by"])
        learned = _learned(split.new_case)
        besides = {name for name, value in learned.items() if split.born[name] == value}
        if _come_back(split):
            besides -= {"customer_id"}
        absorb(
            split.case, split.new_case, reason="The split was taken back.", by=by, now=now,
            besides=besides,
        )  # fmt: skip
        _tell(split.case, SplitUndone(new_case_id=split.new_case_id), by, now)
    return split


def _parted(case: Case, chosen: set[UUID]) -> tuple[list[Signal], list[Signal]]:
    found = Signal.objects.filter(case_signal__case=case).select_related("customer")
    signals = list(found.order_by("happened_at", "pk"))
    inside = [signal for signal in signals if signal.pk in chosen]
    if not inside:
        raise Invalid("Choose what belongs to the other case.", field="signals")
    if len(inside) != len(chosen):
        raise Invalid("Some of this belongs to another case by now. Look again.", field="signals")
    rest = [signal for signal in signals if signal.pk not in chosen]
    if not rest:
        raise Invalid("Something has to stay. Leave one of them here.", field="signals")
    return inside, rest


def _case_of(case: Case, signals: Sequence[Signal], now: datetime) -> Case:
    """A case as it would have been, had only these signals opened it; not yet told."""
    first = signals[0]
    verdicts = list(Verdict.objects.filter(signal__in=signals).order_by("decided_at", "pk"))
    happened_at, last_signal_at = _span(signals)
    brought = {signal.customer for signal in signals}
    return Case.objects.create(
        organisation_id=case.organisation_id,
        site_id=case.site_id,
        touchpoint_id=first.touchpoint_id,
        customer=case.customer if case.customer in brought else _customer_of(signals),
        policy_id=case.policy_id,
        place=first.place,
        topic=verdicts[-1].topic if verdicts else case.topic,
        severity=max((verdict.severity for verdict in verdicts), default=case.severity),
        reaction=verdicts[-1].reaction if verdicts else case.reaction,
        intensity=max(1, sum(signal.cancelled_at is None for signal in signals)),
        happened_at=happened_at,
        last_signal_at=last_signal_at,
        opened_at=now,
        owner_id=case.owner_id,
        caused_by=new_id(),
    )


def _open(case: Case, signals: Sequence[Signal], cause: Entry, now: datetime) -> None:
    """Its twelve steps, promised from now; the first is shown by the verdicts it brings."""
    policy = policy_of(case.policy_id)
    judged = Entry.objects.filter(
        about__in=[signal.pk for signal in signals], name=SignalTriaged.name
    )
    evidence = [str(pk) for pk in judged.order_by("at", "pk").values_list("pk", flat=True)]
    steps = []
    for kind in policy.steps:
        plan = policy.plan(kind, case.reaction)
        counts = plan.after in ("", "validate")
        due_at = due_after(case, policy, plan, now) if counts else None
        step = Step(
            organisation_id=case.organisation_id,
            case=case,
            kind=kind,
            position=plan.position,
            due_at=due_at,
            look_at=policy.look_at(kind, due_at, now) if due_at else None,
            awaits=plan.awaits,
        )
        if kind == "validate":
            step.state, step.ended_at, step.look_at = Step.State.DONE, now, None
            step.evidence, step.note = evidence or [str(cause.pk)], TAKEN_AS
        steps.append(step)
    Step.objects.bulk_create(steps)
    opened = chronicle.record(
        CaseOpened(signal_id=signals[0].pk, policy=pinned(case.policy_id).number),
        organisation_id=case.organisation_id,
        at=now,
        by=cause.by,
        about=case.pk,
        caused_by=cause.pk,
    )
    telling.tell(case, what=opened.name, at=now, signals=[signal.pk for signal in signals])


def _customer_of(signals: Sequence[Signal]) -> Customer | None:
    """The one customer we know of these signals."""
    known = {signal.customer for signal in signals if signal.customer}
    return known.pop() if len(known) == 1 else None


def _gone_with(new_case: Case, case: Case, rest: Sequence[Signal]) -> dict[str, Any]:
    """How the case stood before its customer left it with the signals that had brought them."""
    gone = case.customer_id and case.customer_id == new_case.customer_id
    if not gone or case.customer in {signal.customer for signal in rest}:
        return {}
    stays = _customer_of(rest)
    return {"left": {"stays": str(stays.pk) if stays else None, "link": case.link_version}}


def _come_back(split: Split) -> bool:
    """Whether the customer who left with the split belongs to the case again: nobody else came."""
    left, case = split.born.get("left"), split.case
    if left is None or str(case.customer_id or "") != (left["stays"] or ""):
        return False
    case.customer = None  # it learns them from the other again
    if case.link_version == left["link"] + 1:
        case.link_version = left["link"]
    return True


def _learned(case: Case) -> dict[str, Any]:
    """What a case knows that another may learn from it, as it is kept."""
    customer = str(case.customer_id) if case.customer_id else None
    return {"customer_id": customer, "topic": case.topic, "severity": case.severity}


def _was_worked_on(case: Case) -> bool:
    ended = case.steps.exclude(kind="validate").exclude(state=Step.State.WAITING)
    made = (amends_about(case.pk), requests_about(case.pk), letters_about(case.pk),
            replies_about(case.pk))  # fmt: skip
    return ended.exists() or any(made) or case.absorbed.filter(ended_at=None).exists()


def _span(signals: Sequence[Signal]) -> tuple[datetime, datetime]:
    moments = [signal.happened_at for signal in signals]
    return min(moments), max(moments)


def _tell(case: Case, fact: CaseSplit | SplitUndone, by: Staff, now: datetime) -> Entry:
    entry = chronicle.record(
        fact, organisation_id=case.organisation_id, at=now, by=chronicle.staff_actor(by.pk),
        about=case.pk,
    )  # fmt: skip
    telling.tell(case, what=entry.name, at=now)
    return entry
