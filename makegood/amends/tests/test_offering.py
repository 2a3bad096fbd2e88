"""Which remedies are shown first."""

from dataclasses import dataclass

from hypothesis import given, strategies as st

from makegood.amends.offering import Wish, offers, within_cap
from makegood.ground.money import Money


@dataclass(frozen=True)
class Thing:
    name: str
    minor: int
    topics: tuple[str, ...] = ()
    kind: str = "gesture"
    position: int = 0

    @property
    def price(self) -> Money:
        return Money(self.minor, "EUR")


FRESH = Thing("fresh main", 0, ("food",), position=1)
DESSERT = Thing("dessert", 1900, ("food", "waiting"), position=2)
MAINS = Thing("both mains", 5800, ("food",), position=3)
QUIET_ROOM = Thing("a quiet room", 9000, ("noise",))
FLOWERS = Thing("flowers", 2500)
COUPON = Thing("dinner coupon", 6000, ("rooms",), kind="coupon")
ALL = [QUIET_ROOM, COUPON, FLOWERS, MAINS, DESSERT, FRESH]


def test_what_fits_the_failure_comes_first_then_what_always_fits_then_credit() -> None:
    assert offers("food", 3, ALL) == [FRESH, DESSERT, MAINS, FLOWERS, COUPON, QUIET_ROOM]


def test_a_severe_failure_shows_the_generous_after_repairing_the_thing_itself() -> None:
    assert offers("food", 5, ALL)[:3] == [FRESH, MAINS, DESSERT]


def test_a_mild_failure_shows_the_small_first() -> None:
    assert offers("food", 1, [MAINS, DESSERT, FRESH]) == [FRESH, DESSERT, MAINS]


def test_where_nothing_fits_store_credit_comes_before_another_failures_gesture() -> None:
    assert offers("billing", 3, [QUIET_ROOM, COUPON]) == [COUPON, QUIET_ROOM]


def test_nothing_above_150_percent_of_the_price_is_offered() -> None:
    assert offers("food", 5, ALL, price=Money(2000, "EUR")) == [FRESH, DESSERT, FLOWERS]
    assert within_cap(Money(3000, "EUR"), Money(2000, "EUR"))
    assert not within_cap(Money(3001, "EUR"), Money(2000, "EUR"))
    assert not within_cap(Money(1, "USD"), Money(2000, "EUR"))


@given(st.lists(st.sampled_from(ALL)), st.integers(1, 5), st.sampled_from(["food", "noise", "x"]))
def test_nothing_is_lost_or_invented(remedies: list[Thing], severity: int, topic: str) -> None:
    assert sorted(map(repr, offers(topic, severity, remedies))) == sorted(map(repr, remedies))


def test_what_the_house_wishes_comes_first_and_what_is_dearer_comes_last() -> None:
    wish = Wish(first=("free", "coupon"), up_to=Money(6000, "EUR"))
    assert offers("food", 3, ALL, wish=wish) == [
        FRESH, COUPON, DESSERT, MAINS, FLOWERS, QUIET_ROOM,
    ]  # fmt: skip


def test_where_the_house_offers_nothing_what_costs_nothing_leads() -> None:
    assert offers("food", 5, ALL, wish=Wish(up_to=Money(0, "EUR")))[0] == FRESH


@given(
    st.lists(st.sampled_from(ALL)),
    st.lists(st.sampled_from(["matching", "free", "gesture", "coupon"]), unique=True),
    st.integers(0, 10_000),
)
def test_a_wish_orders_and_loses_nothing(
    remedies: list[Thing], first: list[str], up_to: int
) -> None:
    offered = offers("food", 3, remedies, wish=Wish(first, Money(up_to, "EUR")))
    assert sorted(map(repr, offered)) == sorted(map(repr, remedies))
    above = [thing.minor > up_to for thing in offered]
    assert above == sorted(above)
