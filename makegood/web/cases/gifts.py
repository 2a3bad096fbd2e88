"""What can be given for a case, what was given, and what waits for a senior's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.amends import access, offering, purses
from makegood.amends.granting import GRACE
from makegood.amends.models import Amends, AmendsRequest, Remedy
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.people.models import Staff
from makegood.recover.belonging import matters_of
from makegood.recover.models import Case
from makegood.recover.steps.proposing import Proposal, proposal_for
from makegood.web.pager import gift_form
from makegood.web.pager.giving import senior_for


@dataclass(frozen=True)
class Offer:
    """One remedy and the key of its tap; what is missing in the purse, or over what one may give.

    `over_limit`: how much more than the colleague may give on this case without asking.
    """

    remedy: Remedy
    missing: Money | None
    over_limit: Money | None
    key: str

    @property
    def asks(self) -> bool:
        """Whether a senior is asked for it."""
        return self.missing is not None or self.over_limit is not None


@dataclass(frozen=True)
class Given:
    """Something given; `gone_at` is when it can no longer be taken back, None for who may not."""

    amends: Amends
    gone_at: datetime | None


@dataclass(frozen=True)
class Gifts:
    """The block of amends."""

    left: Money
    proposal: Proposal
    has_purse: bool
    first: Offer | None
    others: Sequence[Offer]
    given: Sequence[Given]
    waiting: Sequence[AmendsRequest]
    declined: Sequence[AmendsRequest]
    senior: Staff | None
    symbol: str
    key: str

    @property
    def total(self) -> Money:
        """What all that was given costs the house."""
        return sum((one.amends.worth for one in self.given), start=Money(0, self.left.currency))


def gifts_for(case: Case, staff: Staff, now: datetime) -> Gifts:
    """What `staff` can do about amends for `case` at `now`."""
    left = purses.left_today(staff=staff, now=now)
    matters = matters_of(case.pk)
    given = access.amends_about(*matters)
    proposal = proposal_for(case, staff, now, given=given)
    fitting = offering.offers(
        case.topic, case.severity, access.remedies_at(case.site), wish=proposal.wish
    )
    taken = {amends.remedy_id for amends in given}
    offers = [_offer(remedy, left, proposal.left) for remedy in fitting if remedy.pk not in taken]
    requests = access.requests_about(*matters)
    return Gifts(
        left=left,
        proposal=proposal,
        has_purse=access.purse_of(staff) is not None,
        first=offers[0] if offers else None,
        others=offers[1:],
        given=[Given(amends, _gone_at(amends, staff, now)) for amends in given],
        waiting=[request for request in requests if not request.decision],
        declined=[request for request in requests if request.decision == "declined"],
        senior=senior_for(staff),
        symbol=gift_form.symbol(left.currency),
        key=new_id().hex,
    )


def _offer(remedy: Remedy, left: Money, limit: Money | None) -> Offer:
    missing = remedy.price - left if left < remedy.price else None
    over = limit is not None and remedy.price.minor and limit < remedy.price
    return Offer(remedy, missing, remedy.price - limit if over and limit else None, new_id().hex)


def _gone_at(amends: Amends, staff: Staff, now: datetime) -> datetime | None:
    mine = amends.given_by_id == staff.pk or staff.is_senior
    gone_at = amends.given_at + GRACE - timedelta(seconds=1)
    return gone_at if mine and now < gone_at else None
