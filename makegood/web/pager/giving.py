"""What will you give? Within the purse at once; above it a senior is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.amends import access as amends, asking, granting, offering, purses
from makegood.amends.gifts import Gift
from makegood.amends.models import Amends
from makegood.ground import clock
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.page import access
from makegood.page.models import Page
from makegood.people import access as people
from makegood.people.models import Role, Staff
from makegood.recover import access as cases
from makegood.recover.life import giving
from makegood.recover.steps.proposing import proposal_for
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door
from makegood.web.pager import gift_form
from makegood.web.pager.wires import wires_of


@dataclass(frozen=True)
class Purse:
    """The purse as the bar shows it; all in minor units but the words."""

    left: Money
    daily: Money

    @property
    def share(self) -> int:
        """Per cent of the day's purse that is left."""
        return round(100 * self.left.minor / self.daily.minor) if self.daily.minor else 0


@dataclass(frozen=True)
class Undo:
    """Something just given, and when it can no longer be taken back."""

    amends: Amends
    gone_at: datetime


def undos_of(staff: Staff, *, now: datetime) -> Sequence[Undo]:
    """What this person gave within the last minute: every screen of theirs offers the way back."""
    spare = timedelta(seconds=1)  # for the tap to arrive
    given = amends.just_given_by(staff, since=now - granting.GRACE + spare)
    return [Undo(one, one.given_at + granting.GRACE - spare) for one in given]


def choice_of(page: Page, staff: Staff, *, now: datetime) -> dict[str, Any]:
    """What stands on the screen of somebody who is with a customer."""
    filled = amends.purse_of(staff)
    left = purses.left_today(staff=staff, now=now)
    case = cases.case_about(page.about)
    given = amends.amends_about(page.about)
    proposal = proposal_for(case, staff, now) if case else None
    return {
        "purse": Purse(left, filled.daily) if filled else None,
        "proposal": proposal,
        "offers": offering.offers(
            case.topic if case else "",
            page.severity,
            amends.remedies_at(page.site),
            wish=proposal.wish if proposal else None,
        ),
        "given": given,
        "asked": [one for one in amends.requests_about(page.about) if not one.decision],
        "declined": [
            one for one in amends.requests_about(page.about) if one.decision == "declined"
        ],
        "senior": senior_for(staff),
        "symbol": gift_form.symbol(left.currency),
        "digits": gift_form.digits(left.currency),
        "key": new_id().hex,
        "picked": frozenset(),
    }


def senior_for(staff: Staff) -> Staff | None:
    """Whom "Call Cy in" names: a manager of the site, else the owner; nobody for an owner."""
    if staff.role == Role.OWNER:
        return None
    others = [one for one in people.colleagues_of(staff, staff.site) if one.pk != staff.pk]
    managers = [one for one in others if one.role == Role.MANAGER]
    owners = [one for one in others if one.role == Role.OWNER]
    return next(iter(managers + owners), None)


@require_POST
@staff_door
@in_site_time
def give(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """Gives what was chosen, asks a senior for it, or ends the visit, by the button pressed."""
    page = access.page_for(request.user, page_id)
    try:
        gifts = gift_form.read(request.POST, staff=request.user)
        if request.POST.get("do") == "ask":
            return _ask(request, page, gifts)
        return _give(request, page, gifts)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return _again(request, page_id, refusal)


def _give(request: StaffRequest, page: Page, gifts: list[Gift]) -> HttpResponse:
    if not gifts and not amends.amends_about(page.about) and not amends.requests_about(page.about):
        raise gift_form.nothing_chosen()
    key = gift_form.key(request.POST)
    giving.give_and_finish(page=page, gifts=gifts, by=request.user, key=key, now=clock.now())
    names = {"what": gift_form.listed(gifts), "name": page.guest}
    said = _("%(what)s for %(name)s. The case goes on.") if gifts else _("Done. The case goes on.")
    messages.info(request, said % names)
    return redirect("pager")


def _ask(request: StaffRequest, page: Page, gifts: list[Gift]) -> HttpResponse:
    if not gifts:
        raise gift_form.nothing_to_ask_for()
    asked = gift_form.as_questions(gifts, staff=request.user)
    key = gift_form.key(request.POST)
    asking.ask_for_all(about=page.about, gifts=asked, by=request.user, key=key, now=clock.now())
    senior = senior_for(request.user)
    names = {"name": senior.first_name if senior else _("A senior")}
    messages.info(request, _("%(name)s is asked now. You hear the answer here.") % names)
    return redirect("pager")


def _again(request: StaffRequest, page_id: UUID, refusal: Refused) -> HttpResponse:
    """The same screen with what was chosen, and why it could not be; what it is by now, once the
    page is in other hands or rings again."""
    page = access.page_for(request.user, page_id)
    if not (page.is_in_hand_of(request.user) and page.state == Page.State.WITH):
        messages.warning(request, _("%(why)s Nothing was given.") % {"why": refusal.message})
        return redirect("pager_page", page_id=page_id)
    now = clock.now()
    context = choice_of(page, request.user, now=now) | {
        "page": page,
        "site": page.site,
        "staff": request.user,
        "now": now,
        "refusal": refusal,
        "picked": frozenset(request.POST.getlist("remedy")),
        "else_name": request.POST.get("name", ""),
        "else_amount": request.POST.get("amount", ""),
        **wires_of(request.user),
    }
    if refusal.field != "key":
        context["key"] = request.POST.get("key", "")  # the same tap, so that it counts once
    return render(request, "pager/with.html", context, status=refusal.status)


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def give_nothing(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """Decides, with a reason, that nothing is to be given, and ends the visit."""
    page, now = access.page_for(request.user, page_id), clock.now()
    context = {"page": page, "site": page.site, "now": now, **wires_of(request.user)}
    if request.method == "GET":
        return render(request, "pager/nothing.html", context)
    try:
        reason = request.POST.get("reason", "")
        giving.give_nothing_and_finish(page=page, reason=reason, by=request.user, now=now)
    except Refused as refusal:
        return render(
            request, "pager/nothing.html", context | {"refusal": refusal}, status=refusal.status
        )
    messages.info(request, _("Noted, with your reason. The case goes on."))
    return redirect("pager")


@require_POST
@staff_door
def take_back(request: StaffRequest, amends_id: UUID) -> HttpResponse:
    """Undoes a gift within its minute."""
    found = amends.amends_for(request.user, amends_id)
    try:
        granting.take_back(amends=found, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        said = _("Taken back: %(what)s. The case shows what else you can give.")
        messages.info(request, said % {"what": found.name})
    return redirect("pager")
