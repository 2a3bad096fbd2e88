"""The customers' door: opens the sealed link, keeps to the limits, steps inside the fence.

Customers have no account and no session. What lets them in is the capability in the address, so
there is nothing a forged form could borrow: these views need no CSRF token and set no cookie.
"""

from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from makegood.ground import tenancy
from makegood.ground.refusals import Refused
from makegood.people.models import Site
from makegood.sense.naming import in_a_sentence
from makegood.web.customer import limits
from makegood.web.middleware import in_the_way


class Opened(Protocol):
    """What a customer's link opens: a press, an invitation, a case."""

    id: UUID
    organisation_id: UUID

    @property
    def site(self) -> Site:
        """Where it happened; its clock is the customer's."""


T = TypeVar("T", bound=Opened)
View = Callable[[HttpRequest, T, str], HttpResponse]
Door = Callable[[HttpRequest, str], HttpResponse]

HEADERS = {
    "Referrer-Policy": "no-referrer",  # the address is the key: no other site may see it
    "X-Robots-Tag": "noindex, nofollow",
}


def opened_by(look_up: Callable[[str], T], *methods: str) -> Callable[[View[T]], Door]:
    """A view of `(request, thing, token)` behind the link that `look_up` opens."""

    def decorate(view: View[T]) -> Door:
        @csrf_exempt
        @wraps(view)
        def door(request: HttpRequest, token: str) -> HttpResponse:
            try:
                response = _come_in(request, token, methods, look_up, view)
            except Refused as refusal:
                response = refused(request, refusal)
            except OperationalError as error:
                if (busy := in_the_way(error)) is None:
                    raise
                response = refused(request, busy)
            if response.status_code == limits.WRONG_METHOD:
                response.headers["Allow"] = ", ".join(methods)
            add_never_cache_headers(response)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return door

    return decorate


def _come_in(
    request: HttpRequest,
    token: str,
    methods: tuple[str, ...],
    look_up: Callable[[str], T],
    view: View[T],
) -> HttpResponse:
    limits.check_request(request, methods)
    thing = look_up(token)
    if request.method == "POST":
        limits.count_writing(thing.id)
    with tenancy.scope(thing.organisation_id), timezone.override(ZoneInfo(thing.site.timezone)):
        return view(request, thing, token)


class _SeeOther(HttpResponseRedirect):
    status_code = 303


def see_other(address: str) -> HttpResponse:
    """After a POST: look there, so that going back or reloading sends nothing twice."""
    return _SeeOther(address)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal as a page, with the way back to where they were."""
    back = "" if refusal.status == 404 else _first_page(request.path)
    context = {"refusal": refusal, "back_url": back, "house_name": ""}
    return render(request, "customer/refused.html", context, status=refusal.status)


def _first_page(path: str) -> str:
    """`/p/<token>` of `/p/<token>/remark`."""
    return "/".join(path.split("/")[:3])


def house(site: Site, place: str = "") -> dict[str, str]:
    """Who speaks, for the top of every page."""
    names = {"site": site.name, "place": in_a_sentence(place)}
    where = _("%(site)s · %(place)s") % names if place else site.name
    return {"house_name": site.organisation.name, "place_name": where}
