"""What recover tells the story; `about` is the case (a policy's own id for PolicyPublished)."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from makegood.ground.chronicle import Fact


class PolicyPublished(Fact, frozen=True, kw_only=True):
    """A new version of the repair policy is in force for cases to come; `restores`: whose text."""

    name: ClassVar[str] = "recover.policy_published"
    number: int
    reason: str = ""
    restores: int | None = None


class CaseOpened(Fact, frozen=True, kw_only=True):
    """A repair began; its first step, validate, is done with it.

    `trigger`: what began it, in the policy's words; `reasons`: why it is taken so seriously.
    """

    name: ClassVar[str] = "recover.case_opened"
    signal_id: UUID
    policy: int
    trigger: str = ""
    reasons: list[str] = []


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
    """Another colleague now answers for the case, told so with a word."""

    name: ClassVar[str] = "recover.case_handed_over"
    staff_id: UUID
    word: str = ""


class CaseClosed(Fact, frozen=True, kw_only=True):
    """The repair ended: confirmed, lost or withdrawn."""

    name: ClassVar[str] = "recover.case_closed"
    outcome: str


class CaseReopened(Fact, frozen=True, kw_only=True):
    """It was not over."""

    name: ClassVar[str] = "recover.case_reopened"
    reason: str


class Snoozed(Fact, frozen=True, kw_only=True):
    """A colleague put a step off, or the whole case (no step): nobody is reminded until then."""

    name: ClassVar[str] = "recover.snoozed"
    step: str
    until: datetime
    reason: str


class SnoozeEnded(Fact, frozen=True, kw_only=True):
    """What was put off is brought to mind again, by itself or by hand."""

    name: ClassVar[str] = "recover.snooze_ended"
    step: str


class WaitBegan(Fact, frozen=True, kw_only=True):
    """We wait for the customer: the clock of our promises stands still."""

    name: ClassVar[str] = "recover.wait_began"
    until: datetime
    reason: str


class WaitEnded(Fact, frozen=True, kw_only=True):
    """The customer said something, a colleague went on, or it was long enough."""

    name: ClassVar[str] = "recover.wait_ended"
    days: int


class ContactPutOff(Fact, frozen=True, kw_only=True):
    """The house does not write yet: it has written often enough, or it is night."""

    name: ClassVar[str] = "recover.contact_put_off"
    step: str
    until: datetime
    reason: str


class StepArmed(Fact, frozen=True, kw_only=True):
    """What a step waited for has happened: from now on it has its day."""

    name: ClassVar[str] = "recover.step_armed"
    step: str
    due_at: datetime


class StepRearmed(Fact, frozen=True, kw_only=True):
    """What showed a step does not stand: it waits again."""

    name: ClassVar[str] = "recover.step_rearmed"
    step: str
    reason: str


class CallLogged(Fact, frozen=True, kw_only=True):
    """A colleague called the customer; `outcome` says whether they were reached."""

    name: ClassVar[str] = "recover.call_logged"
    step: str
    outcome: str
    words: str


class CorrectionConfirmed(Fact, frozen=True, kw_only=True):
    """Somebody looked whether the correction is done; `checked` is what was counted or seen."""

    name: ClassVar[str] = "recover.correction_confirmed"
    step: str
    checked: str


class CasesMerged(Fact, frozen=True, kw_only=True):
    """Another case turned out to be part of this one."""

    name: ClassVar[str] = "recover.cases_merged"
    absorbed_id: UUID
    reason: str


class MergerUndone(Fact, frozen=True, kw_only=True):
    """Two cases that were joined are two again."""

    name: ClassVar[str] = "recover.merger_undone"
    absorbed_id: UUID


class CaseSplit(Fact, frozen=True, kw_only=True):
    """Some of its signals became a case of their own."""

    name: ClassVar[str] = "recover.case_split"
    new_case_id: UUID
    signal_ids: list[UUID]
    reason: str


class SplitUndone(Fact, frozen=True, kw_only=True):
    """What was split off belongs to this case again."""

    name: ClassVar[str] = "recover.split_undone"
    new_case_id: UUID


class VersionMoved(Fact, frozen=True, kw_only=True):
    """A senior decided that another version of the policy holds for this case."""

    name: ClassVar[str] = "recover.version_moved"
    from_number: int
    to_number: int
    reason: str


class DraftBegun(Fact, frozen=True, kw_only=True):
    """Somebody began to change the policy; nothing holds yet. `about` is the draft, as below."""

    name: ClassVar[str] = "recover.draft_begun"
    based_on: int


class DraftEdited(Fact, frozen=True, kw_only=True):
    """The text of a draft changed, or the version it is compared with (`based_on`)."""

    name: ClassVar[str] = "recover.draft_edited"
    revision: int
    based_on: int


class ChangeExplained(Fact, frozen=True, kw_only=True):
    """Somebody said why a change is made; `place` is where it is in the document."""

    name: ClassVar[str] = "recover.change_explained"
    place: str
    words: str


class DraftDiscarded(Fact, frozen=True, kw_only=True):
    """A draft was laid aside; it can be brought back."""

    name: ClassVar[str] = "recover.draft_discarded"


class DraftRestored(Fact, frozen=True, kw_only=True):
    """A discarded draft is worked on again."""

    name: ClassVar[str] = "recover.draft_restored"


class PublishingAsked(Fact, frozen=True, kw_only=True):
    """A manager asks the owner to put a draft in force, as it is at `revision`."""

    name: ClassVar[str] = "recover.publishing_asked"
    revision: int


class ReplayAsked(Fact, frozen=True, kw_only=True):
    """A draft is to be tried on the signals of the last days; `about` is the replay."""

    name: ClassVar[str] = "recover.replay_asked"
    draft_id: UUID
    days: int


class ReplayStopped(Fact, frozen=True, kw_only=True):
    """Nobody wants to know any more; `about` is the replay."""

    name: ClassVar[str] = "recover.replay_stopped"


DRAFTING: Final = (
    DraftBegun, DraftEdited, ChangeExplained, DraftDiscarded, DraftRestored, PublishingAsked,
    ReplayAsked, ReplayStopped,
)  # fmt: skip


RUNNING = (  # what colleagues do with a running case; nobody reacts to it
    CaseHandedOver, CustomerCalled,
    Snoozed, SnoozeEnded, WaitBegan, WaitEnded, ContactPutOff, StepArmed, StepRearmed, CallLogged,
    CorrectionConfirmed, CasesMerged, MergerUndone, CaseSplit, SplitUndone, VersionMoved,
)  # fmt: skip
