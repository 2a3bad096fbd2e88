"""Money adds up in minor units and never mixes currencies."""

import pytest
from hypothesis import given, strategies as st

from makegood.ground.money import CurrencyMismatch, Money

cents = st.integers(-(10**9), 10**9)


@given(cents, cents)
def test_adding_and_taking_away_are_inverse(a: int, b: int) -> None:
    assert Money(a, "EUR") + Money(b, "EUR") - Money(b, "EUR") == Money(a, "EUR")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Money(1900, "EUR"), "€19"),
        (Money(1850, "EUR"), "€18.50"),
        (Money(0, "EUR"), "€0"),
        (Money(500, "JPY"), "JP¥500"),
        (Money(123456700, "EUR"), "€1,234,567"),
    ],
)
def test_amounts_read_as_people_write_them(amount: Money, words: str) -> None:
    assert amount.in_words() == words
