"""Which case answers for a matter, once cases were joined; and all that belongs to one case."""

from uuid import UUID

from makegood.recover.models import Merger


def link_to(case_id: UUID) -> str:
    """The workspace of a case, for colleagues."""
    return f"/cases/{case_id}"


def answering_for(matter: UUID) -> UUID:
    """The case that answers for `matter`: itself, or the one it was joined with, however often."""
    merged = Merger.objects.standing().filter(absorbed=matter)
    survivor = merged.values_list("survivor_id", flat=True).first()
    return answering_for(survivor) if survivor else matter


def matters_of(case_id: UUID) -> list[UUID]:
    """The case and every case that was joined with it: what was made there is shown with it."""
    matters, fresh = [case_id], [case_id]
    while fresh:
        merged = Merger.objects.standing().filter(survivor__in=fresh).order_by("pk")
        fresh = list(merged.values_list("absorbed_id", flat=True))
        matters += fresh
    return matters
