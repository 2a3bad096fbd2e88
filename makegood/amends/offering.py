"""Which remedies to offer first. Pure: values in, an order out.

Research (docs: what research says): match the amends to the kind of failure; where it cannot match,
store credit does best; loyalty rises with the amount up to about 150 % of the price, then falls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from makegood.ground.money import Money

CAP_PERCENT = 150
MILD = 2
SEVERE = 4
COUPON = "coupon"
GESTURE = "gesture"


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


@dataclass(frozen=True)
class Wish:
    """What the house wants to see first: kinds of remedies in order, and none above an amount.

    `first` holds `matching` (repairs this kind of failure), `free`, `gesture` and `coupon`.
    """

    first: Sequence[str] = ()
    up_to: Money | None = None


def offers(
    topic: str,
    severity: int,
    remedies: Iterable[R],
    *,
    price: Money | None = None,
    wish: Wish | None = None,
) -> list[R]:
    """The remedies in the order to offer them; `price` is what the customer paid, if known.

    What the house wishes comes first; what costs more than it wishes comes last. Among equals come
    those that repair this kind of failure, then those that always fit, then coupons, then the rest;
    then what costs nothing (it repairs the thing itself) leads; a severe failure then shows the
    generous first, a mild one the small. Above 150 % of the price none is offered.
    """
    wished = wish or Wish()
    within = [remedy for remedy in remedies if price is None or within_cap(remedy.price, price)]
    return sorted(
        within,
        key=lambda remedy: (
            *_as_wished(remedy, topic, wished),
            _fit(remedy, topic),
            *_size(remedy, severity),
        ),
    )


def within_cap(amount: Money, price: Money) -> bool:
    """Whether `amount` is at most 150 % of the price: beyond, more loses loyalty."""
    return amount.currency == price.currency and amount.minor * 100 <= price.minor * CAP_PERCENT


def _as_wished(remedy: Offered, topic: str, wish: Wish) -> tuple[bool, int]:
    above = wish.up_to is not None and wish.up_to < remedy.price
    is_so = {
        "matching": topic in remedy.topics,
        "free": remedy.price.minor == 0,
        "gesture": remedy.kind == GESTURE,
        "coupon": remedy.kind == COUPON,
    }
    ranks = [place for place, kind in enumerate(wish.first) if is_so[kind]]
    return above, min(ranks, default=len(wish.first))


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
