"""What is said from a notification, with the pager closed. The address is the permission.

No session and no CSRF token: there is nothing a forged request could borrow. Looking never answers:
only a POST does.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from makegood.ground import clock, tenancy
from makegood.ground.refusals import Refused
from makegood.page.hands import answering, receipts
from makegood.page.hands.notified import ring_by_token
from makegood.page.models import Attempt

View = Callable[[Attempt], HttpResponse]
Door = Callable[[HttpRequest, str], HttpResponse]


def _notified(view: View) -> Door:
    """A view of the ring the address is for, within the fence of its house; speaks JSON."""

    @csrf_exempt
    @require_POST
    @never_cache
    @wraps(view)
    def door(request: HttpRequest, token: str) -> HttpResponse:
        title = ""
        try:
            ring = ring_by_token(token, now=clock.now())
            title = ring.page.place
            with tenancy.scope(ring.organisation_id):
                return view(ring)
        except Refused as refusal:
            said = {"title": title, "body": refusal.message, "code": refusal.code}
            return JsonResponse(said, status=refusal.status)

    return door


@_notified
def received(ring: Attempt) -> HttpResponse:
    """The ring reached this phone; hearing so twice changes nothing."""
    receipts.note_received(page=ring.page, staff=ring.staff, device=ring.device, now=clock.now())
    return HttpResponse(status=204)


@_notified
def going(ring: Attempt) -> HttpResponse:
    """I'm going; whoever was first goes."""
    answering.going(page=ring.page, staff=ring.staff, device=ring.device, now=clock.now())
    return _said(ring, _("You are going."))


@_notified
def cant(ring: Attempt) -> HttpResponse:
    """I can't: the next is asked at once."""
    answering.cant(page=ring.page, staff=ring.staff, device=ring.device, now=clock.now())
    return _said(ring, _("The next is asked."))


def _said(ring: Attempt, words: str) -> HttpResponse:
    body = "\n".join(part for part in (words, ring.page.hint) if part)
    return JsonResponse({"title": ring.page.place, "body": body})
