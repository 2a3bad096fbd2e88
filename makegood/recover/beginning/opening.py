"""Opens cases for verdicts, or joins open ones. The hot path: a batch costs a few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.ground import chronicle, rows
from makegood.ground.chronicle import Fact, together
from makegood.ground.models import Entry
from makegood.page.rungs.ringing import Summons, open_pages
from makegood.page.rungs.updating import note_intensities
from makegood.recover.beginning.arriving import Arrival, Known, arrive
from makegood.recover.beginning.joining import JOINING
from makegood.recover.facts import CaseOpened, SignalJoined, StepSkipped
from makegood.recover.models import Case, CaseSignal, Step
from makegood.recover.summoning import (
    failure_in_words,
    in_short,
    summons_for_customer,
    who_with,
)
from makegood.recover.telling import CaseNews, tell_all
from makegood.recover.versions.publishing import in_force, pinned, policy_of, publish_default
from makegood.sense import topics
from makegood.sense.models import Signal
from makegood.triage.facts import SignalTriaged
from makegood.triage.models import Verdict

GENUINE = "Genuine, and ours"
UNREAD = "Taken as it came"
LATE = "Pressed earlier; it reached us only now"
NOBODY_TOLD_US: Mapping[str, str] = {
    Signal.Kind.INCIDENT: "We noticed it ourselves",
    Signal.Kind.SILENCE: "Stays away",
    Signal.Kind.PROMISE: "We broke our word",
}


@together
def open_or_join(told: Sequence[tuple[Entry, SignalTriaged]]) -> None:
    """Reaction: signals that the policy hears get their cases.

    Presses that come close together at one place, and another signal of a customer with an open
    case, join it, also within one batch. Nothing happens when no trigger of the policy is true.
    """
    triaged = [(entry, _verdict_of(entry)) for entry, _ in told]
    standing = [(entry, verdict) for entry, verdict in triaged if not verdict.signal.cancelled_at]
    if not standing:
        return
    now = told[0][0].at
    versions = _versions([verdict for _, verdict in standing], now)
    arrivals, known = arrive(standing, versions, now)
    if arrivals:
        _write(arrivals)
        _tell(arrivals, _record(arrivals, now), known, now)


def _verdict_of(entry: Entry) -> Verdict:
    assert isinstance(entry.row, Verdict)
    return entry.row


def _versions(verdicts: Sequence[Verdict], now: datetime) -> dict[UUID, UUID]:
    """The version of the policy that new cases pin, by organisation."""
    versions = in_force({verdict.organisation_id for verdict in verdicts})
    for verdict in verdicts:
        if verdict.organisation_id not in versions:
            first = publish_default(organisation=verdict.organisation, now=now)
            versions[verdict.organisation_id] = first.pk
    return versions


def _write(arrivals: Sequence[Arrival]) -> None:
    opening = [arrival for arrival in arrivals if arrival.opens]
    rows.insert_all(Case, (arrival.case for arrival in opening))
    rows.save_all(Case, _joined_cases(arrivals), JOINING)
    rows.insert_all(CaseSignal, map(_case_signal, arrivals))
    rows.insert_all(Step, (step for arrival in opening for step in _twelve_steps(arrival)))


def _case_signal(arrival: Arrival) -> CaseSignal:
    return CaseSignal(
        organisation_id=arrival.case.organisation_id,
        case=arrival.case,
        signal=arrival.signal,
        joined_at=arrival.entry.at,
    )


def _joined_cases(arrivals: Sequence[Arrival]) -> list[Case]:
    """The cases that were there before."""
    opened = {arrival.case.pk for arrival in arrivals if arrival.opens}
    cases = {arrival.case.pk: arrival.case for arrival in arrivals}
    return [case for pk, case in cases.items() if pk not in opened]


def _twelve_steps(arrival: Arrival) -> list[Step]:
    """All twelve, the first done: the verdict is its evidence; some left out, for a reason."""
    case, at = arrival.case, arrival.entry.at
    steps = []
    for planned in arrival.steps:
        step = Step(
            organisation_id=case.organisation_id,
            case=case,
            kind=planned.kind,
            position=planned.position,
            due_at=planned.due_at,
            look_at=planned.look_at,
            awaits=planned.awaits,
        )
        if planned.kind == "validate":
            step.state, step.evidence = Step.State.DONE, [str(arrival.entry.pk)]
            step.note = UNREAD if arrival.verdict.raw else GENUINE
        elif planned.skip_reason:
            step.state, step.note = Step.State.SKIPPED, planned.skip_reason
        if step.state != Step.State.WAITING:
            step.ended_at, step.look_at = at, None
        steps.append(step)
    return steps


def _record(arrivals: Sequence[Arrival], now: datetime) -> list[Entry]:
    entries = chronicle.record_all(_telling(one, _fact(one), now) for one in arrivals)
    skipped = [
        _telling(arrival, StepSkipped(step=step.kind, reason=step.skip_reason), now)
        for arrival in arrivals
        for step in arrival.steps
        if step.skip_reason
    ]
    if skipped:
        chronicle.record_all(skipped)
    return entries


def _telling(arrival: Arrival, fact: Fact, now: datetime) -> chronicle.Telling:
    return chronicle.Telling(
        fact=fact,
        organisation_id=arrival.case.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=arrival.case.pk,
        caused_by=arrival.entry.pk,
    )


def _fact(arrival: Arrival) -> CaseOpened | SignalJoined:
    if arrival.opens:
        return CaseOpened(
            signal_id=arrival.signal.pk,
            policy=pinned(arrival.case.policy_id).number,
            trigger=arrival.decision.trigger or "",
            reasons=list(arrival.decision.reasons),
        )
    return SignalJoined(signal_id=arrival.signal.pk, intensity=arrival.nth)


def _tell(
    arrivals: Sequence[Arrival], entries: Sequence[Entry], known: Known, now: datetime
) -> None:
    """Rings for cases that nobody is rung for yet; tells the screens of the others."""
    joined = {case.pk: case.intensity for case in _joined_cases(arrivals)}
    rung_already = note_intensities(joined, now=now)
    ringing: dict[UUID, tuple[Arrival, Entry]] = {}
    for arrival, entry in zip(arrivals, entries, strict=True):
        if arrival.decision.ladder and arrival.case.pk not in rung_already:
            ringing.setdefault(arrival.case.pk, (arrival, entry))
    open_pages(
        [_summons(one, known, caused_by=entry.pk, now=now) for one, entry in ringing.values()],
        now=now,
    )
    quiet = [
        (arrival, entry)
        for arrival, entry in zip(arrivals, entries, strict=True)
        if not arrival.opens or arrival.case.pk not in ringing
    ]
    tell_all(_news(quiet), at=now)


def _summons(arrival: Arrival, known: Known, *, caused_by: UUID, now: datetime) -> Summons:
    case, signal = arrival.case, arrival.signal
    acquaintance = known[case.customer_id]
    since = now - policy_of(case.policy_id).failed_before_within
    earlier = acquaintance.failure(since=since, besides=case.pk)
    who = who_with(case.customer, acquaintance.visits)
    if earlier and case.customer:
        zone = ZoneInfo(case.site.timezone)
        who = failure_in_words(earlier, case.customer, zone=zone, now=now)
    with_us = case.leaves_at is not None and case.leaves_at > now
    return summons_for_customer(
        case,
        leaves_at=case.leaves_at if with_us else arrival.verdict.leaves_at,
        ladder=arrival.decision.ladder or "reach",
        who=who,
        hint=signal.touchpoint.hint if signal.touchpoint else "",
        what=what_was_said(signal, arrival.verdict),
        caused_by=caused_by,
    )


def what_was_said(signal: Signal, verdict: Verdict) -> str:
    """The topics and the words so far, for the page: `The food and waiting. “It came cold.”`

    What nobody told us is no quotation: `We noticed it ourselves: dinner came late.`
    """
    remarks = [one for one in signal.remarks.all() if one.topics or one.words]  # triage read them
    if remarks:
        last = max(remarks, key=lambda remark: (remark.said_at, remark.pk))
        return in_short(last.topics, last.words)
    if signal.kind in NOBODY_TOLD_US:
        return f"{NOBODY_TOLD_US[signal.kind]}: {signal.words}"
    codes = signal.topics or [verdict.topic]
    said = in_short([code for code in codes if code != topics.UNSAID], signal.words)
    is_late = signal.kind == Signal.Kind.PRESS and verdict.leaves_at is None
    return said or (LATE if is_late else "")


def _news(arrivals: Sequence[tuple[Arrival, Entry]]) -> list[CaseNews]:
    """A case is told of once, however many signals joined it."""
    news: dict[tuple[UUID, str], CaseNews] = {}
    for arrival, entry in arrivals:
        told = news.setdefault(
            (arrival.case.pk, entry.name), CaseNews(arrival.case, entry.name, [])
        )
        told.signals.append(arrival.signal.pk)
    return list(news.values())
