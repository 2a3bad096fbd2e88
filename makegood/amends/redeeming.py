"""Redeeming a coupon: once, whoever asks first."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.amends import codes
from makegood.amends.facts import CouponRedeemed
from makegood.amends.models import Coupon, Redemption
from makegood.ground import chronicle
from makegood.ground.refusals import NotFound, Refused
from makegood.people.models import Staff


@transaction.atomic
def redeem(*, organisation_id: UUID, code: str, by: Staff, now: datetime) -> Redemption:
    """Takes the coupon of `code`. Refuses `unknown_code` (also one of another house),
    `already_redeemed` with who took it and when, `expired`, and `taken_back`."""
    if by.organisation_id != organisation_id:
        raise NotFound
    coupon = _locked_coupon(organisation_id, codes.read(code))
    zone = ZoneInfo(by.site.timezone)
    if redeemed := Redemption.objects.select_related("taken_by").filter(coupon=coupon).first():
        raise Refused(_used_already(redeemed, by, zone), code="already_redeemed")
    if coupon.amends.taken_back_at:
        raise Refused("This coupon was taken back when it was given.", code="taken_back")
    if coupon.expires_at <= now:
        last = coupon.good_until.astimezone(zone)
        raise Refused(f"This coupon was good until {last.day} {last:%B %Y}.", code="expired")
    redemption = Redemption.objects.create(
        organisation_id=organisation_id, coupon=coupon, redeemed_at=now, taken_by=by
    )
    chronicle.record(
        CouponRedeemed(matter=coupon.amends.about, code=coupon.code),
        organisation_id=organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=coupon.amends_id,
    )
    return redemption


def _used_already(redeemed: Redemption, by: Staff, zone: ZoneInfo) -> str:
    at = redeemed.redeemed_at.astimezone(zone)
    when = f"on {at.day} {at:%B %Y at %H:%M}"
    if redeemed.taken_by is None:
        return f"This coupon was used {when}."
    if redeemed.taken_by_id == by.pk:
        return f"You took this coupon yourself, {when}. It counts once."
    return f"{redeemed.taken_by.first_name} took this coupon {when}."


def _locked_coupon(organisation_id: UUID, code: str) -> Coupon:
    coupon = (
        Coupon.objects.select_for_update(no_key=True, of=("self",))
        .select_related("amends")
        .filter(organisation_id=organisation_id, code=code)
        .first()
    )
    if coupon is None:
        raise Refused("We never gave out this code.", code="unknown_code", field="code", status=404)
    return coupon
