"""The colleagues of a site; seniors let new ones in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people import access, duty, joining, teaming
from makegood.people.models import Role
from makegood.web.door import StaffRequest, senior_door, staff_door


@require_http_methods(["GET", "POST"])
@staff_door
def team(request: StaffRequest) -> HttpResponse:
    """Lists colleagues by name, never by a count of anything; POST lets one in (seniors)."""
    refusal = _let_in(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("team")
    return _show(request, refusal)


@require_POST
@senior_door
def place(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Says of which team a colleague is and what they can, in words of the house."""
    staff = access.colleague_for(request.user, staff_id)
    if staff not in access.colleagues_of(request.user, request.user.site):
        raise NotFound
    try:
        teaming.place(
            staff=staff,
            team=request.POST.get("team", ""),
            skills=request.POST.get("skills", "").split(","),
            by=request.user,
            now=clock.now(),
        )
    except Invalid as refusal:
        return _show(request, refusal, placing=staff_id)
    messages.success(request, _("Noted for %(name)s.") % {"name": staff.first_name})
    return redirect("team")


def _show(
    request: StaffRequest, refusal: Refused | None, *, placing: UUID | None = None
) -> HttpResponse:
    site = request.user.site
    groups = teaming.groups_at(site.organisation_id).get(site, [])
    context = {
        "site": site,
        "colleagues": access.colleagues_of(request.user, site),
        "on_duty_ids": {person.pk for person in duty.on_duty(site)},
        "roles": _roles_for(request.user.role),
        "groups": groups,
        "placing": placing,
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
