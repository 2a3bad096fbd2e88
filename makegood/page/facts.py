"""What page tells the story; `about` is the page, `matter` what the page is about.

`purpose` says what was asked: only `reach` and `call` concern what a customer sees.
"""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class PageOpened(Fact, frozen=True):
    """A page began to climb its ladder."""

    name: ClassVar[str] = "page.opened"
    matter: UUID
    purpose: str = "reach"


class RungReached(Fact, frozen=True):
    """The people of one rung were rung."""

    name: ClassVar[str] = "page.rung_reached"
    matter: UUID
    rung: int
    round: int
    staff_ids: list[UUID]


class PageHeld(Fact, frozen=True):
    """Everybody had been rung as often as they may: the page waits in the list for its turn."""

    name: ClassVar[str] = "page.held"
    matter: UUID


class NobodyReached(Fact, frozen=True):
    """The ladder found nobody on duty: the customer is told, the next on duty inherits the page."""

    name: ClassVar[str] = "page.nobody_reached"
    matter: UUID
    purpose: str = "reach"


class PageTaken(Fact, frozen=True):
    """The first hand: someone is going."""

    name: ClassVar[str] = "page.taken"
    matter: UUID
    staff_id: UUID
    purpose: str = "reach"


class PageKnown(Fact, frozen=True):
    """Where every hand counts: somebody says that they know who goes."""

    name: ClassVar[str] = "page.known"
    matter: UUID
    staff_id: UUID
    purpose: str = "reach"


class PageDeclined(Fact, frozen=True):
    """Someone can't; the next rung was called at once."""

    name: ClassVar[str] = "page.declined"
    matter: UUID
    staff_id: UUID
    purpose: str = "reach"


class GoingExpired(Fact, frozen=True):
    """Someone said they were going and reached nobody: the page rings again.

    Their time ran out, they can't, they went off duty, or the customer says that nobody came.
    """

    name: ClassVar[str] = "page.going_expired"
    matter: UUID
    staff_id: UUID
    purpose: str = "reach"
    by_customer: bool = False


class PageHandedOver(Fact, frozen=True):
    """Someone gave the page to a colleague, who is rung at once."""

    name: ClassVar[str] = "page.handed_over"
    matter: UUID
    staff_id: UUID
    to_id: UUID
    purpose: str = "reach"


class CustomerReached(Fact, frozen=True):
    """Somebody stands in front of the customer; said by either of the two."""

    name: ClassVar[str] = "page.customer_reached"
    matter: UUID
    staff_id: UUID
    in_time: bool
    purpose: str = "reach"
    by_customer: bool = False


class CustomerLeft(Fact, frozen=True):
    """The customer had gone before anybody came."""

    name: ClassVar[str] = "page.customer_left"
    matter: UUID
    staff_id: UUID
    purpose: str = "reach"


class PageEnded(Fact, frozen=True):
    """The page is done; the case goes on."""

    name: ClassVar[str] = "page.ended"
    matter: UUID
    purpose: str = "reach"
    staff_id: UUID | None = None


class PageCancelled(Fact, frozen=True):
    """The customer took the press back."""

    name: ClassVar[str] = "page.cancelled"
    matter: UUID
    purpose: str = "reach"


class DeviceAdded(Fact, frozen=True):
    """Somebody can be reached by one device more; `about` is the device."""

    name: ClassVar[str] = "page.device_added"
    staff_id: UUID
    channel: str


class DeviceRetired(Fact, frozen=True):
    """A device was put away: by hand, or because its provider says that it is gone."""

    name: ClassVar[str] = "page.device_retired"
    staff_id: UUID
    channel: str
    because: str


class DeviceRenewed(Fact, frozen=True):
    """A device got another password; `about` is the device."""

    name: ClassVar[str] = "page.device_renewed"
    staff_id: UUID
    channel: str


class DeviceLost(Fact, frozen=True):
    """Nothing is heard of a device whose owner is on duty; `about` is the device."""

    name: ClassVar[str] = "page.device_lost"
    staff_id: UUID
    channel: str


class DeviceFound(Fact, frozen=True):
    """A device that was lost is heard again; `about` is the device."""

    name: ClassVar[str] = "page.device_found"
    staff_id: UUID
    channel: str


class FewWaysLeft(Fact, frozen=True):
    """A way died, and fewer than two reach somebody on duty; `about` is their duty."""

    name: ClassVar[str] = "page.few_ways_left"
    staff_id: UUID


class AskedAgain(Fact, frozen=True):
    """Where every hand counts: these had not said that they know who goes, and were rung anew."""

    name: ClassVar[str] = "page.asked_again"
    matter: UUID
    staff_ids: list[UUID]


class SelfTestFelt(Fact, frozen=True):
    """Somebody felt their pager at the start of a shift; `about` is the self-test."""

    name: ClassVar[str] = "page.self_test_felt"
    staff_id: UUID
    channel: str


class OneWayAllowed(Fact, frozen=True):
    """A senior let somebody be on duty whom only one way reaches; `about` is that person."""

    name: ClassVar[str] = "page.one_way_allowed"
    staff_id: UUID


class StandstillFound(Fact, frozen=True):
    """The audit found something that ought to have moved; `about` is the audit of that site."""

    name: ClassVar[str] = "page.standstill_found"
    site_id: UUID
    words: str


class StandstillEnded(Fact, frozen=True):
    """All moves again where the audit had found a standstill."""

    name: ClassVar[str] = "page.standstill_ended"
    site_id: UUID


QUIET = (  # nobody reacts to these
    RungReached, PageHeld, PageKnown, AskedAgain, SelfTestFelt, DeviceAdded, DeviceRenewed,
    DeviceRetired, DeviceLost, DeviceFound, FewWaysLeft, OneWayAllowed, StandstillFound,
    StandstillEnded,
)  # fmt: skip
