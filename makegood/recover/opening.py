"""Opens cases for verdicts, or joins open ones. The hot path: a batch costs a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.ground import chronicle, rows
from makegood.ground.chronicle import together
from makegood.ground.models import Entry
from makegood.page.ringing import Summons, open_pages
from makegood.page.updating import note_intensities
from makegood.recover.acquaintance import Acquaintance, acquainted
from makegood.recover.facts import CaseOpened, SignalJoined
from makegood.recover.joining import JOINING, OpenCases, hold_open_cases, join
from makegood.recover.models import Case, CaseSignal, Step
from makegood.recover.publishing import in_force, pinned, policy_of, publish_default
from makegood.recover.summoning import (
    failure_in_words,
    in_short,
    summons_for_customer,
    who_with,
)
from makegood.recover.telling import CaseNews, tell_all
from makegood.sense import topics
from makegood.sense.models import Signal
from makegood.triage.facts import SignalTriaged
from makegood.triage.models import Verdict

GENUINE = "Genuine, and ours"
UNREAD = "Taken as it came"


@dataclass(frozen=True)
class Arrival:
    """A signal that needs repair in its case, which it opened or joined as the `nth`."""

    entry: Entry
    verdict: Verdict
    case: Case
    nth: int
    opens: bool

    @property
    def signal(self) -> Signal:
        """What the customer told us."""
        return self.verdict.signal

    @property
    def rings(self) -> bool:
        """Somebody is rung for a customer who is still here, and for anything grave."""
        here = self.signal.kind == Signal.Kind.PRESS or self.verdict.leaves_at is not None
        return here or self.verdict.severity >= policy_of(self.case.policy_id).page_from_severity


@together
def open_or_join(told: Sequence[tuple[Entry, SignalTriaged]]) -> None:
    """Reaction: signals that need repair get their cases.

    Presses that come close together at one place, and another rating or complaint of a customer
    with an open case, join it, also within one batch. Nothing happens when nothing went wrong.
    """
    triaged = [(entry, _verdict_of(entry)) for entry, _ in told]
    broken = [
        (entry, verdict)
        for entry, verdict in triaged
        if verdict.needs_repair and not verdict.signal.cancelled_at
    ]
    if not broken:
        return
    now = told[0][0].at
    versions = _versions([verdict for _, verdict in broken], now)
    policies = {house: policy_of(version) for house, version in versions.items()}
    cases = hold_open_cases([verdict.signal for _, verdict in broken], policies)
    arrivals = [_arrive(entry, verdict, versions, cases) for entry, verdict in broken]
    _write(arrivals)
    _tell(arrivals, _record(arrivals, now), now)


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


def _arrive(
    entry: Entry, verdict: Verdict, versions: Mapping[UUID, UUID], cases: OpenCases
) -> Arrival:
    """Decides in memory which case a signal belongs to, and how that case is with it."""
    version_id = versions[entry.organisation_id]
    case = cases.for_signal(verdict.signal, policy_of(version_id))
    if case:
        join(case, verdict.signal, severity=verdict.severity, leaves_at=verdict.leaves_at)
        return Arrival(entry, verdict, case, case.intensity, opens=False)
    case = Case(policy_id=version_id, **_what_is_known(verdict, entry))
    cases.add(case)
    return Arrival(entry, verdict, case, case.intensity, opens=True)


def _what_is_known(verdict: Verdict, entry: Entry) -> dict[str, object]:
    signal = verdict.signal
    return {
        "organisation_id": entry.organisation_id,
        "site": signal.site,
        "touchpoint": signal.touchpoint,
        "customer": signal.customer,
        "place": signal.place,
        "topic": verdict.topic,
        "severity": verdict.severity,
        "reaction": verdict.reaction,
        "happened_at": signal.happened_at,
        "last_signal_at": signal.happened_at,
        "opened_at": entry.at,
        "leaves_at": verdict.leaves_at,
        "caused_by": entry.pk,
    }


def _write(arrivals: Sequence[Arrival]) -> None:
    opening = [arrival for arrival in arrivals if arrival.opens]
    rows.insert_all(arrival.case for arrival in opening)
    rows.save_all(_joined_cases(arrivals), JOINING)
    rows.insert_all(
        CaseSignal(
            organisation_id=arrival.case.organisation_id,
            case=arrival.case,
            signal=arrival.signal,
            joined_at=arrival.entry.at,
        )
        for arrival in arrivals
    )
    rows.insert_all(step for arrival in opening for step in _twelve_steps(arrival))


def _joined_cases(arrivals: Sequence[Arrival]) -> list[Case]:
    """The cases that were there before."""
    opened = {arrival.case.pk for arrival in arrivals if arrival.opens}
    cases = {arrival.case.pk: arrival.case for arrival in arrivals}
    return [case for pk, case in cases.items() if pk not in opened]


def _twelve_steps(arrival: Arrival) -> list[Step]:
    """All twelve, the first done: the verdict is its evidence."""
    case, entry = arrival.case, arrival.entry
    policy = policy_of(case.policy_id)
    zone = ZoneInfo(case.site.timezone)
    steps = []
    for kind, plan in policy.steps.items():
        due_at = policy.due_at_opening(kind, entry.at, zone)
        step = Step(
            organisation_id=case.organisation_id,
            case=case,
            kind=kind,
            position=plan.position,
            due_at=due_at,
            look_at=policy.look_at(kind, due_at, entry.at) if due_at else None,
            awaits=plan.awaits,
        )
        if kind == "validate":
            step.state, step.ended_at, step.look_at = Step.State.DONE, entry.at, None
            step.evidence = [str(entry.pk)]
            step.note = UNREAD if arrival.verdict.raw else GENUINE
        steps.append(step)
    return steps


def _record(arrivals: Sequence[Arrival], now: datetime) -> list[Entry]:
    return chronicle.record_all(
        chronicle.Telling(
            fact=_fact(arrival),
            organisation_id=arrival.case.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=arrival.case.pk,
            caused_by=arrival.entry.pk,
        )
        for arrival in arrivals
    )


def _fact(arrival: Arrival) -> CaseOpened | SignalJoined:
    if arrival.opens:
        number = pinned(arrival.case.policy_id).number
        return CaseOpened(signal_id=arrival.signal.pk, policy=number)
    return SignalJoined(signal_id=arrival.signal.pk, intensity=arrival.nth)


def _tell(arrivals: Sequence[Arrival], entries: Sequence[Entry], now: datetime) -> None:
    """Rings for cases that nobody is rung for yet; tells the screens of the others."""
    joined = {case.pk: case.intensity for case in _joined_cases(arrivals)}
    rung_already = note_intensities(joined, now=now)
    ringing: dict[UUID, tuple[Arrival, Entry]] = {}
    for arrival, entry in zip(arrivals, entries, strict=True):
        if arrival.rings and arrival.case.pk not in rung_already:
            ringing.setdefault(arrival.case.pk, (arrival, entry))
    open_pages(_summonses(list(ringing.values()), now), now=now)
    quiet = [
        (arrival, entry)
        for arrival, entry in zip(arrivals, entries, strict=True)
        if not arrival.opens or arrival.case.pk not in ringing
    ]
    tell_all(_news(quiet), at=now)


def _summonses(ringing: Sequence[tuple[Arrival, Entry]], now: datetime) -> list[Summons]:
    known = acquainted(arrival.case.customer_id for arrival, _ in ringing)
    return [
        _summons(arrival, known[arrival.case.customer_id], caused_by=entry.pk, now=now)
        for arrival, entry in ringing
    ]


def _summons(arrival: Arrival, known: Acquaintance, *, caused_by: UUID, now: datetime) -> Summons:
    case, signal = arrival.case, arrival.signal
    since = now - policy_of(case.policy_id).failed_before_within
    earlier = known.failure(since=since, besides=case.pk)
    who = who_with(case.customer, known.visits)
    if earlier and case.customer:
        zone = ZoneInfo(case.site.timezone)
        who = failure_in_words(earlier, case.customer, zone=zone, now=now)
    return summons_for_customer(
        case,
        senior=earlier is not None,
        who=who,
        hint=signal.touchpoint.hint if signal.touchpoint else "",
        what=what_was_said(signal, arrival.verdict),
        caused_by=caused_by,
    )


def what_was_said(signal: Signal, verdict: Verdict) -> str:
    """The topics and the words so far, for the page: `The food and waiting. “It came cold.”`"""
    remarks = signal.remarks.all()  # triage has read them
    if remarks:
        last = max(remarks, key=lambda remark: (remark.said_at, remark.pk))
        return in_short(last.topics, last.words)
    codes = signal.topics or [verdict.topic]
    return in_short([code for code in codes if code != topics.UNSAID], signal.words)


def _news(arrivals: Sequence[tuple[Arrival, Entry]]) -> list[CaseNews]:
    """A case is told of once, however many signals joined it."""
    news: dict[tuple[UUID, str], CaseNews] = {}
    for arrival, entry in arrivals:
        told = news.setdefault(
            (arrival.case.pk, entry.name), CaseNews(arrival.case, entry.name, [])
        )
        told.signals.append(arrival.signal.pk)
    return list(news.values())
