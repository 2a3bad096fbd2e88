"""What the case's policy says about amends: what to offer, how much, and from where on to ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.numbers import get_currency_precision

from makegood.amends.access import amends_about
from makegood.amends.models import Amends
from makegood.amends.offering import Wish
from makegood.ground.money import Money
from makegood.people.models import Role, Staff
from makegood.recover.belonging import matters_of
from makegood.recover.models import Case
from makegood.recover.policy.deciding import limits_of, remedies_of
from makegood.recover.policy.situation import Situation
from makegood.recover.policy.tables import RemedyRow
from makegood.recover.steps.standing import standing_situation
from makegood.recover.versions.publishing import policy_of


@dataclass(frozen=True)
class Proposal:
    """What a colleague may offer on a case. `suggests`: between €10 and €30; empty: nothing said.

    `limit` is what they may give on it without asking, `left` what is still left of that; None: the
    purse alone decides.
    """

    suggests: str
    because: str
    wish: Wish
    limit: Money | None
    left: Money | None


def proposal_for(
    case: Case, staff: Staff, now: datetime, *, given: Sequence[Amends] | None = None
) -> Proposal:
    """What the policy of `case` lets `staff` offer, as the case stands.

    `given`: what the case got so far, if the caller knows it.
    """
    situation = standing_situation(case, now)
    policy = policy_of(case.policy_id)
    currency = case.organisation.currency
    row = remedies_of(policy, situation)
    limit = _limit(case, staff, situation)
    counted = given_on(case) if given is None else given
    return Proposal(
        suggests=_suggests(row, currency) if row else "",
        because=row.because if row else "",
        wish=Wish(row.first, _money(row.high, currency)) if row else Wish(),
        limit=limit,
        left=None if limit is None else _left(limit, staff, counted),
    )


def left_to_give(case: Case, staff: Staff, now: datetime) -> Money | None:
    """How much `staff` may still give on `case` without asking; None: the purse alone decides."""
    limit = _limit(case, staff, standing_situation(case, now))
    return None if limit is None else _left(limit, staff, given_on(case))


def left_to_grant(case: Case, senior: Staff, now: datetime) -> Money | None:
    """How much `senior` may still say yes to on `case`; None: anything, as for the owner."""
    return None if senior.role == Role.OWNER else left_to_give(case, senior, now)


def given_on(case: Case) -> Sequence[Amends]:
    """What the case, and all that was joined with it, was given."""
    return amends_about(*matters_of(case.pk))


def _limit(case: Case, staff: Staff, situation: Situation) -> Money | None:
    row = limits_of(policy_of(case.policy_id), situation)
    most = row.for_role(staff.role) if row else None
    return None if most is None else _money(most, case.organisation.currency)


def _left(limit: Money, staff: Staff, given: Iterable[Amends]) -> Money:
    counting = [one.worth for one in given if not _was_for_the_next_above(one, staff)]
    return _or_nothing(limit - sum(counting, start=Money(0, limit.currency)))


def _was_for_the_next_above(given: Amends, staff: Staff) -> bool:
    """Whether somebody said yes to it who decides where the limit of `staff` ends."""
    if given.request is None:
        return False
    decided_by = given.request.decided_by
    return staff.role != Role.MANAGER or bool(decided_by and decided_by.role == Role.OWNER)


def _or_nothing(left: Money) -> Money:
    return max(left, Money(0, left.currency), key=lambda money: money.minor)


def _suggests(row: RemedyRow, currency: str) -> str:
    low, high = _money(row.low, currency), _money(row.high, currency)
    if not row.high:
        return "nothing"
    return high.in_words() if low == high else f"{low.in_words()} to {high.in_words()}"


def _money(major: int, currency: str) -> Money:
    return Money(major * 10 ** int(get_currency_precision(currency)), currency)
