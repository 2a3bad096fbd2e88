"""What a replay found: plain values, kept as JSON with the exact text they are about. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class MoneyRange:
    """An amount in minor units, and from where to where it may honestly be."""

    likely: int
    low: int
    high: int


@dataclass(frozen=True)
class ShareRange:
    """How many `of` so many, from and to."""

    low: int
    high: int
    of: int


@dataclass(frozen=True)
class StepLoad:
    """How often a step has to be done, by whom."""

    kind: str
    title: str
    who: str
    count: int


@dataclass(frozen=True)
class RoleLoad:
    """The steps of one kind of person: by how many `people`, named if they are few.

    Per person and week on average, in the busiest week, and about how many minutes in all.
    """

    who: str
    people: int
    names: tuple[str, ...]
    steps: int
    per_person_week: float
    busiest_week: int
    minutes: int


@dataclass(frozen=True)
class Figures:
    """What one policy makes of the days."""

    opened: int
    joined: int
    left_alone: int
    pages: int
    pages_by_hour: tuple[int, ...]
    pages_by_ladder: dict[str, int]
    seniors_rung: int
    amends: MoneyRange
    asked_senior: int
    in_time: ShareRange
    steps: tuple[StepLoad, ...]
    load: tuple[RoleLoad, ...]


@dataclass(frozen=True)
class Difference:
    """One kind of difference, and for how many signals or cases."""

    what: str
    count: int


@dataclass(frozen=True)
class Example:
    """A signal that the draft would treat otherwise: its real case, in what it differs, and why."""

    signal_id: UUID
    case_id: UUID | None
    reference: str
    place: str
    happened_at: datetime
    differences: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A whole replay. `real_cases` were really opened in these days."""

    since: datetime
    until: datetime
    days: int
    currency: str
    running_number: int
    signals: int
    real_cases: int
    running: Figures
    draft: Figures
    differing: int
    differences: tuple[Difference, ...]
    examples: tuple[Example, ...]
    findings: tuple[str, ...]
    assumptions: tuple[str, ...]
