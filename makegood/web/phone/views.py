"""Installing the pager on a phone, and the subscription of its browser."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from makegood.ground import clock
from makegood.page.channels.webpush.subscription import read_subscription
from makegood.page.channels.webpush.vapid import application_key
from makegood.page.equipment.subscribing import subscribe, unsubscribe
from makegood.web.door import StaffRequest, staff_door
from makegood.web.phone.reading import name_for, read_json, system_of, text

WORKER: Final = Path(__file__).parents[1] / "static" / "js" / "worker.js"


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the address that says how far it reaches."""
    return HttpResponse(_worker_text(), content_type="text/javascript; charset=utf-8")


@require_GET
@staff_door
def install(request: StaffRequest) -> HttpResponse:
    """How to have a phone rung while its pager is closed; a computer shows it the way."""
    context = {
        "system": system_of(request),
        "phone_url": settings.HOUSE.url + reverse("phone"),
        "is_secure": settings.HOUSE.url.startswith(("https://", "http://localhost")),
        "push_key": application_key(settings.HOUSE.secret),
    }
    return render(request, "phone/install.html", context)


@require_GET
@staff_door
def key(request: StaffRequest) -> HttpResponse:
    """The public key a browser subscribes under."""
    return JsonResponse({"key": application_key(settings.HOUSE.secret)})


@csrf_exempt
@require_POST
@staff_door
def subscription(request: StaffRequest) -> HttpResponse:
    """This browser can be pushed; said at every open, so that we never believe an old one.

    The sign-in on a phone that rings lasts as long from each open: it must not end in a shift.
    """
    said = read_json(request)
    address = read_subscription(said.get("subscription"), allowed=settings.HOUSE.push_origins)
    device = subscribe(
        staff=request.user,
        address=address,
        name=name_for(request.user, request),
        session=request.session.session_key or "",
        now=clock.now(),
        asked=said.get("asked") is True,
        former=text(said, "former"),
    )
    request.session.modified = True
    return JsonResponse({"name": device.name})


@csrf_exempt
@require_POST
@staff_door
def remove(request: StaffRequest) -> HttpResponse:
    """This browser is pushed no more."""
    endpoint = text(read_json(request), "endpoint")
    unsubscribe(staff=request.user, endpoint=endpoint, now=clock.now())
    return HttpResponse(status=204)


@lru_cache(maxsize=1)
def _worker_text() -> str:
    return WORKER.read_text(encoding="utf-8")
