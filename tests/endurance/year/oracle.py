"""What must have happened to a case, from its document, its events and the moments of rest.

An event is a fact of the chronicle. The oracle knows when a step is due, when the house looks at it
and what it does then; it complains of what came early, twice, later than a rest, or not at all.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.endurance.year.reading import Document, postponed

FELL_DUE, OVERDUE = "recover.step_fell_due", "recover.step_overdue"
DONE, SKIPPED = "recover.step_done", "recover.step_skipped"
CLOSED, REOPENED = "recover.case_closed", "recover.case_reopened"
NOT_CONTENT = "recover.customer_not_content"
NOT_NOW = "recover.contact_put_off"
PUNCTUAL = timedelta(minutes=1)
BRIEF = timedelta(hours=1)  # what is opened again by then was closed by mistake


@dataclass(frozen=True)
class Event:
    """A fact about a case."""

    id: UUID
    name: str
    at: datetime
    data: dict[str, Any]
    caused_by: UUID | None

    @property
    def step(self) -> str:
        """The step it is about, if it is about one."""
        return str(self.data.get("step", ""))


@dataclass(frozen=True)
class Row:
    """A step as the database has it."""

    id: UUID
    kind: str
    state: int
    due_at: datetime | None
    look_at: datetime | None
    asked_at: datetime | None
    reminders: int
    ended_at: datetime | None
    evidence: list[str]


@dataclass(frozen=True)
class File:
    """Everything known about one case."""

    number: int
    opened_at: datetime
    zone: ZoneInfo
    text: str
    document: Document
    steps: dict[str, Row]
    events: Sequence[Event]
    has_address: bool
    put_off: frozenset[UUID] = frozenset()  # steps of which a tick said that it puts them off


@dataclass
class Rests:
    """The moments at which nothing due was left undone."""

    moments: list[datetime]

    def between(self, since: datetime, until: datetime | None) -> bool:
        """Whether there was one from `since` on, before `until`."""
        place = bisect_left(self.moments, since)
        rested = self.moments[place : place + 1]
        return bool(rested) and (until is None or rested[0] < until)


@dataclass
class Watch:
    """One step on its way through the events: what is expected of it next."""

    kind: str
    automatic: bool
    due: datetime | None = None
    look: datetime | None = None
    waits_since: datetime | None = None  # a promise may have fallen due while its case was closed
    asked_at: datetime | None = None
    reminders: int = 0
    ended: Event | None = None
    excused: bool = False
    complaints: list[str] = field(default_factory=list)


def complaints(file: File, rests: Rests) -> Iterator[str]:
    """All that is wrong with a case, in words; nothing when all is well."""
    if sorted(file.steps) != sorted(file.document.steps):
        yield f"case {file.number} has the steps {sorted(file.steps)}"
        return
    for watch in Oracle(file, rests).watch():
        for complaint in watch.complaints:
            yield f"case {file.number}, {watch.kind}: {complaint}"


class Oracle:
    """Follows one case through its events."""

    def __init__(self, file: File, rests: Rests) -> None:
        self._file, self._rests, self._document = file, rests, file.document
        self._watches = {
            kind: Watch(kind, promise.automatic, excused=file.steps[kind].id in file.put_off)
            for kind, promise in file.document.steps.items()
            if kind != "validate"
        }
        self._closed: Event | None = None
        self._latest = file.opened_at

    def watch(self) -> list[Watch]:
        """All steps but the first, with what there is to complain of."""
        for kind, promise in self._document.steps.items():
            if not promise.after and kind != "validate":
                self._arm(self._watches[kind], self._file.opened_at)
        for event in self._file.events:
            self._follow(event)
        for watch in self._watches.values():
            self._compare(watch, self._file.steps[watch.kind])
        return list(self._watches.values())

    def _follow(self, event: Event) -> None:
        watch = self._watches.get(event.step)
        if watch and event.name in (FELL_DUE, OVERDUE):
            self._look(watch, event)
        elif watch and event.name == NOT_NOW and not self._is_of_before(event):
            self._wait_until_awake(watch, event)
        elif watch and event.name in (DONE, SKIPPED):
            self._end(watch, event)
        elif event.name == CLOSED:
            self._closed = event
        elif event.name == REOPENED:
            self._reopen(event)
        elif event.name == NOT_CONTENT:
            self._hear_not_content(event)
        self._latest = max(self._latest, event.at)

    def _is_of_before(self, event: Event) -> bool:
        """Whether it was said by a tick that did not know yet that the clock had been moved on.

        The other one has ended a pause of yesterday by then, and this one, where it is night still,
        begins it anew, until a morning that is past.
        """
        over = datetime.fromisoformat(event.data["until"]) <= self._latest
        return over and event.at < self._latest - BRIEF

    def _arm(self, watch: Watch, now: datetime) -> None:
        promise = self._document.steps[watch.kind]
        watch.due = promise.due(now, self._file.zone)
        watch.waits_since = now
        watch.look = self._first_look(watch, watch.due, now)

    def _first_look(self, watch: Watch, due: datetime, now: datetime) -> datetime:
        return due if watch.automatic else max(now, due - self._document.before)

    def _look(self, watch: Watch, event: Event) -> None:
        """The house looked at a step: it asked the customer, or reminded somebody."""
        if watch.ended or watch.look is None or watch.due is None:
            watch.complaints.append(f"{event.name} at {event.at}, when nothing waited")
            return
        self._check_time(watch, event)
        asks = watch.automatic and watch.asked_at is None
        if asks and self._file.has_address and not self._document.awake(event.at, self._file.zone):
            watch.complaints.append(f"asked at {event.at}, when nobody is awake")
        overdue = watch.due <= event.at
        expected = FELL_DUE if asks or not overdue else OVERDUE, watch.reminders + 1
        if (event.name, event.data["reminder"]) != expected:
            watch.complaints.append(f"expected {expected} at {event.at}, not {event.data}")
        again, wait = self._document.again_every, self._document.wait_for_customer
        if asks:
            watch.asked_at = event.at
            watch.look = event.at + (wait if watch.kind == "prove" else again)
        else:
            watch.reminders += 1
            watch.look = event.at + again if overdue else watch.due

    def _wait_until_awake(self, watch: Watch, event: Event) -> None:
        """The house would have asked, but it is night where the customer is."""
        if watch.ended or watch.asked_at or not watch.automatic or not self._file.has_address:
            watch.complaints.append(f"put off at {event.at}, when nobody was to be asked")
            return
        self._check_time(watch, event)
        watch.look = self._document.next_awake(event.at, self._file.zone)
        if datetime.fromisoformat(event.data["until"]) != watch.look or watch.look <= event.at:
            watch.complaints.append(f"put off at {event.at} until {event.data['until']}")

    def _check_time(self, watch: Watch, event: Event) -> None:
        assert watch.look
        if event.at < watch.look:
            watch.complaints.append(f"{event.name} at {event.at}, before {watch.look}")
        if self._forgotten(watch, event.at):
            watch.complaints.append(f"{event.name} at {event.at}, not looked at since {watch.look}")

    def _forgotten(self, watch: Watch, until: datetime | None) -> bool:
        """Whether the house rested although this step should have been looked at."""
        if watch.look is None or watch.waits_since is None or watch.excused:
            return False
        return self._rests.between(max(watch.look, watch.waits_since), until)

    def _end(self, watch: Watch, event: Event) -> None:
        if watch.ended:
            watch.complaints.append(f"ended again at {event.at}")
        elif self._forgotten(watch, event.at):
            watch.complaints.append(f"ended at {event.at}, never looked at since {watch.look}")
        kept = watch.asked_at or event.at
        late = watch.due is not None and kept - watch.due >= PUNCTUAL
        if event.name == DONE and event.data["late"] != late:
            watch.complaints.append(f"done at {event.at}, due {watch.due}: not said to be late")
        if watch.kind == "ask" and watch.asked_at == event.at and event.name == SKIPPED:
            watch.asked_at = None
            if self._file.has_address:
                watch.complaints.append("nobody was asked, although there is an address")
        watch.ended, watch.look = event, None
        if self._closed is None or event.caused_by != self._closed.id:
            self._arm_followers(watch, event.at)

    def _arm_followers(self, ended: Watch, now: datetime) -> None:
        for kind, promise in self._document.steps.items():
            follower = self._watches.get(kind)
            if promise.after == ended.kind and follower and not follower.due and not follower.ended:
                self._arm(follower, now)

    def _reopen(self, event: Event) -> None:
        """What the closing left out waits again, later by the days the case stood still."""
        assert self._closed
        for watch in self._watches.values():
            by_closing = watch.ended is not None and watch.ended.caused_by == self._closed.id
            if watch.ended and (by_closing or (watch.kind == "prove" and watch.ended.name == DONE)):
                asked, watch.ended, watch.asked_at = watch.asked_at, None, None
                watch.reminders = 0
                if watch.due:
                    stood_still = event.at - self._closed.at
                    if stood_still >= BRIEF:
                        watch.due = postponed(watch.due, stood_still, self._file.zone)
                    watch.waits_since = event.at
                    watch.look = self._first_look(watch, watch.due, event.at)
                    if watch.kind == "prove" and (asked or watch.due <= event.at):
                        self._ask_anew_later(watch, event.at)
        self._closed = None

    def _hear_not_content(self, event: Event) -> None:
        prove = self._watches["prove"]
        if prove.asked_at and not prove.ended:
            self._ask_anew_later(prove, event.at)

    def _ask_anew_later(self, prove: Watch, now: datetime) -> None:
        """Not before there was time to mend it: as long as an answer would be waited for."""
        prove.asked_at = None
        if prove.due:
            earliest = now + self._document.wait_for_customer
            if prove.due < earliest:
                prove.due = postponed(prove.due, earliest - prove.due, self._file.zone)
            prove.look = self._first_look(prove, prove.due, now)

    def _compare(self, watch: Watch, row: Row) -> None:
        """What the row says at the end of the year."""
        if not watch.ended and self._forgotten(watch, None):
            watch.complaints.append(f"lost: should have been looked at by {watch.look}")
        ended_at = watch.ended.at if watch.ended else None
        state = {DONE: 1, SKIPPED: 2}[watch.ended.name] if watch.ended else 0
        expected = (state, watch.due, watch.look, watch.reminders, ended_at)
        found = (row.state, row.due_at, row.look_at, row.reminders, row.ended_at)
        if found != expected and not watch.excused:
            watch.complaints.append(f"expected {expected}, found {found}")
        if row.state == 1 and not row.evidence:
            watch.complaints.append("done without evidence")
