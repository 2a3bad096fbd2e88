"""Hears what comes in while a case runs, and lets the right person know."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Greatest

from makegood.amends.facts import AmendsAsked, AmendsDecided
from makegood.amends.models import AmendsRequest
from makegood.ground import bulletins, chronicle, topics
from makegood.ground.chronicle import Told, together
from makegood.ground.models import Entry
from makegood.page.hands.ending import cancel_pages, end_pages
from makegood.page.models import Page
from makegood.page.rungs.updating import update_page
from makegood.people.facts import CustomersJoined
from makegood.people.models import Customer, Staff
from makegood.recover import telling
from makegood.recover.access import case_about, case_of_signal, pressed_by_several
from makegood.recover.facts import SecondFailureSeen
from makegood.recover.holding import hold
from makegood.recover.life.closing import close
from makegood.recover.models import Case, CaseSignal, Closure
from makegood.recover.policy.deciding import ladder_of
from makegood.recover.steps.standing import standing_situation
from makegood.recover.summoning import failed_before, in_short, ring_colleagues, who_it_is
from makegood.recover.versions.publishing import policy_of
from makegood.sense.access import answers_to
from makegood.sense.facts import (
    ContactLeft,
    IncidentTakenBack,
    PressCancelled,
    RatingGiven,
    RemarkAdded,
)
from makegood.sense.models import Invitation, Remark, Signal
from makegood.words.facts import LetterFailed, ReplyReceived
from makegood.words.models import Reply


def hear_remark(entry: Entry, fact: RemarkAdded) -> None:
    """Reaction: the page and the case know what the customer chose, wrote, and is called."""
    case = held_case_of(entry.about)
    if not case:
        return  # not triaged yet: opening looks at the remarks itself
    remark = Remark.objects.select_related("signal__customer").get(pk=fact.remark_id)
    whose = remark.signal.customer
    theirs = case.customer in (None, whose) or not pressed_by_several(case)
    name = remark.name if theirs and remark.name else case.customer_name
    update_page(
        about=case.pk,
        now=entry.at,
        what=in_short(remark.topics, remark.words) or None,
        who=None if case.customer else remark.name or None,
        customer_name=name or None,
    )
    if whose and case.customer is None:
        _get_to_know(case, whose, entry)
    telling.tell(case, what=entry.name, at=entry.at, signals=[entry.about])


def hear_contact(entry: Entry, fact: ContactLeft) -> None:
    """Reaction: now we know whose case it is, and whether we failed them before.

    A case that is somebody's stays theirs, whoever else at the table says who they are; only the
    one it was taken from by the same signal gives it away.
    """
    case = held_case_of(entry.about)
    if case:
        if case.customer_id in (None, fact.before, fact.customer_id):
            _get_to_know(case, Customer.objects.get(pk=fact.customer_id), entry)
        telling.tell(case, what=entry.name, at=entry.at, signals=[entry.about])


@together
def hear_who_joined(told: Told) -> None:
    """Reaction: a case nobody knew the customer of was joined by a signal whose customer we know.

    They may have left an address before their press was judged. The case is held by who joins it.
    """
    entries = {fact.signal_id: entry for entry, fact in told}
    joined = CaseSignal.objects.filter(
        signal__in=entries, signal__customer__isnull=False, case__customer=None
    )
    first: dict[UUID, CaseSignal] = {}
    for one in joined.select_related("case__site", "signal__customer").order_by("joined_at", "pk"):
        first.setdefault(one.case_id, one)
    for one in first.values():
        if one.signal.customer:
            _get_to_know(one.case, one.signal.customer, entries[one.signal_id])


def follow_customer(entry: Entry, fact: CustomersJoined) -> None:
    """Reaction: two customers turned out to be one; their cases belong to the one we keep."""
    Case.objects.filter(customer_id=fact.joined_id).update(customer_id=fact.kept_id)


def hear_changed_answer(entry: Entry, fact: RatingGiven) -> None:
    """Reaction: the customer changed an answer of which there is a case; whoever carries it reads
    that before they write. A low one joins the case besides."""
    if not fact.edited:
        return
    answers = answers_to(Invitation.objects.get(pk=fact.invitation_id)).order_by("-received_at")
    heard = answers.filter(case_signal__isnull=False).last()
    case = held_case_of(heard.pk) if heard else None
    if not heard or not case or case.standing_closure:
        return
    latest, before = answers[:2]
    name = (case.customer.first_name if case.customer else "") or "The guest"
    what = f"{name} now rates us {latest.score} of 5. {in_short([], latest.words)}".strip()
    update_page(about=case.pk, now=entry.at, what=what)
    told_already = update_page(about=heard.pk, now=entry.at, what=what)
    if latest.score != before.score and not told_already:
        _remind(case, entry, what, about=heard.pk)
    telling.tell(case, what=entry.name, at=entry.at)


def hear_cancellation(entry: Entry, fact: PressCancelled) -> None:
    """Reaction: the customer took the press back. A case that was only this press ends with it.

    Where somebody was with them already, or others pressed too, the case goes on.
    """
    case = held_case_of(entry.about)
    if not case or case.standing_closure:
        return
    standing = Signal.objects.filter(case_signal__case=case, cancelled_at=None)
    if standing.exists():
        Case.objects.filter(pk=case.pk).update(intensity=Greatest(F("intensity") - 1, 1))
        update_page(about=case.pk, now=entry.at, intensity=max(1, case.intensity - 1))
    elif not case.reached_at:
        cancel_pages(about=case.pk, now=entry.at)
        close(case, Closure.Outcome.WITHDRAWN, reason="The customer took it back.", by=None,
              now=entry.at, caused_by=entry.pk)  # fmt: skip
    telling.tell(case, what=entry.name, at=entry.at, signals=[entry.about])


def hear_incident_taken_back(entry: Entry, fact: IncidentTakenBack) -> None:
    """Reaction: a case that was only this ends, unless somebody was with the customer already.

    A case that others opened, or joined, goes on without it. The cases are held in one order.
    """
    cases = Case.objects.filter(case_signals__signal__touched__incident=entry.about)
    for case_id in sorted(set(cases.values_list("pk", flat=True))):
        hold(case_id)
        case = Case.objects.select_related("organisation", "site").get(pk=case_id)
        if not case.standing_closure:
            _withdraw(case, entry)


def ask_senior(entry: Entry, fact: AmendsAsked) -> None:
    """Reaction: somebody asks for more than their purse holds; a senior is rung to decide."""
    case = case_about(fact.matter)
    if not case:
        return
    request = AmendsRequest.objects.select_related("asked_by").get(pk=fact.request_id)
    asker = request.asked_by.first_name if request.asked_by else "A colleague"
    ring_colleagues(
        case,
        about=request.pk,
        purpose=Page.Purpose.DECIDE,
        ladder="decide",
        what=f"{asker} asks: {request.name}, {request.worth.in_words()}",
        caused_by=entry.pk,
        now=entry.at,
    )
    telling.tell(case, what=entry.name, at=entry.at)


def hear_decision(entry: Entry, fact: AmendsDecided) -> None:
    """Reaction: the asker hears the answer at once, and nobody is rung for it any more."""
    hold(fact.matter)
    end_pages(about=fact.request_id, purpose=Page.Purpose.DECIDE, now=entry.at, by=entry.by)
    case = case_about(fact.matter)
    if not case:
        return
    telling.tell(case, what=entry.name, at=entry.at)
    asked_by = AmendsRequest.objects.values_list("asked_by_id", flat=True).get(pk=fact.request_id)
    if asked_by is not None:
        bulletins.post(
            [topics.staff(asked_by)],
            {"kind": "update", "fact": entry.name, "granted": fact.granted},
            organisation_id=case.organisation_id,
            at=entry.at,
        )


def hear_letter_failed(entry: Entry, fact: LetterFailed) -> None:
    """Reaction: a letter did not arrive; whoever gave their word is told, and may call instead."""
    case = case_about(fact.matter)
    if case:
        whom = case.customer.first_name if case.customer else ""
        _remind(case, entry, f"Your letter to {whom or 'the guest'} did not arrive: {fact.reason}")


def hear_reply(entry: Entry, fact: ReplyReceived) -> None:
    """Reaction: the customer wrote back; whoever gave their word reads it, also after the end."""
    case = case_about(fact.matter)
    if case:
        reply = Reply.objects.get(pk=fact.reply_id)
        name = (case.customer.first_name if case.customer else "") or "The guest"
        _remind(case, entry, f"{name} wrote: {in_short([], reply.words)}")


def held_case_of(signal_id: UUID) -> Case | None:
    """The signal's case, if it has one by now; held, and as it is then."""
    joined = CaseSignal.objects.filter(signal=signal_id)
    case_id = joined.values_list("case_id", flat=True).first()
    if not case_id:
        return None
    hold(case_id)
    return case_of_signal(signal_id)


def _remind(case: Case, entry: Entry, what: str, *, about: UUID | None = None) -> None:
    ring_colleagues(
        case,
        about=about or entry.about,
        purpose=Page.Purpose.REMIND,
        ladder="remind",
        who_promised="case_owner",
        what=what,
        caused_by=entry.pk,
        now=entry.at,
    )
    telling.tell(case, what=entry.name, at=entry.at)


def _get_to_know(case: Case, customer: Customer, entry: Entry) -> None:
    """The case gets its customer; one we failed before is a senior's matter from now on.

    A promise page that was opened for others, or for a neighbour too, is theirs alone from now on.
    """
    first_time = case.customer_id is None
    if case.customer_id != customer.pk:
        if not first_time or pressed_by_several(case):
            case.link_version += 1
        case.customer = customer
        case.save(update_fields=["customer", "link_version"])
    again = second_failure(case, customer, entry.at)
    update_page(
        about=case.pk,
        now=entry.at,
        who=again or who_it_is(customer),
        customer_name=customer.name or None,
    )
    if again and first_time and not case.standing_closure:
        _call_senior(case, again, caused_by=entry.pk, now=entry.at)


def second_failure(case: Case, customer: Customer, now: datetime) -> str:
    """How we failed the customer of this case before, in words; empty if we did not."""
    return failed_before(
        customer,
        policy=policy_of(case.policy_id),
        zone=ZoneInfo(case.site.timezone),
        now=now,
        besides=case.pk,
    )


def _call_senior(case: Case, words: str, *, caused_by: UUID, now: datetime) -> None:
    policy = policy_of(case.policy_id)
    rule = policy.second_failure
    ladder, _ = ladder_of(policy, standing_situation(case, now))
    Case.objects.filter(pk=case.pk).update(severity=Greatest("severity", rule.severity_at_least))
    seen = chronicle.record(
        SecondFailureSeen(words=words),
        organisation_id=case.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=case.pk,
        caused_by=caused_by,
    )
    ring_colleagues(
        case,
        about=seen.pk,
        purpose=Page.Purpose.DECIDE,
        ladder=ladder or rule.ladder,
        what=f"{words}. Please go yourself.",
        caused_by=seen.pk,
        now=now,
    )


def _withdraw(case: Case, entry: Entry) -> None:
    if Signal.objects.filter(case_signal__case=case, cancelled_at=None).exists():
        Case.objects.filter(pk=case.pk).update(intensity=Greatest(F("intensity") - 1, 1))
        update_page(about=case.pk, now=entry.at, intensity=max(1, case.intensity - 1))
    elif not case.reached_at:
        cancel_pages(about=case.pk, now=entry.at)
        by = Staff.objects.filter(pk=entry.by.removeprefix("staff:")).first()
        who = by.first_name if by else "A colleague"
        close(case, Closure.Outcome.WITHDRAWN, reason=f"{who} took back what was reported.", by=by,
              now=entry.at, caused_by=entry.pk)  # fmt: skip
    telling.tell(case, what=entry.name, at=entry.at)
