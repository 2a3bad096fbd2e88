"""The staff phone: one screen, and what can be said on it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Refused
from makegood.page import access
from makegood.page.hands import answering, knowing
from makegood.page.models import Page
from makegood.people import access as people, duty
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door
from makegood.web.duty.reading import posted_id
from makegood.web.pager.screens import screen_for, screen_of
from makegood.web.pager.wires import wires_of

LONGEST_WORD = 200


@require_GET
@staff_door
@in_site_time
def pager(request: StaffRequest) -> HttpResponse:
    """What this person has to know or do now."""
    screen = screen_of(request.user, now=clock.now())
    return render(request, screen.template, screen.context)


@require_GET
@staff_door
@in_site_time
def page(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """One page by its address."""
    found = access.page_for(request.user, page_id)
    screen = screen_for(found, request.user, now=clock.now())
    return render(request, screen.template, screen.context | {"here": request.path})


@require_POST
@staff_door
def going(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """I'm going; whoever was first goes."""
    return _said(request, page_id, answering.going)


@require_POST
@staff_door
def cant(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """I can't: the next is asked at once."""
    return _said(request, page_id, answering.cant)


@require_POST
@staff_door
def know(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """I know that a colleague goes."""
    return _said(request, page_id, knowing.know)


@require_POST
@staff_door
def with_customer(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """I'm with them."""
    return _said(request, page_id, answering.with_customer)


@require_POST
@staff_door
def left(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """They had gone."""
    said = _("Noted. The case goes on, and we write to them.")
    return _said(request, page_id, answering.customer_left, afterwards=said)


@require_POST
@staff_door
def finish(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """This one is done."""
    return _said(request, page_id, answering.finish, afterwards=_("Done. The case goes on."))


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def hand_over(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """Gives the page to a colleague on duty, with a word."""
    found = access.page_for(request.user, page_id)
    if request.method == "GET":
        colleagues = [one for one in duty.on_duty(found.site) if one.pk != request.user.pk]
        context = {"page": found, "site": found.site, "colleagues": colleagues, "now": clock.now()}
        return render(request, "pager/hand_over.html", context | wires_of(request.user))
    to = people.colleague_for(request.user, posted_id(request.POST, "to"))
    word = " ".join(request.POST.get("word", "").split())[:LONGEST_WORD]
    try:
        answering.hand_over(page=found, staff=request.user, to=to, now=clock.now(), word=word)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("pager")
    messages.info(request, _("%(name)s is rung now.") % {"name": to.first_name})
    return redirect("pager")


def _said(
    request: StaffRequest, page_id: UUID, answer: Callable[..., Page], *, afterwards: str = ""
) -> HttpResponse:
    """One answer, then the screen as it is now. Who came second is told so, kindly."""
    found = access.page_for(request.user, page_id)
    try:
        answer(page=found, staff=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        if afterwards:
            messages.info(request, afterwards)
    return redirect("pager")
