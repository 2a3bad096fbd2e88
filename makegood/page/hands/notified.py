"""Answers that come from a notification: whose ring it was, and that it may still be answered."""

from datetime import datetime, timedelta
from typing import Final

from makegood.ground import links, tenancy
from makegood.ground.refusals import NotFound, Refused
from makegood.page.models import Attempt

GOOD_FOR: Final = timedelta(hours=12)


def ring_by_token(token: str, *, now: datetime) -> Attempt:
    """The ring an address on a notification is for. Call it as the house: nobody is signed in.

    Refuses (404) what was not sealed here, phones that were put away and people who have left, and
    `too_old` after half a day.
    """
    sealed = links.open_link(links.ANSWER, token)
    with tenancy.everywhere():
        rings = Attempt.objects.select_related("page__site", "staff", "device")
        attempt = rings.filter(pk=sealed.id, device__retired_at=None).first()
    if attempt is None or attempt.device is None or not attempt.staff.is_active:
        raise NotFound("This phone is not rung any more.")
    if now - attempt.made_at > GOOD_FOR:
        raise Refused("That ring is too long ago. Open the pager.", code="too_old")
    return attempt
