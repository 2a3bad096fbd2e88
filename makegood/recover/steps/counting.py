"""From when a step counts that comes after another one, or after something that happens."""

from datetime import datetime

from makegood.recover.belonging import matters_of
from makegood.recover.models import Case, Step
from makegood.recover.policy import Plan
from makegood.recover.policy.plans import CORRECTION_DONE, NEXT_VISIT, REPLY
from makegood.sense.models import Visit
from makegood.sense.visiting import ONE_VISIT
from makegood.words.models import Reply


def counts_from(case: Case, plan: Plan) -> datetime | None:
    """Since when `plan` counts, as the case stands now; None while that is still ahead.

    What comes after a step that was left out counts from then: it is not to wait for ever.
    """
    if not plan.after:
        return case.opened_at
    if plan.after == REPLY:
        return _first_reply(case)
    if plan.after == NEXT_VISIT:
        return _next_visit(case)
    kind = "confirm" if plan.after == CORRECTION_DONE else plan.after
    ended = Step.objects.filter(case=case, kind=kind).exclude(state=Step.State.WAITING)
    return ended.values_list("ended_at", flat=True).first()


def _first_reply(case: Case) -> datetime | None:
    replies = Reply.objects.filter(about__in=matters_of(case.pk)).order_by("received_at", "pk")
    return replies.values_list("received_at", flat=True).first()


def _next_visit(case: Case) -> datetime | None:
    """The first visit after the one on which we failed them."""
    if case.customer_id is None:
        return None
    visits = Visit.objects.filter(
        customer=case.customer_id, began_at__gt=case.opened_at + ONE_VISIT
    )
    return visits.order_by("began_at", "pk").values_list("began_at", flat=True).first()
