"""What people's room tells the story."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class OrganisationFounded(Fact, frozen=True):
    """A house opened its doors; `about` is the organisation. `trade`: what it lives on, if said."""

    name: ClassVar[str] = "people.organisation_founded"
    owner_id: UUID
    trade: str = ""


class SiteAdded(Fact, frozen=True):
    """The house has another place."""

    name: ClassVar[str] = "people.site_added"


class StaffJoined(Fact, frozen=True):
    """Someone works here now; `about` is the member of staff."""

    name: ClassVar[str] = "people.staff_joined"
    site_id: UUID
    role: str


class StaffPlaced(Fact, frozen=True):
    """Somebody has another team, or other skills; `about` is the member of staff."""

    name: ClassVar[str] = "people.staff_placed"
    team: str
    skills: list[str]


class OpeningHoursSet(Fact, frozen=True):
    """A site said when somebody is there; `about` is the site."""

    name: ClassVar[str] = "people.opening_hours_set"
    periods: int


class HolidaysSet(Fact, frozen=True):
    """A site said on which dates it is closed, or open at other hours; `about` is the site."""

    name: ClassVar[str] = "people.holidays_set"
    dates: list[date]
    spans: int


class HolidayDropped(Fact, frozen=True):
    """A date is like every week again; `about` is the site."""

    name: ClassVar[str] = "people.holiday_dropped"
    on: date


class ShiftPlanned(Fact, frozen=True):
    """The rota has a new line; `about` is the shift."""

    name: ClassVar[str] = "people.shift_planned"
    staff_id: UUID


class ShiftDropped(Fact, frozen=True):
    """A line of the rota was taken out; `about` is the shift that was."""

    name: ClassVar[str] = "people.shift_dropped"
    staff_id: UUID


class ShiftSwapped(Fact, frozen=True):
    """Somebody else has a shift now; `about` is the shift."""

    name: ClassVar[str] = "people.shift_swapped"
    staff_id: UUID
    instead_of_id: UUID


class RotationBegan(Fact, frozen=True):
    """Colleagues take turns on a post; `about` is the rotation."""

    name: ClassVar[str] = "people.rotation_began"
    staff_ids: list[UUID]


class RotationEnded(Fact, frozen=True):
    """Nobody takes turns on that post any more; `about` is the rotation."""

    name: ClassVar[str] = "people.rotation_ended"


class RotationResumed(Fact, frozen=True):
    """The end of turns was taken back; `about` is the rotation."""

    name: ClassVar[str] = "people.rotation_resumed"


class RotationDropped(Fact, frozen=True):
    """Turns were taken out of the rota; `about` is the rotation."""

    name: ClassVar[str] = "people.rotation_dropped"


class RotaPublished(Fact, frozen=True):
    """A draft of the rota counts now; `about` is the draft."""

    name: ClassVar[str] = "people.rota_published"
    changes: int


class RotaTakenBack(Fact, frozen=True):
    """What a draft changed in the rota is as it was; `about` is the draft."""

    name: ClassVar[str] = "people.rota_taken_back"


class TurnOverridden(Fact, frozen=True):
    """For a while somebody else has the post, or nobody; `about` is the rotation."""

    name: ClassVar[str] = "people.turn_overridden"
    override_id: UUID
    staff_id: UUID | None


class OverrideDropped(Fact, frozen=True):
    """The turns count again where an override stood; `about` is the rotation."""

    name: ClassVar[str] = "people.override_dropped"
    override_id: UUID


class AbsenceNoted(Fact, frozen=True):
    """Somebody will be away; `about` is the absence."""

    name: ClassVar[str] = "people.absence_noted"
    staff_id: UUID
    substitute_id: UUID | None


class AbsenceDropped(Fact, frozen=True):
    """Somebody is there after all; `about` is the absence that was."""

    name: ClassVar[str] = "people.absence_dropped"
    staff_id: UUID


class DutyBegan(Fact, frozen=True):
    """Someone felt their pager and is now on duty, or a senior said why they are without it."""

    name: ClassVar[str] = "people.duty_began"
    site_id: UUID
    staff_id: UUID
    overridden: bool = False
    reason: str = ""


class DutyEnded(Fact, frozen=True):
    """Someone went off duty, handing over to `handed_to_id` if given."""

    name: ClassVar[str] = "people.duty_ended"
    site_id: UUID
    staff_id: UUID
    handed_to_id: UUID | None = None


class CustomerRecognised(Fact, frozen=True):
    """A signal's contact point told us who the customer is."""

    name: ClassVar[str] = "people.customer_recognised"
    customer_id: UUID
    known_before: bool


class CustomersJoined(Fact, frozen=True):
    """Two customers turned out to be one; `about` and `kept_id` are the one we keep.

    Nothing is deleted: `joined_id` stays and points to the one kept; its contact points moved.
    """

    name: ClassVar[str] = "people.customers_joined"
    kept_id: UUID
    joined_id: UUID
    moved_contact_ids: list[UUID]


class MessagesDeclined(Fact, frozen=True):
    """A customer asked not to be written to; `about` is the customer."""

    name: ClassVar[str] = "people.messages_declined"


class QuestionsDeclined(Fact, frozen=True):
    """A customer asked not to be asked how it was; letters may come. `about` is the customer."""

    name: ClassVar[str] = "people.questions_declined"


class MessagesWelcomed(Fact, frozen=True):
    """A customer lets us write and ask again; `about` is the customer."""

    name: ClassVar[str] = "people.messages_welcomed"


QUIET: frozenset[type[Fact]] = frozenset(
    {
        StaffPlaced,
        OpeningHoursSet,
        HolidaysSet,
        HolidayDropped,
        ShiftPlanned,
        ShiftDropped,
        ShiftSwapped,
        RotationBegan,
        RotationEnded,
        RotationResumed,
        RotationDropped,
        RotaPublished,
        RotaTakenBack,
        TurnOverridden,
        OverrideDropped,
        AbsenceNoted,
        AbsenceDropped,
        CustomerRecognised,
        QuestionsDeclined,
        MessagesWelcomed,
    }
)
"""Facts nobody reacts to: what is planned wakes nobody, duty does."""
