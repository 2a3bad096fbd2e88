"""How often each of the twelve steps was kept on time: whether we do what the policy says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from makegood.recover.models import Step
from makegood.recover.policy.timing import PUNCTUAL

LOOKS_BACK: Final = timedelta(days=90)
ENOUGH: Final = 10  # below this many, a share says nothing
GOOD: Final = 0.9


@dataclass(frozen=True)
class Kept:
    """Of so many promises of one kind, so many were kept on time."""

    on_time: int
    of: int

    @property
    def is_known(self) -> bool:
        """Whether there were enough to speak of a share."""
        return self.of >= ENOUGH

    @property
    def share(self) -> float:
        """The share that was kept on time; 0 if there were none."""
        return self.on_time / self.of if self.of else 0.0

    @property
    def is_good(self) -> bool:
        """Whether we keep it in nine of ten cases or better; never said of a few."""
        return self.is_known and self.share >= GOOD

    @property
    def percent(self) -> int:
        """The share as people say it, rounded down: 89.9 is not 90."""
        return int(self.share * 100)


NEVER_DUE: Final = Kept(0, 0)


def kept_on_time(
    organisation_id: UUID, *, now: datetime, within: timedelta = LOOKS_BACK
) -> Mapping[str, Kept]:
    """By kind of step, of those that fell due within `within`: how many were kept on time.

    What was left out is not counted, and what is not due yet counts only once it is done.
    """
    due = Step.objects.filter(organisation_id=organisation_id, due_at__gt=now - within)
    tested = due.filter(Q(due_at__lte=now) | Q(state=Step.State.DONE) | ~Q(asked_at=None))
    counted = (
        tested.exclude(state=Step.State.SKIPPED)
        .annotate(kept=Coalesce("asked_at", "ended_at"))
        .order_by()
        .values("kind")
        .annotate(of=Count("pk"), on_time=Count("pk", filter=Q(kept__lt=F("due_at") + PUNCTUAL)))
    )
    return {row["kind"]: Kept(row["on_time"], row["of"]) for row in counted}
