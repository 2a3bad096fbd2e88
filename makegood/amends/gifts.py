"""What somebody wants to give: a remedy of the catalogue, or something else, named and priced."""

from dataclasses import dataclass

from makegood.amends.models import Amends, Remedy
from makegood.ground.money import Money
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.people.models import Staff

LONGEST_NAME = 80
LARGEST_MINOR = 10_000_000  # a slip of the finger, not a gift


@dataclass(frozen=True)
class Gift:
    """Either `remedy`, or `name` and `worth` for something that is not in the catalogue."""

    remedy: Remedy | None = None
    name: str = ""
    worth: Money | None = None


@dataclass(frozen=True)
class Priced:
    """A gift that may be given: named, priced, in the house's currency."""

    name: str
    worth: Money
    remedy: Remedy | None = None

    @property
    def is_coupon(self) -> bool:
        """Whether the customer takes a code home."""
        return self.remedy is not None and self.remedy.kind == Remedy.Kind.COUPON

    def is_same_as(self, amends: Amends) -> bool:
        """Whether `amends` is this gift."""
        remedy_id = self.remedy.pk if self.remedy else None
        return (self.name, self.worth, remedy_id) == (amends.name, amends.worth, amends.remedy_id)


def price(gift: Gift, *, by: Staff) -> Priced:
    """The gift as `by` may give it; refuses a retired or foreign remedy, no name, a bad amount."""
    if gift.remedy is not None:
        return _from_catalogue(gift.remedy, by)
    name = " ".join(gift.name.split())
    if not name:
        raise Invalid("Say what you give.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Say it in {LONGEST_NAME} characters.", field="name")
    if gift.worth is None:
        raise Invalid("Say what it costs the house; 0 is fine.", field="worth")
    return Priced(name, check_amount(gift.worth, currency=by.organisation.currency, field="worth"))


def check_amount(amount: Money, *, currency: str, field: str) -> Money:
    """The amount itself; refuses less than nothing, too much, and another currency."""
    if amount.currency != currency:
        raise Invalid(f"This house counts in {currency}.", field=field)
    if amount.minor < 0:
        raise Invalid("An amount cannot be less than nothing.", field=field)
    if amount.minor > LARGEST_MINOR:
        raise Invalid(
            f"More than {Money(LARGEST_MINOR, currency).in_words()} at once cannot be right.",
            field=field,
        )
    return amount


def _from_catalogue(remedy: Remedy, by: Staff) -> Priced:
    if remedy.organisation_id != by.organisation_id:
        raise NotFound
    if remedy.retired_at is not None:
        raise Refused(f"“{remedy.name}” is no longer offered.", code="retired", field="remedy")
    return Priced(remedy.name, remedy.price, remedy)
