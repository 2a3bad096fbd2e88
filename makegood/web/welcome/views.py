"""The first visit: three short steps, and the house can be rung."""

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from makegood.ground import clock, links, tenancy
from makegood.people import access as people, duty, joining, opening
from makegood.people.models import Staff
from makegood.recover.policy.starters import starters
from makegood.sense import access as sense, placing
from makegood.web.door import StaffRequest, senior_door
from makegood.web.welcome.forms import PlaceForm

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Greets a newcomer, asks a stranger to sign in, brings staff to the floor."""
    if not people.any_organisation():
        return redirect("welcome")
    return redirect("floor" if request.user.is_authenticated else "account_login")


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Step 1: the house, where customers press, the owner. Only while there is no house yet."""
    if people.any_organisation():
        return redirect("home")
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, _found(form), backend=SIGN_IN_BACKEND)
        return redirect("welcome_card")
    status = 422 if form.errors else 200
    context = {"form": form, "stage": 0, "trades": starters().values()}
    return render(request, "welcome/place.html", context, status=status)


def _found(form: PlaceForm) -> Staff:
    given, now = form.cleaned_data, clock.now()
    with tenancy.everywhere(), transaction.atomic():
        founded = joining.create_organisation(
            name=given["house"],
            site_name=given["site"],
            timezone=given["timezone"],
            currency=given["currency"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            email=given["email"],
            password=given["password"],
            trade=given["trade"],
            now=now,
        )
        site = people.first_site(founded)
        opening.set_opening_hours(site=site, periods=given["periods"], now=now)
        for name in form.places():
            placing.place_touchpoint(
                site=site, place=name, dwell_minutes=given["dwell_minutes"], now=now
            )
        return people.owner_of(founded)


@require_GET
@senior_door
def card(request: StaffRequest) -> HttpResponse:
    """Step 2: the printed card, as the guest will find it."""
    touchpoints = sense.touchpoints_at(request.user.site)
    first = touchpoints[0] if touchpoints else None
    context = {
        "stage": 1,
        "count": len(touchpoints),
        "first": first,
        "first_url": first and settings.HOUSE.url + sense.button_path(first),
        "site": request.user.site,
    }
    return render(request, "welcome/card.html", context)


@require_GET
@senior_door
def phone(request: StaffRequest) -> HttpResponse:
    """Step 3: a phone on duty; nobody is, before they felt it."""
    running = duty.running_duty(request.user)
    context = {
        "stage": 2,
        "duty": running,
        "duty_url": settings.HOUSE.url + reverse("duty"),
        "stream": links.stream("staff", request.user.id, request.user.link_version),
    }
    return render(request, "welcome/phone.html", context)
