"""What the customer says on the promise page: you kept your word, it is not right, how it was."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, Refused
from makegood.page.models import Page
from makegood.page.rungs.updating import update_page
from makegood.recover import telling
from makegood.recover.belonging import matters_of
from makegood.recover.facts import CustomerConfirmed, CustomerNotContent, HandlingRated
from makegood.recover.holding import hold, hold_open, hold_steps
from makegood.recover.life.closing import close_confirmed, reopen
from makegood.recover.models import Case, Closure, Step
from makegood.recover.steps.asking import ask_anew_later
from makegood.recover.steps.stepping import checked_words, end_done
from makegood.recover.summoning import in_short, ring_colleagues

LOW = 2


def may_confirm(case: Case) -> bool:
    """Whether the customer has been asked, and not yet answered, if we kept our word."""
    asked = Step.objects.waiting().filter(case=case, kind="prove", asked_at__isnull=False)
    return asked.exists()


def customer_confirms(*, case: Case, now: datetime) -> Closure:
    """The customer says that we kept our word: the case is closed. Saying so twice is once.

    Refuses before they were asked: nobody signs off promises that are still ahead.
    """
    with transaction.atomic():
        hold(case.pk)
        closure = case.standing_closure
        if closure and closure.outcome == Closure.Outcome.CONFIRMED:
            return closure
        hold_open(case)
        if not may_confirm(case):
            raise Refused("We have not kept all our promises yet.", code="not_asked_yet")
        _record(case, CustomerConfirmed(), now)
        return close_confirmed(case=case, now=now)


def customer_says_not_right(*, case: Case, words: str, now: datetime) -> Case:
    """The customer says that it is not right: a closed case opens again, and a senior is rung.

    While a senior has that page, saying more adds to it, and the same words once more change
    nothing.
    """
    said = checked_words(words, field="words", remedy="Tell us in a few words what is not right.")
    with transaction.atomic():
        hold(case.pk)
        if _is_being_heard(case, CustomerNotContent.name, said):
            return case
        if case.standing_closure:
            reopen(case=case, because=said, by=None, now=now)
        hold_steps(case.pk, kind="prove")  # before we tell: a tick may be asking just now
        entry = _record(case, CustomerNotContent(words=said), now)
        for step in hold_steps(case.pk, kind="prove", asked_at__isnull=False):
            ask_anew_later(step, now=now)
            step.save(update_fields=["asked_at", "due_at", "look_at"])
        _ring_senior(case, f"Not right yet. {in_short([], said)}", entry)
        telling.tell(case, what=entry.name, at=now)
    return case


def rate_handling(*, case: Case, score: int, now: datetime) -> None:
    """The customer says how we handled it, 1 to 5; saying it again changes it. A low one rings."""
    if not 1 <= score <= 5:
        raise Invalid("Please choose one of the five answers.", field="score")
    with transaction.atomic():
        hold(case.pk)
        if handling_score(case) == score:
            return
        entry = _record(case, HandlingRated(score=score), now)
        for step in hold_steps(case.pk, kind="ask"):
            note = f"The customer rated us {score} of 5"
            end_done(step, evidence=[entry.pk], note=note, now=now, caused_by=entry.pk)
        if score <= LOW:
            _ring_senior(case, f"The customer says we handled it badly: {score} of 5", entry)
        telling.tell(case, what=entry.name, at=now)


def handling_score(case: Case) -> int | None:
    """The customer's last word on how we handled it."""
    rated = Entry.objects.filter(about=case.pk, name=HandlingRated.name).order_by("-at", "-pk")
    last = rated.first()
    return int(last.data["score"]) if last else None


def _record(
    case: Case, fact: CustomerConfirmed | CustomerNotContent | HandlingRated, now: datetime
) -> Entry:
    return chronicle.record(
        fact, organisation_id=case.organisation_id, at=now, by=chronicle.CUSTOMER, about=case.pk
    )


def _ring_senior(case: Case, what: str, entry: Entry) -> None:
    """Once: whoever has a page about the same already reads on it what was said now."""
    page = _page_of_senior(case, entry.name)
    if page:
        update_page(about=page.about, now=entry.at, what=what)
        return
    ring_colleagues(
        case,
        about=entry.pk,
        purpose=Page.Purpose.DECIDE,
        ladder="senior",
        what=what,
        caused_by=entry.pk,
        now=entry.at,
    )


def _is_being_heard(case: Case, name: str, words: str) -> bool:
    """Whether the customer said just this last, and a senior has the page about it."""
    last = _said(case, name).order_by("-at", "-pk").first()
    return bool(last and last.data["words"] == words and _page_of_senior(case, name))


def _page_of_senior(case: Case, name: str) -> Page | None:
    pages = Page.objects.open().filter(purpose=Page.Purpose.DECIDE)
    return pages.filter(about__in=_said(case, name).values("pk")).first()


def _said(case: Case, name: str) -> QuerySet[Entry]:
    return Entry.objects.filter(about__in=matters_of(case.pk), name=name)
