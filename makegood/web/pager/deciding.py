"""A colleague asks for more than their purse holds: a senior says yes, or no with a reason."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.amends import access as amends
from makegood.amends.models import AmendsRequest
from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.page import access
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.access import case_about
from makegood.recover.knowing import name_of_guest
from makegood.recover.life import giving
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door


def question_of(page: Page, staff: Staff) -> dict[str, Any]:
    """The request a page is about, and who it is for; None when decided or out of reach."""
    question = _request_of(page, staff)
    case = case_about(question.about) if question else None
    return {"question": question, "guest_name": name_of_guest(case) if case else page.customer_name}


@require_POST
@senior_door
@in_site_time
def decide(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """Grants or declines what a page asks; a no needs a reason."""
    page = access.page_for(request.user, page_id)
    question = _request_of(page, request.user)
    if question is None:
        raise NotFound(_("There is nothing to decide here any more."))
    answer = request.POST.get("answer", "")
    if answer not in ("grant", "decline"):
        raise Invalid(_("Say yes or no."), field="answer")
    granted, now = answer == "grant", clock.now()
    try:
        giving.decide(
            request=question,
            granted=granted,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=now,
        )
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("pager_page", page_id=page.pk)
    name = question.asked_by.first_name if question.asked_by else _("Your colleague")
    said = _("Granted. %(name)s knows.") if granted else _("Declined. %(name)s has your reason.")
    messages.info(request, said % {"name": name})
    return redirect("pager")


def _request_of(page: Page, staff: Staff) -> AmendsRequest | None:
    try:
        found = amends.request_for(staff, page.about)
    except NotFound:
        return None
    return None if found.decision else found
