"""What recover tells the story; `about` is the case (a policy's own id for PolicyPublished)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class PolicyPublished(Fact, frozen=True, kw_only=True):
    """A new version of the repair policy is in force for cases to come."""

    name: ClassVar[str] = "recover.policy_published"
    number: int


class CaseOpened(Fact, frozen=True, kw_only=True):
    """A repair began; its first step, validate, is done with it."""

    name: ClassVar[str] = "recover.case_opened"
    signal_id: UUID
    policy: int


class SignalJoined(Fact, frozen=True, kw_only=True):
    """Another signal of the same place joined the open case."""

    name: ClassVar[str] = "recover.signal_joined"
    signal_id: UUID
    intensity: int


class EvidenceGiven(Fact, frozen=True, kw_only=True):
    """A person said, in words, what they did for a step."""

    name: ClassVar[str] = "recover.evidence_given"
    step: str
    words: str


class StepDone(Fact, frozen=True, kw_only=True):
    """A step is done, with the facts that show it."""

    name: ClassVar[str] = "recover.step_done"
    step: str
    evidence: list[UUID]
    late: bool


class StepSkipped(Fact, frozen=True, kw_only=True):
    """A step was left out, for a reason."""

    name: ClassVar[str] = "recover.step_skipped"
    step: str
    reason: str


class StepFellDue(Fact, frozen=True, kw_only=True):
    """A promise is due soon: someone was reminded, or the house did it by itself."""

    name: ClassVar[str] = "recover.step_fell_due"
    step: str
    reminder: int


class StepOverdue(Fact, frozen=True, kw_only=True):
    """A promise passed its time; someone was paged."""

    name: ClassVar[str] = "recover.step_overdue"
    step: str
    reminder: int


class CallbackAsked(Fact, frozen=True, kw_only=True):
    """The customer asked to be called."""

    name: ClassVar[str] = "recover.callback_asked"
    wanted_at: datetime


class CallbackDue(Fact, frozen=True, kw_only=True):
    """It is the time the customer chose: someone was paged to call."""

    name: ClassVar[str] = "recover.callback_due"


class CustomerCalled(Fact, frozen=True, kw_only=True):
    """A colleague called the customer, and says how it went."""

    name: ClassVar[str] = "recover.customer_called"
    words: str


class CustomerConfirmed(Fact, frozen=True, kw_only=True):
    """The customer says that we kept our word."""

    name: ClassVar[str] = "recover.customer_confirmed"


class CustomerNotContent(Fact, frozen=True, kw_only=True):
    """The customer says that it is not right."""

    name: ClassVar[str] = "recover.customer_not_content"
    words: str


class HandlingRated(Fact, frozen=True, kw_only=True):
    """The customer says how we handled it, 1 (very bad) to 5 (wonderful); the last one counts."""

    name: ClassVar[str] = "recover.handling_rated"
    score: int


class SecondFailureSeen(Fact, frozen=True, kw_only=True):
    """We learned, while the case ran, that we had failed this customer before."""

    name: ClassVar[str] = "recover.second_failure_seen"
    words: str


class CaseHandedOver(Fact, frozen=True, kw_only=True):
    """Another colleague now answers for the case."""

    name: ClassVar[str] = "recover.case_handed_over"
    staff_id: UUID


class CaseClosed(Fact, frozen=True, kw_only=True):
    """The repair ended: confirmed, lost or withdrawn."""

    name: ClassVar[str] = "recover.case_closed"
    outcome: str


class CaseReopened(Fact, frozen=True, kw_only=True):
    """It was not over."""

    name: ClassVar[str] = "recover.case_reopened"
    reason: str
