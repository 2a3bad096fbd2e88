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
from makegood.page.duty.feeling import note_arrived, say_felt, test_by_token
from makegood.page.hands import answering, receipts
from makegood.page.hands.notified import ring_by_token
from makegood.page.models import Attempt, SelfTest

View = Callable[[Attempt], HttpResponse]
Said = Callable[[str], HttpResponse]
Door = Callable[[HttpRequest, str], HttpResponse]


def _by_token(view: Said) -> Door:
    """A view of what the address is for; speaks JSON, also when it refuses."""

    @csrf_exempt
    @require_POST
    @never_cache
    @wraps(view)
    def door(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return view(token)
        except Refused as refusal:
            return _refused(refusal, title="")

    return door


def _notified(view: View) -> Door:
    """A view of the ring the address is for, within the fence of its house."""

    @_by_token
    @wraps(view)
    def door(token: str) -> HttpResponse:
        ring = ring_by_token(token, now=clock.now())
        try:
            with tenancy.scope(ring.organisation_id):
                return view(ring)
        except Refused as refusal:
            return _refused(refusal, title=ring.page.place)

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


@_by_token
def arrived(token: str) -> HttpResponse:
    """The self-test reached this phone; hearing so twice changes nothing."""
    test = test_by_token(token)
    with tenancy.scope(test.organisation_id):
        note_arrived(test, now=clock.now())
    return HttpResponse(status=204)


@_by_token
def felt(token: str) -> HttpResponse:
    """I felt it: the self-test, on this phone."""
    test = test_by_token(token)
    with tenancy.scope(test.organisation_id):
        try:
            begun = say_felt(test, now=clock.now())
        except Refused as refusal:
            return _refused(refusal, title=_("Did you feel this?"))
        return JsonResponse({"title": _("Felt."), "body": _afterwards(test, on_duty=bool(begun))})


def _afterwards(test: SelfTest, *, on_duty: bool) -> str:
    if on_duty:
        return _("You are on duty at %(site)s.") % {"site": test.site.name}
    if test.for_duty:
        return _("And one way more, then you are on duty.")
    return _("This way reaches you.")


def _refused(refusal: Refused, *, title: str) -> HttpResponse:
    said = {"title": title, "body": refusal.message, "code": refusal.code}
    return JsonResponse(said, status=refusal.status)


def _said(ring: Attempt, words: str) -> HttpResponse:
    body = "\n".join(part for part in (words, ring.page.hint) if part)
    return JsonResponse({"title": ring.page.place, "body": body})
