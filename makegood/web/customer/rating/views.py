"""One-click rating. The link in a mail only pre-selects: scanners follow links, people press."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.people.consent import stop_questions, welcome_messages
from makegood.sense.access import invitation_by_token
from makegood.sense.inviting import answer_invitation
from makegood.sense.models import Invitation
from makegood.web.customer.door import house, opened_by, see_other
from makegood.web.customer.hosts import senior_at
from makegood.web.customer.rating import saying
from makegood.web.customer.rating.following import repair_of

QUESTION = "customer/rating/question.html"
WELL = 4
BADLY = 2


@opened_by(invitation_by_token, "GET", "POST")
def rating(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """The question; a POST answers it, a second one edits the answer."""
    if request.method == "POST":
        return _answer(request, invitation, token)
    if clock.now() >= invitation.expires_at:
        raise Refused(_("This question has closed. You need not do anything."), status=410)
    picked = _preselected(request.GET.get("score", "")) or _given(invitation)
    return render(request, QUESTION, _context(invitation, token, picked=picked))


@opened_by(invitation_by_token, "GET")
def thanks(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Thank you: for a low answer, who writes until when."""
    score = _given(invitation)
    if score is None:
        return see_other(f"/r/{token}")
    context = _context(invitation, token, picked=score)
    low, high = score <= BADLY, score >= WELL
    context |= {
        "low": low,
        "high": high,
        "repair": None if high else repair_of(invitation, clock.now()),
    }
    context["heading"] = saying.thanks(score, invitation.customer.first_name)
    return render(request, "customer/rating/thanks.html", context)


@opened_by(invitation_by_token, "GET", "POST")
def no_more(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Do not ask me again, asked first; and taken back. What we promised may still reach them."""
    if request.method == "POST":
        choose = welcome_messages if "again" in request.POST else stop_questions
        choose(customer=invitation.customer, now=clock.now())
        return see_other(f"/r/{token}/no-more")
    context = _context(invitation, token) | {"questions_only": True}
    return render(request, "customer/no_more.html", context)


def _answer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    said = request.POST
    try:
        score = _preselected(said.get("score", ""))
        if score is None:
            raise Invalid(_("Choose one of the five faces first."), field="score")
        answer_invitation(
            invitation=invitation, score=score, words=said.get("words", ""), now=clock.now()
        )
    except Invalid as wrong:
        context = _context(invitation, token, picked=score, said=said, wrong=wrong)
        return render(request, QUESTION, context, status=wrong.status)
    return see_other(f"/r/{token}/thanks")


def _preselected(score: str) -> int | None:
    return int(score) if score in ("1", "2", "3", "4", "5") else None


def _given(invitation: Invitation) -> int | None:
    rating = getattr(invitation, "rating", None)
    return rating.score if rating else None


def _context(
    invitation: Invitation,
    token: str,
    *,
    picked: int | None = None,
    said: QueryDict | None = None,
    wrong: Invalid | None = None,
) -> dict[str, Any]:
    answered = getattr(invitation, "rating", None)
    as_told = answered is not None and answered.score == picked
    senior = senior_at(invitation.site)
    return {
        **house(invitation.site),
        "here": f"/r/{token}",
        "invitation": invitation,
        "customer": invitation.customer,
        "heading": saying.question(picked, invitation.occasion, answered=as_told),
        "answered": answered,
        "picked": picked,
        "senior": senior.first_name if senior else "",
        "said": said or {"words": answered.words if answered else ""},
        "wrong": {wrong.field: wrong.message} if wrong else {},
    }
