"""What amends tells the story; `about` is the amends or request, `matter` what it repairs."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class AmendsGiven(Fact, frozen=True, kw_only=True):
    """Something was given."""

    name: ClassVar[str] = "amends.given"
    matter: UUID
    what: str
    minor: int
    currency: str
    staff_id: UUID


class NothingGiven(Fact, frozen=True, kw_only=True):
    """Somebody decided, with a reason, that nothing is to be given."""

    name: ClassVar[str] = "amends.nothing_given"
    matter: UUID
    reason: str
    staff_id: UUID


class AmendsAsked(Fact, frozen=True, kw_only=True):
    """Somebody asks a senior for more than their purse holds."""

    name: ClassVar[str] = "amends.asked"
    matter: UUID
    request_id: UUID
    staff_id: UUID


class AmendsDecided(Fact, frozen=True, kw_only=True):
    """A senior answered."""

    name: ClassVar[str] = "amends.decided"
    matter: UUID
    request_id: UUID
    granted: bool
    staff_id: UUID


class AmendsLapsed(Fact, frozen=True, kw_only=True):
    """What was asked for needs no answer any more: the matter is over."""

    name: ClassVar[str] = "amends.lapsed"
    matter: UUID
    request_id: UUID


class AmendsTakenBack(Fact, frozen=True, kw_only=True):
    """A gift was undone within its moment of grace."""

    name: ClassVar[str] = "amends.taken_back"
    matter: UUID


class CouponRedeemed(Fact, frozen=True, kw_only=True):
    """A coupon was used."""

    name: ClassVar[str] = "amends.coupon_redeemed"
    matter: UUID
    code: str
