"""The workspace of one case, and what can be done about the case itself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.people import access as people
from makegood.people.models import Staff
from makegood.people.recognising import learn_name
from makegood.recover import access
from makegood.recover.life import calling, closing, handing
from makegood.recover.life.calling import CALL, Outcome
from makegood.recover.models import Case, Step
from makegood.recover.steps import stepping
from makegood.sense import adding, visiting
from makegood.web.cases.whose import signal_of_customer
from makegood.web.cases.workspace import act, show
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door
from makegood.web.duty.reading import posted_id


@require_GET
@staff_door
@in_site_time
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What happened, what is next, and the means to make it good."""
    return show(request, access.case_for(request.user, case_id), clock.now())


@act("hand-over")
def hand_over(case: Case, request: StaffRequest, now: datetime) -> str:
    """Another colleague answers for the case from now on."""
    to = people.colleague_for(request.user, posted_id(request.POST, "to"))
    word = request.POST.get("word", "")
    handing.hand_case_over(case=case, to=to, by=request.user, word=word, now=now)
    return _("%(name)s has it now, and knows.") % {"name": to.first_name}


@act("called")
def called(case: Case, request: StaffRequest, now: datetime) -> str:
    """Somebody called the customer: what came of it is kept, and may be the call we promised,
    where that one has not ended meanwhile, or by this very call."""
    words, by = request.POST.get("words", ""), request.user
    outcome = request.POST.get("outcome", Outcome.REACHED)
    promised = Step.objects.waiting().filter(case=case, kind=CALL)
    with transaction.atomic():
        calling.log_call(case=case, outcome=outcome, words=words, by=by, now=now)
        if outcome == Outcome.REACHED and request.POST.get("promised") and promised.exists():
            stepping.finish_step(case=case, kind=CALL, words=words, by=by, now=now)
    if outcome == Outcome.REACHED:
        return _("Noted. It is in the story.")
    return _("Noted as a try. What we promised still waits.")


@act("close")
def close(case: Case, request: StaffRequest, now: datetime) -> str:
    """Ends the case: the customer says it is made good, or it is honestly lost."""
    how, words = request.POST.get("how", ""), request.POST.get("words", "")
    if how == "confirmed":
        closing.close_confirmed(case=case, by=request.user, words=words, now=now)
        return _("Made good. The case is closed.")
    if how == "unreached":
        closing.close_unreached(case=case, words=words, by=request.user, now=now)
        return _("Closed as lost: we could not reach them.")
    if how == "lost":
        try:
            closing.close_lost(case=case, reason=words, by=request.user, now=now)
        except Invalid as wrong:
            raise Invalid(wrong.message, field="words") from wrong
        return _("Closed as lost, with your reason.")
    raise Invalid(_("Say how it ended."), field="how")


@act("reopen")
def reopen(case: Case, request: StaffRequest, now: datetime) -> str:
    """It was not over."""
    because = request.POST.get("because", "")
    closing.reopen(case=case, because=because, by=request.user, now=now)
    return _("Open again. What was left wait again, each with its day.")


@act("step-{0}")
def step(case: Case, request: StaffRequest, now: datetime, kind: str) -> str:
    """Ends a step: this shows that it is done, or this is why it is left out."""
    words, do = request.POST.get("words", ""), request.POST.get("do", "")
    if do == "skip":
        try:
            stepping.skip_step(case=case, kind=kind, reason=words, by=request.user, now=now)
        except Invalid as wrong:
            raise Invalid(wrong.message, field="words") from wrong
        return _("Left out, with your reason.")
    if do == "done":
        checked = request.POST.get("checked", "")
        stepping.finish_step(
            case=case, kind=kind, words=words, by=request.user, now=now, checked=checked
        )
        return _("Done. The seam is longer.")
    raise Invalid(_("Say whether it is done or left out."), field="do")


@act("visit")
def visit(case: Case, request: StaffRequest, now: datetime) -> str:
    """The customer is with us again; what was promised for that falls due."""
    if case.customer is None:
        raise Refused(_("We do not know yet who this is."), code="no_customer")
    visiting.note_visit(customer=case.customer, site=request.user.site, by=request.user, now=now)
    return _("Noted. If somebody should be there, they are rung.")


@act("customer")
def customer(case: Case, request: StaffRequest, now: datetime) -> str:
    """A name or an address we were told later."""
    name, contact = request.POST.get("name", ""), request.POST.get("contact", "")
    if not name.strip() and not contact.strip():
        raise Invalid(_("Write a name, an e-mail address or a phone number."), field="contact")
    somebody_else = bool(request.POST.get("somebody_else"))
    if somebody_else and not contact.strip():
        raise Invalid(_("Write how we can reach them instead."), field="contact")
    get_to_know(
        case, name=name, contact=contact, by=request.user, somebody_else=somebody_else, now=now
    )
    if somebody_else:
        return _("Thank you. The case is theirs from now on.")
    return _("Thank you. We know them better now.")


def get_to_know(
    case: Case, *, name: str, contact: str, by: Staff, now: datetime, somebody_else: bool = False
) -> None:
    """Keeps a name and an address of the customer: all or nothing.

    Whom we know already learns them, unless the case turns out to be `somebody_else`'s.
    """
    signal = signal_of_customer(case)
    if signal is None:
        raise NotFound
    known = None if somebody_else else case.customer
    with transaction.atomic():
        if name.strip() and known:
            learn_name(customer=known, name=name)
        elif name.strip() and not somebody_else:
            adding.add_remark(signal=signal, topics=[], words="", name=name, now=now)
        if contact.strip():
            adding.note_contact(
                signal=signal, contact=contact, by=by, known=known, now=now,
                name=name if somebody_else else "",
            )  # fmt: skip
