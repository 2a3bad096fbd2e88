"""What people's room tells the story."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class DutyBegan(Fact):
    """Someone felt their pager and is now on duty."""

    name: ClassVar[str] = "people.duty_began"
    site_id: UUID
    staff_id: UUID
    overridden: bool = False


class DutyEnded(Fact):
    """Someone went off duty, handing over to `handed_to_id` if given."""

    name: ClassVar[str] = "people.duty_ended"
    site_id: UUID
    staff_id: UUID
    handed_to_id: UUID | None = None


class CustomerRecognised(Fact):
    """A signal's contact point told us who the customer is."""

    name: ClassVar[str] = "people.customer_recognised"
    customer_id: UUID
    known_before: bool
