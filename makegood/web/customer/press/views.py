"""The page after the press: who is coming, and what the customer says meanwhile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.page.hands.answering import customer_says_came, customer_says_nobody_came
from makegood.page.models import Page
from makegood.recover.life.answering import customer_says_not_right
from makegood.recover.life.callbacks import ask_callback, slots_for
from makegood.recover.models import Case
from makegood.sense.access import signal_by_token
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.models import Signal
from makegood.sense.topics import CHIPS
from makegood.web.customer.door import house, opened_by, see_other
from makegood.web.customer.press import calls
from makegood.web.customer.press.standing import Stage, Standing, standing_of

NOT_RIGHT = "customer/press/not_right.html"
Saying = Callable[[Standing, QueryDict, datetime], None]


@opened_by(signal_by_token, "GET")
def press(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """How the press stands; `?call=` opens or closes the choice of a call."""
    standing = standing_of(signal, clock.now(), call=request.GET.get("call", ""))
    context = _context(standing, token)
    context["told"] = request.GET.get("said", "")
    return render(request, standing.template, context)


@opened_by(signal_by_token, "GET")
def now(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Only the live parts, for the script to swap in."""
    standing = standing_of(signal, clock.now(), call=request.GET.get("call", ""))
    return render(request, "customer/press/now.html", _context(standing, token))


@opened_by(signal_by_token, "POST")
def remark(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Tell Bo more."""
    return _say(request, signal, token, _add_remark, then="?said=remark#said")


@opened_by(signal_by_token, "POST")
def contact(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Where shall we send it?"""
    return _say(request, signal, token, _leave_contact, then="#reach")


@opened_by(signal_by_token, "POST")
def callback(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """When shall we call?"""
    return _say(request, signal, token, _ask_callback)


@opened_by(signal_by_token, "POST")
def came(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Bo came."""
    return _say(request, signal, token, _say_came)


@opened_by(signal_by_token, "POST")
def nobody_came(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Nobody came, whatever we were told; too late for that, they tell us what is not right."""
    try:
        return _say(request, signal, token, _say_nobody_came)
    except Refused as late:
        if late.code != "too_late":
            raise
        context = _context(standing_of(signal, clock.now()), token) | {"late": late.message}
        return render(request, NOT_RIGHT, context, status=late.status)


@opened_by(signal_by_token, "POST")
def cancel(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Takes the press back."""
    return _say(request, signal, token, _take_back)


@opened_by(signal_by_token, "GET", "POST")
def not_right(request: HttpRequest, signal: Signal, token: str) -> HttpResponse:
    """Still not right: a page to say it on, and saying it."""
    if request.method == "POST":
        return _say(
            request, signal, token, _say_not_right, template=NOT_RIGHT, then="?said=not-right"
        )
    return render(request, NOT_RIGHT, _context(standing_of(signal, clock.now()), token))


def _say(
    request: HttpRequest,
    signal: Signal,
    token: str,
    saying: Saying,
    *,
    then: str = "",
    template: str = "",
) -> HttpResponse:
    """Calls one verb, then back to the page; what cannot be right comes back with their words."""
    moment = clock.now()
    standing = standing_of(signal, moment)
    try:
        saying(standing, request.POST, moment)
    except Invalid as wrong:
        if saying is _ask_callback:
            standing = standing_of(signal, moment, call="yes")
        page = template or standing.template
        context = _context(standing, token, said=request.POST, wrong=wrong)
        return render(request, page, context, status=wrong.status)
    return see_other(f"/p/{token}{then}")


def _add_remark(standing: Standing, said: QueryDict, now: datetime) -> None:
    topics, words, name = said.getlist("topics"), said.get("words", ""), said.get("name", "")
    if not standing.repeats(topics, words, name):
        add_remark(signal=standing.signal, topics=topics, words=words, name=name, now=now)


def _leave_contact(standing: Standing, said: QueryDict, now: datetime) -> None:
    leave_contact(
        signal=standing.signal, contact=said.get("contact", ""), now=now, known=standing.known
    )


def _ask_callback(standing: Standing, said: QueryDict, now: datetime) -> None:
    wanted_at = calls.read_call_time(
        said.get("when", ""), said.get("other", ""), now_local=timezone.localtime(now)
    )
    phone = said.get("phone", "")
    if not phone.strip():
        raise Invalid(_("We need a number to call. Write it here."), field="phone")
    try:
        ask_callback(case=_case(standing), wanted_at=wanted_at, phone=phone, now=now)
    except Invalid as wrong:
        if wrong.field != "phone":
            raise
        why = _("That number looks incomplete. Check it; one from abroad starts with +.")
        raise Invalid(why, field="phone") from wrong


def _say_came(standing: Standing, said: QueryDict, now: datetime) -> None:
    customer_says_came(page=_page_of(standing), now=now)


def _say_nobody_came(standing: Standing, said: QueryDict, now: datetime) -> None:
    if standing.stage == Stage.TAKEN_BACK:
        raise Refused(_("This was taken back. Press again if you need us."), code="taken_back")
    page = _page_of(standing)
    if standing.closure or page.state == Page.State.CANCELLED:
        raise Refused(_("This has ended for us: nobody is sent to you now."), code="too_late")
    customer_says_nobody_came(page=page, now=now)


def _take_back(standing: Standing, said: QueryDict, now: datetime) -> None:
    if standing.stage in (Stage.WITH, Stage.CLOSED):
        why = _("Someone has been with you already. Tell us what is still not right.")
        raise Refused(why, code="already_reached")
    cancel_press(signal=standing.signal, now=now)


def _say_not_right(standing: Standing, said: QueryDict, now: datetime) -> None:
    customer_says_not_right(case=_case(standing), words=said.get("words", ""), now=now)


def _case(standing: Standing) -> Case:
    if standing.case is None:
        raise Refused(_("We have only just heard you. Try again in a moment."), code="too_early")
    return standing.case


def _page_of(standing: Standing) -> Page:
    if standing.page is None:
        raise Refused(_("We have only just heard you. Try again in a moment."), code="too_early")
    return standing.page


def _context(
    standing: Standing,
    token: str,
    *,
    said: QueryDict | None = None,
    wrong: Invalid | None = None,
) -> dict[str, Any]:
    site = standing.signal.site
    local = timezone.localtime(standing.now)
    return {
        **house(site, standing.place),
        **standing.names,
        "standing": standing,
        "stage": standing.stage.value,
        "here": f"/p/{token}",
        "topics": CHIPS.items(),
        "picked": said.getlist("topics") if said else [],
        "calls": _calls(standing),
        "earliest_call": local.strftime("%Y-%m-%dT%H:%M"),
        "said": said or {},
        "wrong": {wrong.field: wrong.message} if wrong else {},
    }


def _calls(standing: Standing) -> list[dict[str, Any]]:
    """The times to offer; the last, which has none, is theirs to choose."""
    if standing.stage != Stage.NOBODY or standing.case is None:
        return []
    slots = slots_for(standing.case, now=standing.now)
    return [
        {"name": slot.label, "at": slot.at, "value": calls.written(slot.at) if slot.at else "other"}
        for slot in slots
    ]
