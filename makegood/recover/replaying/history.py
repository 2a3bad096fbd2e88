"""Reads history as values, batch by batch and in the order in which the house heard it.

Everything is as it was known when a signal was judged: verdicts before they were revised, customers
before they gave their name. It reads only, and holds no more than a batch and the customers in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import QuerySet

from makegood.people import opening
from makegood.people.models import Customer, Organisation, Site
from makegood.recover.beginning.situations import Heard, Place
from makegood.recover.models import Case
from makegood.recover.policy.situation import VerdictGiven
from makegood.recover.policy.timing import Calendar
from makegood.recover.replaying.moments import Earlier, Person, RealCase, Told
from makegood.recover.replaying.reading import fetch, stream
from makegood.recover.replaying.realities import real_cases
from makegood.sense.facts import ContactLeft
from makegood.sense.models import Echo, Signal, Touchpoint, Visit
from makegood.triage.facts import VerdictRevised
from makegood.triage.models import Verdict

BATCH: Final = 2_000
STILL_JOINED: Final = timedelta(days=7)  # how old a case may be that a press at its place joins
LEARNED: Final = """
select about, name, at, data::text from ground_fact where about = any(%s) and name = any(%s)
order by at, id
"""
REMARKS: Final = """
select signal_id, said_at, words, topics::text from sense_remark where signal_id = any(%s)
order by said_at, id
"""
AS_THEY_WERE: Final = """
select cs.case_id, min(s.happened_at), max(s.happened_at),
       greatest(1, count(*) filter (where s.key not like 'rating-%%' or s.key like '%%-1')),
       max(v.severity),
       min(coalesce(told.at, cs.joined_at)) filter (where s.customer_id is not null)
from recover_casesignal cs
join sense_signal s on s.id = cs.signal_id
join triage_verdict v on v.signal_id = s.id
left join lateral (
    select min(f.at) as at from ground_fact f
    where f.about = s.id and f.name = 'sense.contact_left'
) as told on true
where cs.case_id = any(%s) and cs.joined_at < %s
group by cs.case_id
"""
COLUMNS: Final = (
    "signal_id", "decided_at", "topic", "severity", "reaction", "needs_repair", "raw", "leaves_at",
    "signal__kind", "signal__touchpoint_id", "signal__touchpoint__kind", "signal__customer_id",
    "signal__place", "signal__site_id", "signal__score", "signal__words", "signal__topics",
    "signal__happened_at", "signal__cancelled_at", "signal__case_signal__case_id", "signal__key",
)  # fmt: skip


class Row(NamedTuple):
    """One line of the statement: COLUMNS, in their order."""

    signal_id: UUID
    decided_at: datetime
    topic: str
    severity: int
    reaction: str
    needs_repair: bool
    raw: bool
    leaves_at: datetime | None
    kind: str
    touchpoint_id: UUID | None
    touchpoint_kind: str | None
    customer_id: UUID | None
    place: str
    site_id: UUID
    score: int | None
    words: str
    topics: list[str]
    happened_at: datetime
    cancelled_at: datetime | None
    case_id: UUID | None
    key: str


@dataclass(frozen=True)
class _Learned:
    """What was learned about signals after they came, by signal."""

    revised: dict[UUID, list[tuple[datetime, dict[str, Any]]]]
    named: dict[UUID, list[tuple[datetime, UUID, UUID | None]]]
    remarks: dict[UUID, list[tuple[datetime, str, list[str]]]]
    echoes: dict[UUID, str]


@dataclass
class History:
    """The signals of one organisation that were judged from `since` until `until`."""

    organisation: Organisation
    since: datetime
    until: datetime
    batch: int = BATCH
    people: dict[UUID, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = _places(self.organisation)

    def count(self) -> int:
        """How many signals there are."""
        return self._verdicts().count()

    def tell(self) -> Iterator[list[Told]]:
        """The signals in the order in which opening heard them, a batch at a time."""
        found = self._verdicts().order_by("decided_at", "pk").values_list(*COLUMNS)
        for lines in stream(found, self.batch):
            yield self._told([Row(*line) for line in lines])

    def earlier(self) -> list[Earlier]:
        """Cases of the last days before, which presses of the first minutes may join."""
        cases = Case.objects.filter(
            site__in=list(self.places), opened_at__lt=self.since,
            opened_at__gte=self.since - STILL_JOINED,
        )  # fmt: skip
        return _earlier(self.organisation, cases, self.since)

    def _verdicts(self) -> QuerySet[Verdict]:
        return Verdict.objects.filter(
            organisation=self.organisation, decided_at__gte=self.since, decided_at__lt=self.until
        )

    def _told(self, rows: Sequence[Row]) -> list[Told]:
        learned = _learned(rows)
        cases = real_cases(
            self.organisation, {row.case_id for row in rows if row.case_id is not None}
        )
        self._meet({row.customer_id for row in rows if row.customer_id is not None})
        for names in learned.named.values():
            self._meet({one for _, *both in names for one in both if one is not None})
        return [self._one(row, learned, cases) for row in rows]

    def _one(self, row: Row, learned: _Learned, cases: dict[UUID, RealCase]) -> Told:
        revisions = learned.revised.get(row.signal_id, [])
        verdicts = _verdicts_over_time(row, revisions)
        names = learned.named.get(row.signal_id, [])
        known = names[0][2] if names else row.customer_id
        for at, customer, _ in names:
            known = customer if at <= row.decided_at else known
        return Told(
            signal_id=row.signal_id,
            at=row.decided_at,
            heard=_heard(row, learned, row.decided_at, verdicts[0]),
            place=self.places[row.site_id],
            place_words=row.place,
            button=row.touchpoint_id if row.touchpoint_kind == Touchpoint.Kind.BUTTON else None,
            customer=self.people[known] if known else None,
            cancelled=row.cancelled_at is not None and row.cancelled_at <= row.decided_at,
            real=cases.get(row.case_id) if row.case_id else None,
            answers_anew=Signal(key=row.key).answers_anew,
            named=tuple(
                (at, self.people[who], self.people[before] if before else None)
                for at, who, before in names
                if at > row.decided_at
            ),
            revised=tuple(
                (at, _heard(row, learned, at, verdict))
                for (at, _), verdict in zip(revisions, verdicts[1:], strict=True)
            ),
        )

    def _meet(self, ids: set[UUID]) -> None:
        """Everything about customers who come up for the first time."""
        new = [one for one in ids if one not in self.people]
        if not new:
            return
        met = set(self.people)
        customers = Customer.objects.filter(pk__in=new).select_related("same_as")
        for customer in customers:
            kept = customer.same_as or customer
            person = self.people.get(kept.pk) or Person(kept.pk, declined_at=kept.no_messages_at)
            self.people[customer.pk] = self.people[kept.pk] = person
        fresh = {self.people[one].id for one in new} - met
        visits = Visit.objects.filter(customer__in=fresh).order_by("began_at")
        for customer_id, began_at in visits.values_list("customer_id", "began_at"):
            self.people[customer_id].visited_at.append(began_at)
        before = Case.objects.filter(customer__in=fresh, opened_at__lt=self.since)
        for case in _earlier(self.organisation, before, self.since):
            if case.customer:
                self.people[case.customer].before.append(case)


def _heard(row: Row, learned: _Learned, at: datetime, verdict: VerdictGiven) -> Heard:
    """The signal as it was known at `at`."""
    remarks = [one for one in learned.remarks.get(row.signal_id, ()) if one[0] <= at]
    topics = dict.fromkeys([*row.topics, *(topic for _, _, said in remarks for topic in said)])
    return Heard(
        kind=row.kind,
        happened_at=row.happened_at,
        verdict=verdict,
        score=row.score,
        topics=tuple(topics),
        words="\n".join([row.words, *(words for _, words, _ in remarks)]).strip(),
        leaves_at=row.leaves_at,
        fact=learned.echoes.get(row.signal_id, ""),
    )


def _verdicts_over_time(
    row: Row, revisions: Sequence[tuple[datetime, dict[str, Any]]]
) -> list[VerdictGiven]:
    """The verdict as it was first given, then after each revision."""
    given = [
        VerdictGiven(
            topic=before["topic_before"],
            severity=before["severity_before"],
            reaction=before.get("reaction_before") or row.reaction,
            needs_repair=row.needs_repair,
            raw=row.raw,
        )
        for _, before in revisions
    ]
    last = VerdictGiven(row.topic, row.severity, row.reaction, row.needs_repair, row.raw)
    return [*given, last]


def _places(organisation: Organisation) -> dict[UUID, Place]:
    sites = Site.objects.filter(organisation=organisation).in_bulk()
    kept = opening.hours_at(list(sites))
    return {
        key: Place(site.name, Calendar(ZoneInfo(site.timezone), *kept[key]))
        for key, site in sites.items()
    }


def _learned(rows: Sequence[Row]) -> _Learned:
    signals = [row.signal_id for row in rows]
    learned = _Learned(
        revised=defaultdict(list),
        named=defaultdict(list),
        remarks=_remarks(signals),
        echoes=_echoes([row.signal_id for row in rows if row.kind == Signal.Kind.INCIDENT]),
    )
    for about, name, at, told in fetch(LEARNED, signals, [VerdictRevised.name, ContactLeft.name]):
        data = msgspec.json.decode(told)
        if name == VerdictRevised.name:
            learned.revised[about].append((at, data))
        else:
            before = data.get("before")
            learned.named[about].append(
                (at, UUID(data["customer_id"]), UUID(before) if before else None)
            )
    return learned


def _remarks(signals: Sequence[UUID]) -> dict[UUID, list[tuple[datetime, str, list[str]]]]:
    said: dict[UUID, list[tuple[datetime, str, list[str]]]] = defaultdict(list)
    for signal, at, words, topics in fetch(REMARKS, signals):
        said[signal].append((at, words, msgspec.json.decode(topics)))
    return said


def _echoes(signals: Sequence[UUID]) -> dict[UUID, str]:
    if not signals:
        return {}
    return dict(Echo.objects.filter(signal__in=signals).values_list("signal_id", "fact"))


def _earlier(organisation: Organisation, cases: QuerySet[Case], since: datetime) -> list[Earlier]:
    """Cases that began before, as they were at `since`."""
    found = list(cases.order_by("opened_at", "pk"))
    ids = {case.pk for case in found}
    reals = real_cases(organisation, ids)
    then = {case_id: values for case_id, *values in fetch(AS_THEY_WERE, ids, since)}
    return [
        Earlier(
            reals[case.pk],
            case.touchpoint_id,
            case.customer_id,
            case.topic,
            case.reaction,
            *then.get(case.pk, (case.happened_at, case.last_signal_at, 1, case.severity, None)),
        )
        for case in found
    ]
