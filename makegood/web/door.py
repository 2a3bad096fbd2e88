"""Who may come through a staff door. Doors translate, call one verb, translate back."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from makegood.ground.refusals import NotAllowed, Refused
from makegood.people.models import Staff

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request whose `user` is a signed-in member of staff."""

    user: Staff


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_door(view: StaffView[P]) -> View[P]:
    """Lets members of staff in; a stranger is asked to sign in and then brought back."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        return view(cast(StaffRequest, request), *args, **kwargs)

    return door


def senior_door(view: StaffView[P]) -> View[P]:
    """Lets managers and owners in; refuses everyone else in words."""

    @staff_door
    @wraps(view)
    def door(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_senior:
            raise NotAllowed(_("Only a manager or the owner can do this. Ask one of them."))
        return view(request, *args, **kwargs)

    return door


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Then brings them back; from a form, to the first page of its screen, which they can read.

    A script that reads JSON is told so (401): where it is led it could read nothing.
    """
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = resolve_url("account_login")
        return response
    if "application/json" in request.headers.get("Accept", ""):
        raise Refused(
            _("Your sign-in here has ended. Sign in again."), code="signed_out", status=401
        )
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    screen = request.path.split("/")[1]
    return redirect_to_login(f"/{screen}/")
