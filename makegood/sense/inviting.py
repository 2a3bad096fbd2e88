"""Asking a customer how it was. A GET never answers: only `answer_invitation` does."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle, wakeup
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import Customer, Site
from makegood.people.plain_text import one_line, paragraphs
from makegood.sense.adding import LONGEST_WORDS
from makegood.sense.facts import CustomerInvited, RatingGiven
from makegood.sense.models import Invitation, Rating, Signal, Touchpoint

OPEN_FOR = timedelta(days=30)
SURVEY_PLACE = "Asked by message"


def invite(
    *,
    customer: Customer,
    site: Site,
    occasion: str,
    now: datetime,
    about: UUID | None = None,
    caused_by: UUID | None = None,
) -> Invitation:
    """Invites `customer` to rate `occasion`; the same `caused_by` gives the same invitation.

    Refuses (`no_messages`) a customer who asked not to be written to, or not to be asked.
    """
    occasion = one_line(occasion, field="occasion", longest=80, required=True)
    if customer.no_messages_at:
        raise Refused("They asked us not to write to them.", code="no_messages")
    if customer.no_questions_at:
        raise Refused("They asked us not to ask them again.", code="no_messages")
    with transaction.atomic():
        invitation, fresh = _invitation(customer, site, occasion, now, about, caused_by)
        if fresh:
            chronicle.record(
                CustomerInvited(customer_id=customer.pk),
                organisation_id=site.organisation_id,
                at=now,
                by=chronicle.SYSTEM,
                about=invitation.pk,
                caused_by=caused_by,
            )
    return invitation


def answer_invitation(*, invitation: Invitation, score: int, words: str, now: datetime) -> Rating:
    """The customer's answer; answering again edits it, repeating the same changes nothing.

    Every answer is also a signal for triage, so a low one starts a repair. Refuses a score other
    than 1 to 5 and an invitation that has expired.
    """
    if not 1 <= score <= 5:
        raise Invalid("Please choose one of the five answers.", field="score")
    words = paragraphs(words, field="words", longest=LONGEST_WORDS)
    with transaction.atomic():
        asked = _locked(invitation)
        if now >= asked.expires_at:
            raise Refused(
                "This question has expired. You can still write to us.", code="expired", status=410
            )
        rating = Rating.objects.filter(invitation=asked).first()
        if rating and (rating.score, rating.words) == (score, words):
            return rating
        rating = _say(asked, rating, score, words, now)
        _let_triage_know(asked, rating, now)
        chronicle.record(
            RatingGiven(invitation_id=asked.pk, score=score, edited=rating.edits > 0),
            organisation_id=asked.organisation_id,
            at=now,
            by=chronicle.CUSTOMER,
            about=asked.pk,
        )
    return rating


def rating_key(invitation_id: UUID) -> str:
    """How the keys of all answers to one invitation begin."""
    return f"rating-{invitation_id}-"


def _invitation(
    customer: Customer,
    site: Site,
    occasion: str,
    now: datetime,
    about: UUID | None,
    caused_by: UUID | None,
) -> tuple[Invitation, bool]:
    given = {
        "organisation_id": site.organisation_id,
        "site": site,
        "touchpoint": _survey_of(site, now),
        "customer": customer,
        "occasion": occasion,
        "about": about,
        "created_at": now,
        "expires_at": now + OPEN_FOR,
    }
    if caused_by is None:
        return Invitation.objects.create(**given), True
    return Invitation.objects.get_or_create(caused_by=caused_by, defaults=given)


def _survey_of(site: Site, now: datetime) -> Touchpoint:
    """The touchpoint that stands for questions sent by message; nobody places it by hand."""
    survey, _ = Touchpoint.objects.get_or_create(
        organisation_id=site.organisation_id,
        site=site,
        kind=Touchpoint.Kind.SURVEY,
        place=SURVEY_PLACE,
        retired_at=None,
        defaults={"dwell_minutes": 0, "created_at": now},
    )
    return survey


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("customer").get(pk=invitation.pk)


def _say(asked: Invitation, rating: Rating | None, score: int, words: str, now: datetime) -> Rating:
    if rating is None:
        return Rating.objects.create(
            organisation_id=asked.organisation_id,
            invitation=asked,
            score=score,
            words=words,
            given_at=now,
        )
    rating.score, rating.words = score, words
    rating.edited_at, rating.edits = now, rating.edits + 1
    rating.save(update_fields=["score", "words", "edited_at", "edits"])
    return rating


def _let_triage_know(asked: Invitation, rating: Rating, now: datetime) -> None:
    Signal.objects.create(
        id=new_id(),
        organisation_id=asked.organisation_id,
        site_id=asked.site_id,
        touchpoint_id=asked.touchpoint_id,
        customer_id=asked.customer_id,
        kind=Signal.Kind.RATING,
        key=f"{rating_key(asked.pk)}{rating.edits + 1}",
        place=asked.occasion[:60],
        dwell_minutes=0,
        score=rating.score,
        words=rating.words,
        happened_at=now,
        received_at=now,
    )
    wakeup.wake("urgent")
