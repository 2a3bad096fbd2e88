"""What sense tells the story."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class TouchpointPlaced(Fact, frozen=True):
    """A place can be heard from; `about` is the touchpoint."""

    name: ClassVar[str] = "sense.touchpoint_placed"
    place: str


class TouchpointRetired(Fact, frozen=True):
    """A place is not asked any more; its link is dead."""

    name: ClassVar[str] = "sense.touchpoint_retired"


class LinkRenewed(Fact, frozen=True):
    """A touchpoint has a new secret link; every card printed before is void."""

    name: ClassVar[str] = "sense.link_renewed"
    link_version: int


class ButtonAdded(Fact, frozen=True):
    """A place has hardware to press; `about` is the button."""

    name: ClassVar[str] = "sense.button_added"
    touchpoint_id: UUID
    kind: str


class ButtonRetired(Fact, frozen=True):
    """A button is out of use; what it knows to prove itself is void."""

    name: ClassVar[str] = "sense.button_retired"


class ButtonRenewed(Fact, frozen=True):
    """A button needs its new secret; the one it has is void."""

    name: ClassVar[str] = "sense.button_renewed"
    link_version: int


class ButtonFaltered(Fact, frozen=True):
    """A button is not heard any more, or its battery is nearly empty: told before it is needed."""

    name: ClassVar[str] = "sense.button_faltered"
    ailment: str


class ButtonRestored(Fact, frozen=True):
    """A button that had faltered is well again."""

    name: ClassVar[str] = "sense.button_restored"


class LampAdded(Fact, frozen=True):
    """A site has a light that shows that somebody is asked for; `about` is the lamp."""

    name: ClassVar[str] = "sense.lamp_added"
    site_id: UUID


class LampRetired(Fact, frozen=True):
    """A lamp is out of use; what it knows to prove itself is void."""

    name: ClassVar[str] = "sense.lamp_retired"


class LampRenewed(Fact, frozen=True):
    """A lamp needs its new secret; the one it has is void."""

    name: ClassVar[str] = "sense.lamp_renewed"
    link_version: int


class LampFaltered(Fact, frozen=True):
    """A lamp is not heard any more: told before somebody relies on its being dark."""

    name: ClassVar[str] = "sense.lamp_faltered"
    ailment: str


class LampRestored(Fact, frozen=True):
    """A lamp that had faltered is well again."""

    name: ClassVar[str] = "sense.lamp_restored"


class PressReceived(Fact, frozen=True):
    """A customer pressed; written by `intake` in the same statement as the signal."""

    name: ClassVar[str] = "sense.press_received"
    touchpoint_id: UUID


class PressCancelled(Fact, frozen=True):
    """The customer took the press back."""

    name: ClassVar[str] = "sense.press_cancelled"


class RemarkAdded(Fact, frozen=True):
    """The customer said more after pressing."""

    name: ClassVar[str] = "sense.remark_added"
    remark_id: UUID


class ContactLeft(Fact, frozen=True):
    """The customer said where to reach them: now we know whose signal it is, not of `before`."""

    name: ClassVar[str] = "sense.contact_left"
    customer_id: UUID
    before: UUID | None = None


class CustomerInvited(Fact, frozen=True):
    """We asked a customer how it was; `about` is the invitation."""

    name: ClassVar[str] = "sense.customer_invited"
    customer_id: UUID


class RatingGiven(Fact, frozen=True):
    """An invitation was answered, or its answer edited; `about` is the invitation."""

    name: ClassVar[str] = "sense.rating_given"
    invitation_id: UUID
    score: int
    edited: bool


class ComplaintReceived(Fact, frozen=True):
    """Someone told us in words, through a member of staff or by writing to us."""

    name: ClassVar[str] = "sense.complaint_received"


class ReviewNoted(Fact, frozen=True):
    """A customer wrote about us in public; `about` is the signal."""

    name: ClassVar[str] = "sense.review_noted"
    source: str
    stars: int


class IncidentReported(Fact, frozen=True):
    """We noticed by ourselves that something went wrong; `about` is the incident.

    Said again when it turns out to have touched more customers; `signals` is how many this time.
    """

    name: ClassVar[str] = "sense.incident_reported"
    signals: int


class IncidentTakenBack(Fact, frozen=True):
    """Whoever reported an incident took it back within a minute; `about` is the incident."""

    name: ClassVar[str] = "sense.incident_taken_back"


class FailureNoticed(Fact, frozen=True):
    """A fact of our own says that a customer was failed; `about` is the signal it became.

    `fact` is that fact's name: a promise is long overdue, or the policy follows it.
    """

    name: ClassVar[str] = "sense.failure_noticed"
    fact: str
    matter: UUID


class SilenceNoticed(Fact, frozen=True):
    """A regular customer stays away; `about` is the signal."""

    name: ClassVar[str] = "sense.silence_noticed"
    customer_id: UUID
    visit_id: UUID


class VisitBegan(Fact, frozen=True):
    """A customer we know is with us again."""

    name: ClassVar[str] = "sense.visit_began"
    customer_id: UUID
    site_id: UUID


QUIET = (  # nobody reacts to these
    TouchpointPlaced, TouchpointRetired, LinkRenewed, PressReceived, ButtonAdded, ButtonRenewed,
    LampAdded, LampRenewed, ComplaintReceived, CustomerInvited, ReviewNoted, IncidentReported,
    SilenceNoticed, FailureNoticed,
)  # fmt: skip
