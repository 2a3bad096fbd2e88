"""Giving, within the purse: one tap, once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from makegood.amends import purses
from makegood.amends.coupons import attach_coupon
from makegood.amends.facts import AmendsGiven, AmendsTakenBack, NothingGiven
from makegood.amends.gifts import Gift, Priced, price
from makegood.amends.models import Amends, AmendsRequest, Coupon, Purse, PurseEntry
from makegood.ground import chronicle, locks
from makegood.ground.money import Money
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people.models import Staff

GRACE = timedelta(seconds=60)
LONGEST_KEY = 60
LONGEST_REASON = 500
MOST_AT_ONCE = 9


@dataclass(frozen=True)
class Tap:
    """One tap of somebody who gives: for which matter, under which key of its own, when.

    `left`: how much they may still give on the matter.
    """

    about: UUID
    by: Staff
    key: str
    now: datetime
    left: Money | None = None


class OverLimit(Refused):
    """One matter would get more than this person may give on it; `missing` says how much more."""

    def __init__(self, missing: Money) -> None:
        self.missing = missing
        super().__init__(
            f"This is {missing.in_words()} over what you may give on one case. "
            "A senior can say yes.",
            code="over_limit",
        )


class OverPurse(Refused):
    """The purse holds less than the gifts cost; `missing` says how much less."""

    def __init__(self, missing: Money) -> None:
        self.missing = missing
        super().__init__(
            f"This is {missing.in_words()} over your purse. A senior can say yes.",
            code="over_purse",
        )


def give(
    *, about: UUID, what: Gift, by: Staff, key: str, now: datetime, left: Money | None = None
) -> Amends:
    """Gives one thing from the giver's purse. The same `key` gives once, however often it comes.

    `left`: how much the giver may still give on this matter, counted by a caller who holds it;
    None: the purse alone decides.
    Refuses `over_limit` and `over_purse` (both say how much is missing), a retired remedy, and a
    key that stood for another gift.
    """
    return give_all(about=about, gifts=[what], by=by, key=key, now=now, left=left)[0]


@transaction.atomic
def give_all(
    *,
    about: UUID,
    gifts: Sequence[Gift],
    by: Staff,
    key: str,
    now: datetime,
    left: Money | None = None,
) -> list[Amends]:
    """Gives several things at once, all or nothing; refuses as `give` does."""
    check_key(key)
    if not 0 < len(gifts) <= MOST_AT_ONCE:
        raise Invalid(f"Choose one to {MOST_AT_ONCE} things to give.", field="gifts")
    priced = [price(gift, by=by) for gift in gifts]
    tap = Tap(about, by, key, now, left)
    try:
        with transaction.atomic():
            locks.hold_matter(about)
            purse = _locked_purse(by) if any(gift.worth.minor for gift in priced) else None
            return _already_given(tap, priced) or _give(tap, priced, purse)
    except IntegrityError:  # the same tap came in by another way at the same moment
        if given := _already_given(tap, priced):
            return given
        raise


@transaction.atomic
def give_nothing(*, about: UUID, reason: str, by: Staff, now: datetime) -> None:
    """Decides that nothing is to be given; refuses no reason."""
    chronicle.record(
        NothingGiven(matter=about, reason=check_reason(reason), staff_id=by.pk),
        organisation_id=by.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=about,
    )


@transaction.atomic
def take_back(*, amends: Amends, by: Staff, now: datetime) -> Amends:
    """Undoes a gift within a minute, for its giver or a senior; a second time changes nothing.

    Refuses `too_late`, and `already_redeemed` for a coupon that was used meanwhile.
    """
    if amends.organisation_id != by.organisation_id:
        raise NotFound
    if amends.given_by_id != by.pk and not by.is_senior:
        raise NotAllowed("Only who gave it, or a senior, can take it back.")
    locks.hold_matter(amends.about)
    entry = amends.entries.filter(kind=PurseEntry.Kind.GIVEN).select_related("purse").first()
    if entry:
        entry.purse = purses.lock(entry.purse)
    amends = Amends.objects.select_for_update(no_key=True).get(pk=amends.pk)
    if amends.taken_back_at:
        return amends
    if now - amends.given_at > GRACE:
        raise Refused("A minute has passed; it is given now.", code="too_late")
    _refuse_if_redeemed(amends)
    amends.taken_back_at = now
    amends.save(update_fields=["taken_back_at"])
    if entry:
        purses.put_back(entry, now=now)
    chronicle.record(
        AmendsTakenBack(matter=amends.about),
        organisation_id=amends.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=amends.pk,
    )
    return amends


def enter_amends(
    gift: Priced,
    tap: Tap,
    *,
    purse: Purse | None = None,
    request: AmendsRequest | None = None,
    caused_by: UUID | None = None,
) -> Amends:
    """Writes what was given, its coupon and its line in a locked purse, and tells the story."""
    by, worth = tap.by, gift.worth
    amends = Amends.objects.create(
        organisation_id=by.organisation_id,
        about=tap.about,
        remedy=gift.remedy,
        name=gift.name,
        minor=worth.minor,
        currency=worth.currency,
        given_by=by,
        given_at=tap.now,
        request=request,
        key=tap.key,
    )
    if gift.is_coupon:
        attach_coupon(amends, timezone=by.site.timezone, now=tap.now)
    if purse and worth.minor:
        purses.take_out(purse, amends, day=purses.site_day(by, tap.now))
    chronicle.record(
        AmendsGiven(
            matter=tap.about,
            what=gift.name,
            minor=worth.minor,
            currency=worth.currency,
            staff_id=by.pk,
        ),
        organisation_id=by.organisation_id,
        at=tap.now,
        by=chronicle.staff_actor(by.pk),
        about=amends.pk,
        caused_by=caused_by,
    )
    return amends


def check_key(key: str) -> str:
    """The key itself; refuses none and an overlong one."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("The tap came without its key. Please tap again.", field="key")
    return key


def check_reason(reason: str) -> str:
    """The reason itself; refuses none and an overlong one."""
    words = reason.strip()
    if not words:
        raise Invalid("Say why, in a few words.", field="reason")
    if len(words) > LONGEST_REASON:
        raise Invalid(f"Say why in {LONGEST_REASON} characters.", field="reason")
    return words


def _locked_purse(by: Staff) -> Purse | None:
    purse = Purse.objects.filter(staff=by).first()
    return purses.lock(purse) if purse else None


def _give(tap: Tap, gifts: Sequence[Priced], purse: Purse | None) -> list[Amends]:
    cost = sum((gift.worth for gift in gifts), start=Money(0, tap.by.organisation.currency))
    if tap.left is not None and tap.left < cost:
        raise OverLimit(cost - tap.left)
    held = Money(0, cost.currency)
    if purse:
        purses.fill_for(purse, purses.site_day(tap.by, tap.now), now=tap.now)
        held = purse.balance()
    if held < cost:
        raise OverPurse(cost - held)
    return [
        enter_amends(gift, replace(tap, key=key), purse=purse)
        for gift, key in zip(gifts, _keys(tap.key, len(gifts)), strict=True)
    ]


def _already_given(tap: Tap, gifts: Sequence[Priced]) -> list[Amends]:
    keys = _keys(tap.key, len(gifts))
    rows = Amends.objects.filter(organisation_id=tap.by.organisation_id, key__in=keys)
    found = {amends.key: amends for amends in rows}
    if not found:
        return []
    given = [found[key] for key in keys if key in found]
    same = len(given) == len(gifts) and all(
        (amends.about, amends.given_by_id) == (tap.about, tap.by.pk) and gift.is_same_as(amends)
        for amends, gift in zip(given, gifts, strict=True)
    )
    if not same:
        raise Refused("This tap already gave something else.", code="key_used", field="key")
    return given


def _keys(key: str, count: int) -> list[str]:
    return [key, *(f"{key}+{number}" for number in range(1, count))]


def _refuse_if_redeemed(amends: Amends) -> None:
    coupon = Coupon.objects.select_for_update(no_key=True).filter(amends=amends).first()
    if coupon and hasattr(coupon, "redemption"):
        raise Refused("The coupon has been used already.", code="already_redeemed")
