"""What recover tells the story; `about` is the case."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class CaseOpened(Fact):
    """A repair began."""

    name: ClassVar[str] = "recover.case_opened"
    signal_id: UUID
    policy: int


class SignalJoined(Fact):
    """Another signal of the same place joined the open case."""

    name: ClassVar[str] = "recover.signal_joined"
    signal_id: UUID
    intensity: int


class EvidenceGiven(Fact):
    """A person said, in words, what they did for a step."""

    name: ClassVar[str] = "recover.evidence_given"
    step: str
    words: str


class StepDone(Fact):
    """A step is done, with the facts that show it."""

    name: ClassVar[str] = "recover.step_done"
    step: str
    evidence: list[UUID]
    late: bool


class StepSkipped(Fact):
    """A step was left out, for a reason."""

    name: ClassVar[str] = "recover.step_skipped"
    step: str
    reason: str


class StepOverdue(Fact):
    """A promise passed its time; someone was paged."""

    name: ClassVar[str] = "recover.step_overdue"
    step: str
    reminder: int


class CallbackAsked(Fact):
    """The customer asked to be called."""

    name: ClassVar[str] = "recover.callback_asked"


class CaseHandedOver(Fact):
    """Another colleague now answers for the case."""

    name: ClassVar[str] = "recover.case_handed_over"
    staff_id: UUID


class CaseClosed(Fact):
    """The repair ended: confirmed or lost."""

    name: ClassVar[str] = "recover.case_closed"
    outcome: str


class CaseReopened(Fact):
    """It was not over."""

    name: ClassVar[str] = "recover.case_reopened"
    reason: str
