"""What the policy looks at, put together from what is known. Pure: production and replay share it.

Whoever reads rows makes the values here of them: production of the moment (`gathering`), the replay
of history. Nothing else makes a `Situation` of a signal.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from makegood.recover.policy.situation import (
    NEVER,
    CaseStanding,
    CustomerKnown,
    SignalSeen,
    SiteSeen,
    Situation,
    VerdictGiven,
    VisitSeen,
)
from makegood.recover.policy.timing import Calendar
from makegood.triage.vocabulary import plain

PRESS = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A signal and its verdict, as known when the policy is asked; topics and words with remarks.

    `leaves_at`: when the customer is expected to be gone; None: they are not with us. `fact`: the
    fact of the chronicle that it was made of, if the policy follows that.
    """

    kind: str
    happened_at: datetime
    verdict: VerdictGiven
    score: int | None = None
    topics: tuple[str, ...] = ()
    words: str = ""
    leaves_at: datetime | None = None
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A site: its name, its clocks and when it is open."""

    name: str
    calendar: Calendar


@dataclass(slots=True)
class Past:
    """What one customer went through with us so far; `failed_at`: when earlier cases opened."""

    visits: int = 0
    failed_at: list[datetime] = field(default_factory=list)
    messages_declined: bool = False

    def known(self, *, at: datetime, within: timedelta) -> CustomerKnown:
        """As the policy sees the customer at `at`: failures count `within` so long."""
        recent = [failed for failed in self.failed_at if failed >= at - within]
        return CustomerKnown(
            known=True,
            visits=self.visits,
            failures=len(recent),
            days_since_failure=(at - max(self.failed_at)).days if self.failed_at else NEVER,
            messages_declined=self.messages_declined,
        )


NOBODY_KNOWN = CustomerKnown()
NO_CASE = CaseStanding()


def standing(*, severity: int, intensity: int, opened_at: datetime, at: datetime) -> CaseStanding:
    """An open case that a signal joins, before it does."""
    return CaseStanding(
        open=True, intensity=intensity, severity=severity, days_open=(at - opened_at).days
    )


def situation_of(
    heard: Heard,
    *,
    place: Place,
    at: datetime,
    customer: CustomerKnown = NOBODY_KNOWN,
    case: CaseStanding = NO_CASE,
) -> Situation:
    """The situation in which the policy is asked about a signal at `at`."""
    local = heard.happened_at.astimezone(place.calendar.zone)
    return Situation(
        signal=SignalSeen(
            kind=heard.kind,
            score=heard.score or 0,
            topics=heard.topics,
            words=plain(heard.words) if heard.words else "",
            hour=local.hour,
            weekday=local.weekday(),
            fact=heard.fact,
        ),
        verdict=heard.verdict,
        customer=customer,
        visit=_visit(heard, at),
        case=case,
        site=SiteSeen(name=place.name, open=place.calendar.is_open(at)),
    )


def _visit(heard: Heard, at: datetime) -> VisitSeen:
    if heard.leaves_at is None:
        return VisitSeen(here=heard.kind == PRESS)
    left = int((heard.leaves_at - at) / timedelta(minutes=1))
    return VisitSeen(here=True, minutes_left=max(0, left))
