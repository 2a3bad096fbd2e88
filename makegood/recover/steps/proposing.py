"""What the case's policy says about amends: what to offer, how much, and from where on to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.numbers import get_currency_precision

from makegood.amends.granting import given_unasked
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
    return Proposal(
        suggests=_suggests(row, currency) if row else "",
        because=row.because if row else "",
        wish=Wish(row.first, _money(row.high, currency)) if row else Wish(),
        limit=limit,
        left=_left(limit, case, given) if limit is not None else None,
    )


def limit_for(case: Case, staff: Staff, now: datetime) -> Money | None:
    """How much `staff` may give on `case` in all without asking; None: the purse alone decides.

    What was given on cases that were joined with it is taken off.
    """
    limit = _limit(case, staff, standing_situation(case, now))
    joined = matters_of(case.pk)[1:]
    if limit is None or not joined:
        return limit
    return _or_nothing(limit - given_unasked(*joined, currency=limit.currency))


def limit_of_yes(case: Case, senior: Staff, now: datetime) -> Money | None:
    """How much `senior` may say yes to on `case`; None: anything, as for the owner."""
    if senior.role == Role.OWNER:
        return None
    return _limit(case, senior, standing_situation(case, now))


def _limit(case: Case, staff: Staff, situation: Situation) -> Money | None:
    row = limits_of(policy_of(case.policy_id), situation)
    most = row.for_role(staff.role) if row else None
    return None if most is None else _money(most, case.organisation.currency)


def _left(limit: Money, case: Case, given: Sequence[Amends] | None) -> Money:
    unasked = [one.worth for one in given or () if one.request_id is None]
    spent = (
        given_unasked(*matters_of(case.pk), currency=limit.currency)
        if given is None
        else sum(unasked, start=Money(0, limit.currency))
    )
    return _or_nothing(limit - spent)


def _or_nothing(left: Money) -> Money:
    return max(left, Money(0, left.currency), key=lambda money: money.minor)


def _suggests(row: RemedyRow, currency: str) -> str:
    low, high = _money(row.low, currency), _money(row.high, currency)
    if not row.high:
        return "nothing"
    return high.in_words() if low == high else f"{low.in_words()} to {high.in_words()}"


def _money(major: int, currency: str) -> Money:
    return Money(major * 10 ** int(get_currency_precision(currency)), currency)
