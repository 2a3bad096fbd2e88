"""What every screen passes through: the tenant fence, and refusals in words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from makegood.ground import tenancy
from makegood.ground.refusals import Refused

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
        if not isinstance(error, Refused):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            said = {"code": error.code, "message": error.message, "field": error.field}
            return JsonResponse(said, status=error.status)
        return render(request, "refused.html", {"refusal": error}, status=error.status)
