"""The promise page: the same truth our colleagues see, and room to answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.people.consent import stop_messages, welcome_messages
from makegood.recover.access import case_by_token
from makegood.recover.life.answering import (
    customer_confirms,
    customer_says_not_right,
    rate_handling,
)
from makegood.recover.models import Case
from makegood.web.customer.door import house, opened_by, see_other
from makegood.web.customer.promise.sheet import Sheet, sheet_of
from makegood.words.replying import receive_reply

SHEET = "customer/promise/sheet.html"
NOT_RIGHT = "customer/promise/not_right.html"
SCORES = ("1", "2", "3", "4", "5")
Saying = Callable[[Case, QueryDict, datetime], None]


@opened_by(case_by_token, "GET")
def promise(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """What we promised, what we kept, what is still to come."""
    context = _context(sheet_of(case, clock.now()), token)
    context["said_so"] = thanks_for(request.GET.get("said", ""))
    return render(request, SHEET, context)


@opened_by(case_by_token, "POST")
def reply(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Write back."""
    return _say(request, case, token, _write_back, page=SHEET, then="?said=reply")


@opened_by(case_by_token, "POST")
def confirm(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Yes, you kept your word."""
    return _say(request, case, token, _confirm, page=SHEET, then="#word")


@opened_by(case_by_token, "POST")
def rating(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """How have we handled this so far?"""
    return _say(request, case, token, _rate, page=SHEET, then="?said=rating")


@opened_by(case_by_token, "GET", "POST")
def not_right(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """It is still not right: a page to say it on, and saying it."""
    if request.method == "POST":
        return _say(request, case, token, _say_not_right, page=NOT_RIGHT, then="?said=not-right")
    return render(request, NOT_RIGHT, _context(sheet_of(case, clock.now()), token))


@opened_by(case_by_token, "GET", "POST")
def no_more(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """No more messages, asked first; and taken back."""
    if case.customer is None:
        raise Refused(_("We do not know how to write to you, so we never will."), code="no_address")
    if request.method == "POST":
        choose = welcome_messages if "again" in request.POST else stop_messages
        choose(customer=case.customer, now=clock.now())
        return see_other(f"/m/{token}/no-more")
    context = {**house(case.site), "here": f"/m/{token}", "customer": case.customer}
    return render(request, "customer/no_more.html", context)


def _say(
    request: HttpRequest, case: Case, token: str, saying: Saying, *, page: str, then: str
) -> HttpResponse:
    """Calls one verb, then back to the page; what cannot be right comes back with their words."""
    moment = clock.now()
    try:
        saying(case, request.POST, moment)
    except Invalid as wrong:
        context = _context(sheet_of(case, moment), token, said=request.POST, wrong=wrong)
        return render(request, page, context, status=wrong.status)
    return see_other(f"/m/{token}{then}")


def thanks_for(said: str) -> str:
    """What we answer, on the page they come back to, to what they just sent."""
    return {
        "reply": _("Thank you. It is with us, and a person reads it."),
        "rating": _("Thank you. We have your answer."),
        "not-right": _("Thank you for telling us. One of us hears of it now."),
    }.get(said, "")


def _write_back(case: Case, said: QueryDict, now: datetime) -> None:
    receive_reply(
        about=case.pk,
        words=said.get("words", ""),
        customer=case.customer,
        letter=sheet_of(case, now).latest_letter,
        organisation_id=case.organisation_id,
        now=now,
    )


def _confirm(case: Case, said: QueryDict, now: datetime) -> None:
    if case.standing_closure is None:
        customer_confirms(case=case, now=now)


def _rate(case: Case, said: QueryDict, now: datetime) -> None:
    score = said.get("score", "")
    if score not in SCORES:
        raise Invalid(_("Choose one of the five faces first."), field="score")
    rate_handling(case=case, score=int(score), now=now)


def _say_not_right(case: Case, said: QueryDict, now: datetime) -> None:
    customer_says_not_right(case=case, words=said.get("words", ""), now=now)


def _context(
    sheet: Sheet, token: str, *, said: QueryDict | None = None, wrong: Invalid | None = None
) -> dict[str, Any]:
    return {
        **house(sheet.case.site),
        "here": f"/m/{token}",
        "sheet": sheet,
        "customer": sheet.case.customer,
        "first_name": sheet.page.first_name,
        "senior": sheet.senior.first_name if sheet.senior else "",
        "said": said or {},
        "wrong": {wrong.field: wrong.message} if wrong else {},
    }
