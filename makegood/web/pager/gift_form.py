"""Reads the form of gifts: remedies ticked, and something else with a name and an amount."""

import re
from decimal import Decimal
from uuid import UUID

from babel.numbers import get_currency_precision, get_currency_symbol
from django.http import QueryDict
from django.utils.translation import gettext as _

from makegood.amends import access
from makegood.amends.gifts import LONGEST_NAME, Gift
from makegood.amends.models import Remedy
from makegood.ground.money import Money
from makegood.ground.refusals import Invalid
from makegood.people.models import Staff

AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,3})?")
KEY = re.compile(r"[0-9a-zA-Z-]{8,50}")


def read(form: QueryDict, *, staff: Staff) -> list[Gift]:
    """What was chosen, in the order shown; refuses what is no remedy, and half an "else"."""
    remedies = [access.remedy_for(staff, _id(text)) for text in form.getlist("remedy")]
    gifts = [Gift(remedy=remedy) for remedy in remedies]
    name, amount = form.get("name", "").strip(), form.get("amount", "").strip()
    if name or amount:
        if not name:
            raise Invalid(_("Say what else you give."), field="name")
        gifts.append(Gift(name=name, worth=_money(amount, staff.organisation.currency)))
    return gifts


def key(form: QueryDict) -> str:
    """The tap's own key, so that it counts once however often it is sent."""
    text = form.get("key", "")
    if not KEY.fullmatch(text):
        raise Invalid(_("Open this screen again, then tap once more."), field="key")
    return text


def as_questions(gifts: list[Gift], *, staff: Staff) -> list[Gift]:
    """What a senior is asked: one question for everything on the spot, one for each coupon."""
    coupons = [one for one in gifts if one.remedy and one.remedy.kind == Remedy.Kind.COUPON]
    rest = [one for one in gifts if one not in coupons]
    if len(rest) > 1:
        worth = sum((cost_of(one) for one in rest), start=Money(0, staff.organisation.currency))
        rest = [Gift(name=listed(rest)[:LONGEST_NAME], worth=worth)]
    return rest + coupons


def cost_of(gift: Gift) -> Money:
    """What one gift costs the house."""
    price = gift.remedy.price if gift.remedy else gift.worth
    if price is None:
        raise LookupError("a gift of the form is always priced")
    return price


def listed(gifts: list[Gift]) -> str:
    """Their names, one after the other."""
    return ", ".join(gift.remedy.name if gift.remedy else gift.name for gift in gifts)


def symbol(currency: str) -> str:
    """The sign before an amount: €."""
    return str(get_currency_symbol(currency, locale="en_IE"))


def digits(currency: str) -> int:
    """How many digits stand after the point: 2 for euros, 0 for yen."""
    return int(get_currency_precision(currency))


def nothing_chosen() -> Invalid:
    """Neither gift nor reason."""
    return Invalid(_("Choose what you give, or “Give nothing” and say why."), field="remedy")


def nothing_to_ask_for() -> Invalid:
    """A question without its object."""
    return Invalid(_("Choose first what you would like to give."), field="remedy")


def _money(text: str, currency: str) -> Money:
    if not AMOUNT.fullmatch(text):
        raise Invalid(
            _("Write what it costs the house as a number, such as 18 or 18.50."), field="amount"
        )
    minor = Decimal(text.replace(",", ".")).scaleb(digits(currency))
    if minor != minor.to_integral_value():
        raise Invalid(
            _("Write what it costs the house as a number, such as 18 or 18.50."), field="amount"
        )
    return Money(int(minor), currency)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("Choose from the list."), field="remedy") from error
