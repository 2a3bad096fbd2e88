"""The colleagues of a site; seniors let new ones in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.ground import clock
from makegood.ground.refusals import NotAllowed, Refused
from makegood.people import access, duty, joining
from makegood.people.models import Role
from makegood.web.door import StaffRequest, staff_door


@require_http_methods(["GET", "POST"])
@staff_door
def team(request: StaffRequest) -> HttpResponse:
    """Lists colleagues by name, never by a count of anything; POST lets one in (seniors)."""
    refusal = _let_in(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("team")
    site = request.user.site
    context = {
        "site": site,
        "colleagues": access.colleagues_of(request.user, site),
        "on_duty_ids": {person.pk for person in duty.on_duty(site)},
        "roles": _roles_for(request.user.role),
        "refusal": refusal,
        "written": request.POST,
    }
    return render(request, "team/team.html", context, status=refusal.status if refusal else 200)


def _let_in(request: StaffRequest) -> Refused | None:
    if not request.user.is_senior:
        raise NotAllowed(_("Only a manager or the owner lets somebody in."))
    role = request.POST.get("role", "")
    if role not in dict(_roles_for(request.user.role)):
        return NotAllowed(_("Only the owner makes somebody an owner."))
    try:
        joined = joining.add_staff(
            site=request.user.site,
            first_name=request.POST.get("first_name", ""),
            last_name=request.POST.get("last_name", ""),
            email=request.POST.get("email", ""),
            title=request.POST.get("title", ""),
            role=role,
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return refusal
    said = _("%(name)s can sign in now, with a code we send to %(email)s.")
    messages.success(request, said % {"name": joined.first_name, "email": joined.email})
    return None


def _roles_for(role: str) -> list[tuple[str, str]]:
    return [
        (value, str(label))
        for value, label in Role.choices
        if role == Role.OWNER or value != Role.OWNER
    ]
