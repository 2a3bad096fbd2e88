"""What triage tells the story."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class SignalTriaged(Fact):
    """A signal has its verdict; `about` is the signal."""

    name: ClassVar[str] = "triage.signal_triaged"
    verdict_id: UUID
    raw: bool = False
