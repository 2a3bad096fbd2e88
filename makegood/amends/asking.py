"""Above the purse: a senior is asked, and answers with a reason. A yes is paid by the house."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from makegood.amends.facts import AmendsAsked, AmendsDecided
from makegood.amends.gifts import Gift, Priced, price
from makegood.amends.granting import Tap, check_key, check_reason, enter_amends
from makegood.amends.models import AmendsRequest
from makegood.ground import chronicle, locks
from makegood.ground.money import Money
from makegood.ground.refusals import NotAllowed, NotFound, Refused
from makegood.people.models import Role, Staff


@transaction.atomic
def ask_senior(*, about: UUID, what: Gift, by: Staff, key: str, now: datetime) -> AmendsRequest:
    """Asks a senior to give `what`; the same `key` asks once. Refuses gifts as `give` does."""
    check_key(key)
    gift = price(what, by=by)
    try:
        with transaction.atomic():
            return _already_asked(about, gift, by, key) or _ask(about, gift, by, key, now)
    except IntegrityError:  # the same tap came in by another way at the same moment
        if request := _already_asked(about, gift, by, key):
            return request
        raise


@transaction.atomic
def ask_for_all(
    *, about: UUID, gifts: Sequence[Gift], by: Staff, key: str, now: datetime
) -> list[AmendsRequest]:
    """Asks for several things, each a question of its own, all or none; refuses as `ask_senior`."""
    return [
        ask_senior(about=about, what=gift, by=by, key=f"{key}?{number}", now=now)
        for number, gift in enumerate(gifts)
    ]


@transaction.atomic
def decide(
    *,
    request: AmendsRequest,
    granted: bool,
    reason: str,
    by: Staff,
    now: datetime,
    left: Money | None = None,
) -> AmendsRequest:
    """Answers a request. A yes gives it at once, from the house; a no needs a reason.

    `left`: how much this senior may still say yes to on the matter, counted by a caller who holds
    it; None: anything. Refuses anyone but a senior, the asker (an owner may), a second decision,
    and more than is left.
    """
    if request.organisation_id != by.organisation_id:
        raise NotFound
    if not by.is_senior:
        raise NotAllowed("A manager or the owner decides this.")
    if request.asked_by_id == by.pk and by.role != Role.OWNER:
        raise NotAllowed("You asked for this one; somebody else decides it.")
    words = reason.strip() if granted and not reason.strip() else check_reason(reason)
    locks.hold_matter(request.about)
    request = AmendsRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if request.decision:
        raise Refused(_decided_already(request), code="already_decided")
    if granted and left is not None and left < request.worth:
        raise NotAllowed(_is_for_the_owner(left))
    request.decision = (
        AmendsRequest.Decision.GRANTED if granted else AmendsRequest.Decision.DECLINED
    )
    request.reason, request.decided_by, request.decided_at = words, by, now
    request.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    fact = AmendsDecided(
        matter=request.about, request_id=request.pk, granted=granted, staff_id=by.pk
    )
    entry = chronicle.record(
        fact,
        organisation_id=request.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=request.pk,
    )
    if granted:
        _give_from_the_house(request, by=by, now=now, caused_by=entry.pk)
    return request


def _ask(about: UUID, gift: Priced, by: Staff, key: str, now: datetime) -> AmendsRequest:
    request = AmendsRequest.objects.create(
        organisation_id=by.organisation_id,
        about=about,
        remedy=gift.remedy,
        name=gift.name,
        minor=gift.worth.minor,
        currency=gift.worth.currency,
        asked_by=by,
        asked_at=now,
        key=key,
    )
    chronicle.record(
        AmendsAsked(matter=about, request_id=request.pk, staff_id=by.pk),
        organisation_id=by.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=request.pk,
    )
    return request


def _already_asked(about: UUID, gift: Priced, by: Staff, key: str) -> AmendsRequest | None:
    request = AmendsRequest.objects.filter(organisation_id=by.organisation_id, key=key).first()
    if request is None:
        return None
    same = (request.about, request.asked_by_id) == (about, by.pk)
    if not same or (request.name, request.worth) != (gift.name, gift.worth):
        raise Refused("This tap already asked for something else.", code="key_used", field="key")
    return request


def _give_from_the_house(
    request: AmendsRequest, *, by: Staff, now: datetime, caused_by: UUID
) -> None:
    tap = Tap(request.about, request.asked_by or by, f"request:{request.pk}", now)
    gift = Priced(request.name, request.worth, request.remedy)
    enter_amends(gift, tap, request=request, caused_by=caused_by)


def _decided_already(request: AmendsRequest) -> str:
    if request.decision == AmendsRequest.Decision.LAPSED:
        return "What it was asked for is over. Nobody needs to decide it any more."
    who = request.decided_by.first_name if request.decided_by else "a colleague"
    return f"This was already decided by {who}."


def _is_for_the_owner(left: Money) -> str:
    if not left.minor:
        return "This case was given all you may say yes to. The rest is for the owner to decide."
    return f"You may say yes to {left.in_words()} on this case. More is for the owner to decide."
