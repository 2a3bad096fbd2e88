"""What devices are told across a network, in words short enough for a wrist and a lock screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from makegood.page.channels.screen.sending import described
from makegood.page.channels.speaking import Kind, Words
from makegood.page.models import Attempt, Page, SelfTest


def ring_words(attempt: Attempt) -> Words:
    """Come: where to, what happened, who it is, and until when."""
    page = attempt.page
    leaves = _("Leaves at %(time)s") % {"time": _local(page.leaves_at, page)}
    lines = (_who_goes(page), page.hint, page.what, page.who, leaves if page.leaves_at else "")
    return Words(
        kind=Kind.RING,
        key=f"{attempt.pk}.ring",
        tag=str(page.pk),
        title=page.place,
        body="\n".join(line for line in lines if line),
        url=_url(page),
        severity=page.severity,
        until=page.leaves_at,
        data={"kind": "ring", "round": attempt.round, "again": attempt.again, **described(page)},
    )


def stop_words(attempt: Attempt) -> Words:
    """Nobody needs to come: who goes, or that it is over; to whoever goes, where to."""
    page = attempt.page
    return Words(
        kind=Kind.STOP,
        key=f"{attempt.pk}.stop",
        tag=str(page.pk),
        title=page.place,
        body=_why(attempt),
        url=_url(page),
        severity=page.severity,
        data={"kind": "stop", "page": str(page.pk), "round": attempt.round},
    )


def test_words(test: SelfTest) -> Words:
    """Did you feel this?"""
    return Words(
        kind=Kind.TEST,
        key=f"{test.pk}.test",
        tag=str(test.pk),
        title=_("Did you feel this?"),
        body=_("%(site)s rings you to try this way of reaching you.") % {"site": test.site.name},
        url=f"{settings.HOUSE.url}/duty/test/{test.pk}/",
        until=test.expires_at,
        data={"kind": "test", "test": str(test.pk)},
    )


def _who_goes(page: Page) -> str:
    if page.taken_by is None:
        return ""
    return _("%(name)s is going. Say that you know.") % {"name": page.taken_by.first_name}


def _why(attempt: Attempt) -> str:
    page = attempt.page
    if page.state == Page.State.GOING and page.taken_by_id == attempt.staff_id:
        return "\n".join(part for part in (_("You are going."), page.hint) if part)
    if page.taken_by and page.is_open:
        return _("%(name)s is going. Nobody else needs to.") % {"name": page.taken_by.first_name}
    if page.is_open:
        return _("The next is asked.")
    return _("This one is looked after. Nobody needs to go.")


def _url(page: Page) -> str:
    return f"{settings.HOUSE.url}{page.link or f'/pager/{page.pk}/'}"


def _local(moment: datetime | None, page: Page) -> str:
    return f"{moment.astimezone(ZoneInfo(page.site.timezone)):%H:%M}" if moment else ""
