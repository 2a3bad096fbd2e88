"""All that the policy may look at when it decides: plain values, no rows. Pure.

What nobody knows has an honest neutral value (0, nothing, no), so that a condition never fails
because something is missing. Production gathers these values from rows, a replay from history.
"""

from dataclasses import dataclass, field

NEVER = -1
REGULAR_FROM = 5  # visits


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """The sign that something went wrong; `hour` and `weekday` (0: Monday) by the site's clocks.

    `words`: what they said, in small letters without accents. `fact`: the name of the fact, when
    it is a fact of the chronicle that begins it.
    """

    kind: str = ""
    score: int = 0
    topics: tuple[str, ...] = ()
    words: str = ""
    hour: int = 0
    weekday: int = 0
    fact: str = ""


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """What triage concluded."""

    topic: str = "unsaid"
    severity: int = 3
    reaction: str = "voice"
    needs_repair: bool = True
    raw: bool = False


@dataclass(frozen=True, slots=True)
class CustomerKnown:
    """What we know of the customer; `failures` are earlier cases within `second_failure.within`."""

    known: bool = False
    visits: int = 0
    failures: int = 0
    days_since_failure: int = NEVER
    messages_declined: bool = False

    @property
    def regular(self) -> bool:
        """Whether they come often."""
        return self.visits >= REGULAR_FROM


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """Whether the customer is with us now, and for how many minutes more."""

    here: bool = False
    minutes_left: int = 0


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """The case as it stands; for a signal that opens one: as it will, once opened."""

    open: bool = False
    intensity: int = 0
    severity: int = 0
    days_open: int = 0


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """The place it happened at."""

    name: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """One moment at which the policy is asked."""

    signal: SignalSeen = field(default_factory=SignalSeen)
    verdict: VerdictGiven = field(default_factory=VerdictGiven)
    customer: CustomerKnown = field(default_factory=CustomerKnown)
    visit: VisitSeen = field(default_factory=VisitSeen)
    case: CaseStanding = field(default_factory=CaseStanding)
    site: SiteSeen = field(default_factory=SiteSeen)
