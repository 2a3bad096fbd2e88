"""What sense tells the story."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class PressReceived(Fact):
    """A customer pressed; written by `intake` in the same statement as the signal."""

    name: ClassVar[str] = "sense.press_received"
    touchpoint_id: UUID


class PressCancelled(Fact):
    """The customer took the press back."""

    name: ClassVar[str] = "sense.press_cancelled"


class RemarkAdded(Fact):
    """The customer said more after pressing."""

    name: ClassVar[str] = "sense.remark_added"
    remark_id: UUID


class RatingGiven(Fact):
    """An invitation was answered, or its answer edited."""

    name: ClassVar[str] = "sense.rating_given"
    invitation_id: UUID
    score: int
    edited: bool


class ComplaintReceived(Fact):
    """Someone told us in words, through a member of staff or by writing to us."""

    name: ClassVar[str] = "sense.complaint_received"


class VisitBegan(Fact):
    """A customer we know is with us again."""

    name: ClassVar[str] = "sense.visit_began"
    customer_id: UUID
    site_id: UUID
