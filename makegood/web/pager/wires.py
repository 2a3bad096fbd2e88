"""What `pager.js` needs to listen, whose stream and where receipts go; and `push.js`, the key.

In quiet hours the open pager shows what is small and makes no sound; it knows the hours itself, so
that it begins and ends without being told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from makegood.ground import clock, links
from makegood.page import access
from makegood.page.channels.webpush.vapid import application_key
from makegood.people.models import Staff


@dataclass(frozen=True)
class Silence:
    """The quiet hours that hold now, or come next: below which severity, from when until when."""

    below: int
    begins_at: datetime
    ends_at: datetime
    holds: bool

    @property
    def turns_at(self) -> datetime:
        """When they begin, or end."""
        return self.ends_at if self.holds else self.begins_at


def silence_of(staff: Staff, *, now: datetime) -> Silence | None:
    """When this person's open pager makes no sound; None for who wished no quiet hours."""
    quiet = access.quiet_of(staff)
    if quiet is None:
        return None
    begins_at, ends_at = quiet.span(now)
    return Silence(quiet.below, begins_at, ends_at, holds=begins_at <= now < ends_at)


def wires_of(staff: Staff) -> dict[str, Any]:
    """The context every pager screen carries."""
    return {
        "silence": silence_of(staff, now=clock.now()),
        "stream": links.stream("staff", staff.pk, staff.link_version),
        "pager_url": reverse("pager"),
        "zone": staff.site.timezone,
        "push_key": application_key(settings.HOUSE.secret),
    }
