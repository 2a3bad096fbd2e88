"""Money: whole minor units and an ISO 4217 currency, never a float."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum."""


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents) of one currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")
        return other

    def in_words(self, locale: str = "en_IE") -> str:
        """As people write it: whole amounts without decimals (€19), others with (€18.50)."""
        digits = get_currency_precision(self.currency)
        major = Decimal(self.minor).scaleb(-digits)
        whole = major == major.to_integral_value()
        return format_currency(
            major, self.currency, format="¤#,##0" if whole else None, locale=locale,
            currency_digits=not whole,
        )  # fmt: skip
