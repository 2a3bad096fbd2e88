"""What triage tells the story."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class SignalTriaged(Fact, frozen=True):
    """A signal has its verdict; `about` is the signal."""

    name: ClassVar[str] = "triage.signal_triaged"
    verdict_id: UUID
    raw: bool = False


class VerdictRevised(Fact, frozen=True):
    """The customer said more and the verdict says so; `about` is the signal."""

    name: ClassVar[str] = "triage.verdict_revised"
    verdict_id: UUID
    severity_before: int
    topic_before: str
    reaction_before: str = ""
