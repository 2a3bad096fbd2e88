"""The catalogue of what the house gives, and the till for its coupons."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from babel.numbers import get_currency_precision
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.amends import access, catalogue, redeeming
from makegood.amends.models import Remedy
from makegood.ground import clock
from makegood.ground.money import Money
from makegood.ground.refusals import Invalid, Refused
from makegood.web.door import StaffRequest, senior_door, staff_door


@require_http_methods(["GET", "POST"])
@senior_door
def gifts(request: StaffRequest) -> HttpResponse:
    """Lists what the site can give; POST adds something."""
    refusal = _add(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("gifts")
    context = {
        "site": request.user.site,
        "remedies": access.remedies_at(request.user.site),
        "kinds": Remedy.Kind.choices,
        "currency": request.user.organisation.currency,
        "refusal": refusal,
        "written": request.POST,
    }
    return render(request, "gifts/gifts.html", context, status=refusal.status if refusal else 200)


def _add(request: StaffRequest) -> Refused | None:
    try:
        added = catalogue.add_remedy(
            site=request.user.site,
            name=request.POST.get("name", ""),
            note=request.POST.get("note", ""),
            kind=request.POST.get("kind", ""),
            price=_money(request.POST.get("price", ""), request.user.organisation.currency),
            position=len(access.remedies_at(request.user.site)),
        )
    except Refused as refusal:
        return refusal
    messages.success(request, _("%(name)s can be given from now on.") % {"name": added.name})
    return None


def _money(text: str, currency: str) -> Money:
    try:
        minor = Decimal(text.replace(",", ".")).scaleb(get_currency_precision(currency))
        return Money(int(minor.to_integral_exact()), currency)
    except (InvalidOperation, ValueError, OverflowError):
        raise Invalid(_("Write the price as a number, like 19 or 18.50."), field="price") from None


@require_POST
@senior_door
def retire(request: StaffRequest, remedy_id: UUID) -> HttpResponse:
    """Offers it no longer; what was given stays given."""
    remedy = access.remedy_for(request.user, remedy_id)
    catalogue.retire_remedy(remedy=remedy, now=clock.now())
    messages.success(request, _("%(name)s is no longer offered.") % {"name": remedy.name})
    return redirect("gifts")


@require_http_methods(["GET", "POST"])
@staff_door
def coupon(request: StaffRequest) -> HttpResponse:
    """A coupon comes back: POST redeems its code, once, and leads back, so that who reloads the
    screen sends nothing again."""
    if request.method == "GET":
        return render(request, "gifts/coupon.html")
    code = request.POST.get("code", "")
    try:
        redemption = redeeming.redeem(
            organisation_id=request.user.organisation_id,
            code=code,
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        context = {"code": code, "refusal": refusal}
        return render(request, "gifts/coupon.html", context, status=refusal.status)
    taken = redemption.coupon.amends
    names = {"what": taken.name, "worth": taken.worth.in_words()}
    said = _("%(what)s, %(worth)s. It is taken; thank the guest for coming back.")
    messages.success(request, said % names)
    return redirect("coupon")
