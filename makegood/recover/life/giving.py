"""Gives on a case within what the policy lets a colleague give there, also when asked in pieces.

What is left of a limit is counted while the case and all that was joined with it are held: two who
give at the same moment count each other's gifts.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.amends import access, asking, granting
from makegood.amends.gifts import Gift
from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.refusals import Refused
from makegood.page.hands import answering
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.access import case_about
from makegood.recover.belonging import matters_of
from makegood.recover.holding import hold
from makegood.recover.models import Case
from makegood.recover.steps.proposing import left_to_give, left_to_grant


@transaction.atomic
def give(*, about: UUID, gifts: Sequence[Gift], by: Staff, key: str, now: datetime) -> list[Amends]:
    """Gives from the giver's purse; the same `key` gives once. Refuses as `granting.give_all`."""
    case = _held(about)
    left = left_to_give(case, by, now) if case else None
    return granting.give_all(about=about, gifts=gifts, by=by, key=key, now=now, left=left)


@transaction.atomic
def give_and_finish(
    *, page: Page, gifts: Sequence[Gift], by: Staff, key: str, now: datetime
) -> None:
    """Gives and ends the visit, both or neither: what was refused is not given.

    The same `key` did both already, whatever became of the page since. Without gifts the visit
    ends alone. Refuses as giving and `answering.finish` do.
    """
    if gifts and access.was_given(by, key):
        granting.give_all(about=page.about, gifts=gifts, by=by, key=key, now=now)
        return
    if gifts:
        give(about=page.about, gifts=gifts, by=by, key=key, now=now)
    answering.finish(page=page, staff=by, now=now)


@transaction.atomic
def give_nothing_and_finish(*, page: Page, reason: str, by: Staff, now: datetime) -> None:
    """Decides, with a reason, that nothing is to be given, and ends the visit: both or neither."""
    _held(page.about)
    granting.give_nothing(about=page.about, reason=reason, by=by, now=now)
    answering.finish(page=page, staff=by, now=now)


@transaction.atomic
def decide(
    *, request: AmendsRequest, granted: bool, reason: str, by: Staff, now: datetime
) -> AmendsRequest:
    """Answers what a colleague asked for on a case; refuses as `asking.decide` does."""
    case = _held(request.about)
    left = left_to_grant(case, by, now) if case else None
    return asking.decide(request=request, granted=granted, reason=reason, by=by, now=now, left=left)


def _held(matter: UUID) -> Case | None:
    """The case that answers for `matter`, held in one order with all that was joined with it."""
    case = case_about(matter)
    if case is None:
        return None
    matters = set(matters_of(case.pk))
    for pk in sorted(matters):
        hold(pk)
    if set(matters_of(case.pk)) != matters or case_about(matter) != case:
        raise Refused(
            "This case was joined with another one this moment. Please tap again.", code="busy"
        )
    return case_about(matter)
