"""What every screen passes through: the tenant fence, and refusals in words."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from makegood.ground import locks, tenancy
from makegood.ground.refusals import Refused

log = structlog.get_logger()

GetResponse = Callable[[HttpRequest], HttpResponse]


def tenant_fence(get_response: GetResponse) -> GetResponse:
    """Shows a signed-in person their own organisation's rows and everyone else none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        with tenancy.scope(request.user.organisation_id):
            return get_response(request)

    return middleware


def refusals(get_response: GetResponse) -> GetResponse:
    """Turns `Refused` into a 4xx in words; HTMX and JSON callers get theirs."""
    return _Refusals(get_response)


class _Refusals:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = error if isinstance(error, Refused) else in_the_way(error)
        if refusal is None:
            return None
        if "application/json" in request.headers.get("Accept", ""):
            said = {"code": refusal.code, "message": refusal.message, "field": refusal.field}
            return JsonResponse(said, status=refusal.status)
        return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def in_the_way(error: Exception) -> Refused | None:
    """What to say when the database gave up because two did something at once; None if it did not.

    Our locks have one order, so this should not happen; where it does, it is logged.
    """
    if not locks.was_in_the_way(error):
        return None
    log.warning("somebody else was in the way", exc_info=error)
    return Refused(
        _("Somebody else changed this at the same moment. Nothing was lost; please try again."),
        code="busy",
    )
