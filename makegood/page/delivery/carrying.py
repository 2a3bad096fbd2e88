"""Carries rings to devices across a network, in two phases, and writes down what came of it.

The intention (a lease in `hand_over_at`) is committed before the provider is called, its answer
after. A ring leaves only while its page still asks its person: who has it in hand, or a round that
is over, stops it here at the latest. Old pages are never resurrected.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from makegood.ground import wakeup
from makegood.page.channels import registry
from makegood.page.channels.speaking import (
    Address,
    Carry,
    Outcome,
    Passing,
    Permanent,
    Taken,
    Words,
)
from makegood.page.delivery.silencing import LEASE
from makegood.page.delivery.wording import ring_words
from makegood.page.equipment.equipping import retire_device
from makegood.page.equipment.kit import NOTHING, Kit, read
from makegood.page.equipment.subscribing import ENDED, is_signed_out
from makegood.page.fitting import fitting
from makegood.page.models import Answer, Attempt, Device, Page, Wishes
from makegood.page.rungs.attempting import LANE

PAUSES: Final = [timedelta(seconds=seconds) for seconds in (2, 4, 8, 15, 30)]
LONGEST_PAUSE: Final = timedelta(minutes=1)
OUR_FAULT: Final = "Our fault"


@dataclass(frozen=True)
class Load:
    """One thing to carry, claimed: all that is needed where there is no database."""

    pk: UUID
    tries: int
    words: Words
    address: Address
    carry: Carry


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries in vain: two seconds at first, a minute in the end."""
    return PAUSES[tries - 1] if 0 < tries <= len(PAUSES) else LONGEST_PAUSE


def again_at(outcome: Passing, tries: int, now: datetime) -> datetime:
    """When it is tried again: never before the provider asked for."""
    return now + max(pause_after(tries), outcome.retry_after or timedelta())


def deliver(load: Load, now: datetime) -> Outcome:
    """Calls the provider, in no transaction."""
    return load.carry(load.words, load.address, now)


def load_of(pk: UUID, tries: int, words: Words, channel: str, address: Address) -> Load:
    """What the channel needs to carry these words."""
    carry = registry.CHANNELS[channel].carry
    assert carry
    return Load(pk, tries, words, address, carry)


def to_carry(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """Those of carried channels that nobody else holds, with all that their words need, locked."""
    free = attempts.filter(channel__in=registry.carried())
    free = free.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return free.select_related("page__site", "page__taken_by", "device")


def claim_ring(now: datetime) -> Load | None:
    """The next ring that waits and is still wanted, leased to us; those nobody wants are dropped,
    and those to a phone nobody is signed in on any more make room for the person's next.

    The first page of a person comes before their later ones.
    """
    waiting = Attempt.objects.filter(hand_over_at__lte=now)
    due = to_carry(waiting).order_by("hand_over_at", "made_at", "pk")
    while attempt := due.first():
        assert attempt.device
        if not is_wanted(attempt):
            attempt.hand_over_at = None
            attempt.save(update_fields=["hand_over_at"])
            continue
        if is_signed_out(attempt.device):
            attempt.hand_over_at, attempt.failed_at, attempt.said = None, now, ENDED
            attempt.save(update_fields=["hand_over_at", "failed_at", "said"])
            _ring_next(attempt, now)
            continue
        attempt.tries += 1
        attempt.hand_over_at = now + LEASE
        attempt.save(update_fields=["tries", "hand_over_at"])
        device = attempt.device
        words = ring_words(attempt)
        return load_of(attempt.pk, attempt.tries, words, device.channel, device.address)
    return None


def is_wanted(attempt: Attempt) -> bool:
    """Whether its page still asks its person, in the round the attempt was made for: to go, or,
    where every hand counts, to say that they know who goes."""
    page = attempt.page
    if attempt.round != page.round or page.state == Page.State.RINGING:
        return attempt.round == page.round
    if not attempt.until_known or page.state not in Page.IN_HAND_STATES:
        return False
    said = Answer.objects.filter(page=page, staff=attempt.staff_id, round=page.round)
    return not said.exists()


def settle_ring(load: Load, outcome: Outcome, now: datetime) -> None:
    """Writes down what the provider said; a device it gave up makes room for the next at once."""
    attempt = _still_ours(load)
    if attempt is None:
        return
    called_back = attempt.hand_over_at is None
    attempt.said = fitting(Attempt, "said", outcome.said)
    if isinstance(outcome, Passing):
        attempt.hand_over_at = None if called_back else again_at(outcome, attempt.tries, now)
    else:
        attempt.hand_over_at = None
    if isinstance(outcome, Taken):
        attempt.sent_at = now
        if attempt.silence_at:  # somebody went while it was under way
            attempt.silence_at = now
            wakeup.wake(LANE)
    if isinstance(outcome, Permanent):
        attempt.failed_at, attempt.silence_at = now, None
    attempt.save(update_fields=["said", "hand_over_at", "sent_at", "silence_at", "failed_at"])
    if isinstance(outcome, Permanent):
        give_up(attempt, outcome, called_back=called_back, now=now)


def failed_ring(load: Load, error: Exception, now: datetime) -> None:
    """What a channel raised is passing: it is tried again."""
    settle_ring(load, Passing(f"{OUR_FAULT}: {type(error).__name__}"), now)


def give_up(attempt: Attempt, outcome: Permanent, *, called_back: bool, now: datetime) -> None:
    """An attempt that failed for good makes room for the next device, where anybody still asks."""
    if outcome.retire and attempt.device:
        put_away(attempt.device, because=attempt.said, now=now)
    if not called_back:
        _ring_next(attempt, now)


def put_away(device: Device, *, because: str, now: datetime) -> None:
    """Nothing will ever reach this device again: every page that was still to ring it rings the
    person's next at once."""
    waiting = Attempt.objects.filter(device=device, hand_over_at__isnull=False)
    lost = list(waiting.select_related("page").order_by("made_at", "pk"))
    retire_device(device=device, because=because, now=now)
    for attempt in lost:
        if is_wanted(attempt):
            _ring_next(attempt, now)


def _ring_next(attempt: Attempt, now: datetime) -> None:
    """The same person's device that would have rung next rings now, unless it is quiet."""
    if _kit_of(attempt).is_quiet(attempt.page.severity, now):
        return
    waiting = Attempt.objects.filter(
        page=attempt.page_id, staff=attempt.staff_id, round=attempt.round, hand_over_at__gt=now
    )
    following = waiting.filter(tries=0).order_by("hand_over_at", "pk").values_list("pk", flat=True)
    pk = following.first()
    if pk and waiting.filter(pk=pk).update(hand_over_at=now):
        wakeup.wake(LANE)


def _kit_of(attempt: Attempt) -> Kit:
    wishes = Wishes.objects.select_related("staff__site").filter(staff=attempt.staff_id).first()
    if wishes is None:
        return NOTHING
    said: list[Any] = [{}, wishes.quiet_from, wishes.quiet_until, wishes.quiet_below]
    thing = (str(attempt.device_id), attempt.channel, False)
    return read([thing], said, wishes.staff.site.timezone)


def _still_ours(load: Load) -> Attempt | None:
    """The row as it is now, locked; None when the lease ran out and somebody else has it."""
    ours = Attempt.objects.select_for_update(of=("self",), no_key=True)
    ours = ours.select_related("page", "device")
    return ours.filter(pk=load.pk, tries=load.tries, sent_at=None, failed_at=None).first()
