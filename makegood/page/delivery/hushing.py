"""Tells devices that rang to be silent: somebody goes, or nobody needs to any more.

What is called back is not worth much trouble: after a few tries in vain it is left.
"""

from datetime import datetime
from typing import Final

from makegood.page.channels.speaking import Outcome, Passing, Permanent
from makegood.page.delivery.carrying import Load, again_at, load_of, to_carry
from makegood.page.delivery.silencing import LEASE
from makegood.page.delivery.wording import stop_words
from makegood.page.models import Attempt, Page

MOST_TRIES: Final = 5


def claim_stop(now: datetime) -> Load | None:
    """The next device that must be told to be silent, leased to us.

    A device that rings again for the same page since, in a later round, is left to ring.
    """
    due = to_carry(Attempt.objects.filter(silence_at__lte=now)).order_by("silence_at", "pk")
    while attempt := due.first():
        assert attempt.device
        if _rings_again(attempt):
            attempt.silence_at = None
            attempt.save(update_fields=["silence_at"])
            continue
        attempt.silence_tries += 1
        attempt.silence_at = now + LEASE
        attempt.save(update_fields=["silence_tries", "silence_at"])
        device = attempt.device
        words = stop_words(attempt)
        return load_of(attempt.pk, attempt.silence_tries, words, device.channel, device.address)
    return None


def settle_stop(load: Load, outcome: Outcome, now: datetime) -> None:
    """Writes down that it is silent, or tries a few times more."""
    ours = Attempt.objects.filter(
        pk=load.pk, silence_tries=load.tries, silence_at__isnull=False, silenced_at=None
    )
    if isinstance(outcome, Passing) and load.tries < MOST_TRIES:
        ours.update(silence_at=again_at(outcome, load.tries, now))
    elif isinstance(outcome, Passing | Permanent):
        ours.update(silence_at=None)
    else:
        ours.update(silence_at=None, silenced_at=now)


def failed_stop(load: Load, error: Exception, now: datetime) -> None:
    """What a channel raised is passing."""
    settle_stop(load, Passing(type(error).__name__), now)


def _rings_again(attempt: Attempt) -> bool:
    if attempt.page.state not in Page.UNTAKEN_STATES:
        return False
    later = Attempt.objects.filter(page=attempt.page_id, device=attempt.device_id)
    return later.filter(round__gt=attempt.round).exists()
