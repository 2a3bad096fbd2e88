"""Holds a case while it changes: first the case, then its steps, and only then any page."""

from uuid import UUID

from makegood.ground.refusals import Refused
from makegood.recover.models import Case, Step


def hold(case_id: UUID) -> None:
    """Locks the case until the transaction ends; others may still refer to it."""
    locked = Case.objects.select_for_update(no_key=True).filter(pk=case_id)
    locked.values_list("pk").first()


def hold_open(case: Case) -> None:
    """Holds the case; refuses a closed one."""
    hold(case.pk)
    if case.standing_closure:
        raise Refused("This case is closed already.", code="case_closed")


def hold_steps(case_id: UUID, **which: object) -> list[Step]:
    """The waiting steps of a case that match, held together with their case."""
    hold(case_id)
    steps = Step.objects.waiting().filter(case_id=case_id, **which)
    return list(steps.select_for_update(of=("self",)).select_related("case__site"))


def hold_matter(matter: UUID) -> None:
    """Holds the case that `matter` is, or the step it is and its case; any other is not ours."""
    case_id = Step.objects.filter(pk=matter).values_list("case_id", flat=True).first()
    if case_id:
        hold_steps(case_id, pk=matter)
    else:
        hold(matter)
