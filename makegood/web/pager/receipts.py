"""Receipts from the phone: it arrived, somebody looked at it."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from makegood.ground import clock
from makegood.page import access
from makegood.page.hands import receipts as page_receipts
from makegood.web.door import StaffRequest, staff_door

NO_CONTENT = 204


@require_POST
@staff_door
def received(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """The page reached this phone; hearing so twice changes nothing."""
    page = access.page_for(request.user, page_id)
    page_receipts.note_received(page=page, staff=request.user, now=clock.now())
    return HttpResponse(status=NO_CONTENT)


@require_POST
@staff_door
def seen(request: StaffRequest, page_id: UUID) -> HttpResponse:
    """The page stood on this phone's lit screen."""
    page = access.page_for(request.user, page_id)
    page_receipts.note_seen(page=page, staff=request.user, now=clock.now())
    return HttpResponse(status=NO_CONTENT)
