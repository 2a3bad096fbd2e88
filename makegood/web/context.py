"""What every staff screen knows without asking: whose house, which site, who am I, am I on duty.

Evaluated only where a template shows it, so that guests' pages pay nothing for it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from makegood.ground import links
from makegood.people import access, duty
from makegood.people.models import Duty, Site, Staff
from makegood.web.door import StaffRequest

P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def in_site_time(view: View[P]) -> View[P]:
    """Shows every time on a staff screen as the clock of their site shows it."""

    @wraps(view)
    def clocked(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with timezone.override(ZoneInfo(request.user.site.timezone)):
            return view(request, *args, **kwargs)

    return clocked


def desk(request: HttpRequest) -> dict[str, Any]:
    """The context of `base_desk.html`; a screen may say otherwise in its own context."""

    def running() -> Duty | None:
        return duty.running_duty(_staff(request))

    mine: Any = SimpleLazyObject(running)
    return {
        "me": SimpleLazyObject(lambda: _me(request)),
        "site_name": SimpleLazyObject(lambda: house_and_site(_staff(request).site)),
        "sites": SimpleLazyObject(lambda: sites_of(_staff(request), _staff(request).site)),
        "on_duty": mine,
        "duty": SimpleLazyObject(lambda: _words(_staff(request), mine)),
        "duty_url": SimpleLazyObject(lambda: reverse("pager" if mine else "duty")),
    }


def shown_at(site: Site, staff: Staff, current: str) -> dict[str, Any]:
    """The same for a screen of a site that is not the person's own; `current` is its entry."""
    return {
        "current": current,
        "site": site,
        "site_name": house_and_site(site),
        "sites": sites_of(staff, site),
        "stream": links.stream("site", site.pk),
    }


def house_and_site(site: Site) -> str:
    """How the top bar names a place: the house, and which of its sites."""
    names = {"house": site.organisation.name, "site": site.name}
    return _("%(house)s · %(site)s") % names


def sites_of(staff: Staff, shown: Site) -> list[dict[str, Any]]:
    """The sites this person may look at, as entries of the top bar's menu."""
    return [
        {
            "name": site.name,
            "url": f"{reverse('floor')}?site={site.pk}",
            "current": site.pk == shown.pk,
        }
        for site in access.sites_for(staff)
    ]


def _staff(request: HttpRequest) -> Staff:
    user = request.user
    if not isinstance(user, Staff):  # a staff frame shown to a stranger is our mistake
        raise LookupError("only members of staff have a desk")
    return user


def _me(request: HttpRequest) -> dict[str, str] | None:
    return {"name": request.user.full_name} if request.user.is_authenticated else None


def _words(staff: Staff, running: Duty | None) -> str:
    if not running:
        return _("Not on duty")
    felt_at = running.felt_at
    if felt_at is None:
        return _("On duty, pager not felt")
    local = felt_at.astimezone(ZoneInfo(staff.site.timezone))
    return _("On duty, felt %(time)s") % {"time": date_format(local, "H:i")}
