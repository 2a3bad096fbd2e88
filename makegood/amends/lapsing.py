"""Nobody is asked any more: what waits for a senior lapses with the matter it is for."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from makegood.amends.facts import AmendsLapsed
from makegood.amends.models import AmendsRequest
from makegood.ground import chronicle


def lapse(*, about: Collection[UUID], reason: str, caused_by: UUID, now: datetime) -> None:
    """Ends the requests for these matters that nobody has decided; `reason` is kept with each.

    Whoever ends a matter holds it, and so does a senior who decides: nobody decides meanwhile.
    """
    waiting = AmendsRequest.objects.undecided().filter(about__in=about).order_by("pk")
    for request in waiting.select_for_update(of=("self",)):
        request.decision = AmendsRequest.Decision.LAPSED
        request.reason, request.decided_at = reason, now
        request.save(update_fields=["decision", "reason", "decided_at"])
        chronicle.record(
            AmendsLapsed(matter=request.about, request_id=request.pk),
            organisation_id=request.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=request.pk,
            caused_by=caused_by,
        )
