"""Carries self-tests to devices across a network, as rings are carried."""

from datetime import datetime

from makegood.page.channels.speaking import Outcome, Passing, Permanent, Taken
from makegood.page.delivery.carrying import Load, again_at, load_of, put_away
from makegood.page.delivery.silencing import LEASE
from makegood.page.delivery.wording import test_words
from makegood.page.equipment.subscribing import ENDED, is_signed_out
from makegood.page.fitting import fitting
from makegood.page.models import SelfTest


def claim_test(now: datetime) -> Load | None:
    """The next self-test that waits, leased to us; those nobody waits for any more are dropped,
    those to a phone nobody is signed in on are given up."""
    due = (
        SelfTest.objects.filter(hand_over_at__lte=now)
        .order_by("hand_over_at", "pk")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("site", "device")
    )
    while test := due.first():
        assert test.device
        if now > test.expires_at:
            test.hand_over_at = None
            test.save(update_fields=["hand_over_at"])
            continue
        if is_signed_out(test.device):
            give_up_test(test, Permanent(ENDED), now)
            continue
        test.tries += 1
        test.hand_over_at = now + LEASE
        test.save(update_fields=["tries", "hand_over_at"])
        device = test.device
        return load_of(test.pk, test.tries, test_words(test), device.channel, device.address)
    return None


def settle_test(load: Load, outcome: Outcome, now: datetime) -> None:
    """Writes down what the provider said, for whoever waits to feel it."""
    ours = SelfTest.objects.select_for_update(of=("self",), no_key=True).select_related("device")
    test = ours.filter(pk=load.pk, tries=load.tries, hand_over_at__isnull=False).first()
    if test is None:
        return
    if isinstance(outcome, Permanent):
        give_up_test(test, outcome, now)
        return
    test.said, test.hand_over_at = fitting(SelfTest, "said", outcome.said), None
    if isinstance(outcome, Taken):
        test.handed_over_at = now
    else:
        test.hand_over_at = again_at(outcome, test.tries, now)
    test.save(update_fields=["said", "hand_over_at", "handed_over_at"])


def give_up_test(test: SelfTest, outcome: Permanent, now: datetime) -> None:
    """It will never be felt."""
    test.said, test.hand_over_at, test.failed_at = (
        fitting(SelfTest, "said", outcome.said),
        None,
        now,
    )
    test.save(update_fields=["said", "hand_over_at", "failed_at"])
    if outcome.retire and test.device:
        put_away(test.device, because=test.said, now=now)


def failed_test(load: Load, error: Exception, now: datetime) -> None:
    """What a channel raised is passing."""
    settle_test(load, Passing(type(error).__name__), now)
