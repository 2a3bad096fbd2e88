"""Which remedies to offer first. Pure: values in, an order out.

Research (docs: what research says): match the amends to the kind of failure; where it cannot match,
store credit does best; loyalty rises with the amount up to about 150 % of the price, then falls.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from makegood.ground.money import Money

CAP_PERCENT = 150
MILD = 2
SEVERE = 4
COUPON = "coupon"


class Offered(Protocol):
    """What this module needs to know of a remedy."""

    @property
    def price(self) -> Money: ...
    @property
    def kind(self) -> str: ...
    @property
    def topics(self) -> Sequence[str]: ...
    @property
    def position(self) -> int: ...


R = TypeVar("R", bound=Offered)


def offers(
    topic: str, severity: int, remedies: Iterable[R], *, price: Money | None = None
) -> list[R]:
    """The remedies in the order to offer them; `price` is what the customer paid, if known.

    First those that repair this kind of failure, then those that always fit, then coupons, then
    the rest. Among equals what costs nothing (it repairs the thing itself) leads; a severe failure
    then shows the generous first, a mild one the small. Above 150 % of the price none is offered.
    """
    within = [remedy for remedy in remedies if price is None or within_cap(remedy.price, price)]
    return sorted(within, key=lambda remedy: (_fit(remedy, topic), *_size(remedy, severity)))


def within_cap(amount: Money, price: Money) -> bool:
    """Whether `amount` is at most 150 % of the price: beyond, more loses loyalty."""
    return amount.currency == price.currency and amount.minor * 100 <= price.minor * CAP_PERCENT


def _fit(remedy: Offered, topic: str) -> int:
    if topic in remedy.topics:
        return 0
    if not remedy.topics:
        return 1
    return 2 if remedy.kind == COUPON else 3


def _size(remedy: Offered, severity: int) -> tuple[int, ...]:
    costs, position = remedy.price.minor, remedy.position
    if severity >= SEVERE:
        return (0 if costs == 0 else 1, -costs, position)
    if severity <= MILD:
        return (0, costs, position)
    return (0, position, costs)
