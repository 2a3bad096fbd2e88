"""Looks, every morning, which regular customers stay away; the policy says from when on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from makegood.recover.models import Case, Closure
from makegood.recover.policy import Policy
from makegood.recover.versions.publishing import current_policy
from makegood.sense.missing import Patience, look_again, notice_silence
from makegood.sense.models import AbsenceWatch


def look_for_the_missing(watches: Sequence[AbsenceWatch], now: datetime) -> None:
    """Notices who stays away from these sites; a house without a policy misses nobody."""
    for watch in watches:
        policy = current_policy(watch.organisation_id)
        found = _notice(watch, policy, now) if policy else 0
        look_again(watch, found=found, now=now)


def put_off_watch(watch: AbsenceWatch, error: Exception, now: datetime) -> None:
    """A site that cannot be looked at is looked at tomorrow."""
    look_again(watch, found=0, now=now)


def _notice(watch: AbsenceWatch, policy: Policy, now: datetime) -> int:
    silence = policy.silence
    patience = Patience(
        after_visits=silence.after_visits,
        times_the_usual_gap=silence.times_the_usual_gap,
        at_least=silence.at_least,
    )
    spared = _spared(watch.organisation_id, policy, now)
    return len(notice_silence(site=watch.site, patience=patience, spared=spared, now=now))


def _spared(organisation_id: UUID, policy: Policy, now: datetime) -> set[UUID]:
    """Whom we are making good to already, and who left us for good, as far as we know why."""
    ours = Case.objects.filter(organisation_id=organisation_id, customer__isnull=False)
    running = ours.open().values_list("customer_id", flat=True)
    lost = ours.filter(
        closures__outcome=Closure.Outcome.LOST,
        closures__reopened_at=None,
        closures__closed_at__gte=now - policy.failed_before_within,
    ).values_list("customer_id", flat=True)
    return {*running, *lost}
