"""Amends from the workspace: within the purse at once, above it a senior is asked."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from makegood.amends import access, asking, granting
from makegood.ground.refusals import Invalid, NotAllowed, NotFound
from makegood.recover.belonging import matters_of
from makegood.recover.life import giving
from makegood.recover.models import Case
from makegood.web.cases.workspace import act
from makegood.web.door import StaffRequest
from makegood.web.pager import gift_form
from makegood.web.pager.giving import senior_for


@act("give")
def give(case: Case, request: StaffRequest, now: datetime) -> str:
    """Gives one thing, or asks for it, by the button pressed; the same form counts once."""
    gifts = gift_form.read(request.POST, staff=request.user)
    key, do = gift_form.key(request.POST), request.POST.get("do", "")
    if len(gifts) != 1:
        raise Invalid(_("Choose what you give."), field="name")
    by, what, name = request.user, gifts[0], gift_form.listed(gifts)
    if do == "ask":
        asking.ask_senior(about=case.pk, what=what, by=by, key=key, now=now)
        senior = senior_for(by)
        who = senior.first_name if senior else _("A senior")
        return _("%(name)s is asked now. You see the answer here.") % {"name": who}
    if do == "give":
        giving.give(about=case.pk, gifts=gifts, by=by, key=key, now=now)
        return _("Given: %(what)s.") % {"what": name}
    raise Invalid(_("Say whether you give it or ask for it."), field="do")


@act("nothing")
def give_nothing(case: Case, request: StaffRequest, now: datetime) -> str:
    """Decides, with a reason, that nothing is to be given."""
    reason = request.POST.get("reason", "")
    granting.give_nothing(about=case.pk, reason=reason, by=request.user, now=now)
    return _("Noted, with your reason.")


@act("take-back")
def take_back(case: Case, request: StaffRequest, now: datetime, amends_id: UUID) -> str:
    """Undoes a gift within its minute."""
    found = access.amends_for(request.user, amends_id)
    if found.about not in matters_of(case.pk):
        raise NotFound
    granting.take_back(amends=found, by=request.user, now=now)
    return _("Taken back: %(what)s.") % {"what": found.name}


@act("decide-{0}")
def decide(case: Case, request: StaffRequest, now: datetime, request_id: UUID) -> str:
    """A senior grants or declines what a colleague asked for; a no needs a reason."""
    found = access.request_for(request.user, request_id)
    if found.about not in matters_of(case.pk):
        raise NotFound
    if not request.user.is_senior:
        raise NotAllowed(_("A manager or the owner decides this."))
    answer = request.POST.get("answer", "")
    if answer not in ("grant", "decline"):
        raise Invalid(_("Say yes or no."), field="answer")
    granted, reason = answer == "grant", request.POST.get("reason", "")
    giving.decide(request=found, granted=granted, reason=reason, by=request.user, now=now)
    name = found.asked_by.first_name if found.asked_by else _("Your colleague")
    said = _("Granted. %(name)s knows.") if granted else _("Declined. %(name)s has your reason.")
    return said % {"name": name}
