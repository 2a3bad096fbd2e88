"""Coupons: a code the customer takes home."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.amends import codes
from makegood.amends.models import Amends, Coupon

GOOD_FOR = timedelta(days=365)


def attach_coupon(amends: Amends, *, timezone: str, now: datetime) -> Coupon:
    """Gives `amends` a code that is good until the end of the site's day a year from now."""
    code = codes.draw()
    while Coupon.objects.filter(organisation_id=amends.organisation_id, code=code).exists():
        code = codes.draw()
    return Coupon.objects.create(
        organisation_id=amends.organisation_id,
        amends=amends,
        code=code,
        expires_at=end_of_day(now + GOOD_FOR, timezone),
    )


def end_of_day(moment: datetime, timezone: str) -> datetime:
    """The midnight that ends the day `moment` falls on at the site."""
    zone = ZoneInfo(timezone)
    next_day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time(), tzinfo=zone)
