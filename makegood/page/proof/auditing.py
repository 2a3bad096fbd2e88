"""The audit: once a minute it looks for what lies still, and shouts.

What the database forbids by a constraint cannot be found; what only time makes wrong can: a tick
that is late, a lane that stands still, a ring nobody carries, a press nobody judged.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from makegood.ground import chronicle, heartbeats, locks
from makegood.page.facts import StandstillEnded, StandstillFound
from makegood.page.hands.ending import end_pages
from makegood.page.models import Page
from makegood.page.proof.lateness import LATE, Late, Silent, read_late, read_silent
from makegood.page.rungs.ringing import Summons, open_page
from makegood.people.models import Site

RESTS_FOR: Final = timedelta(minutes=15)
SENIORS: Final = (
    {"who": "manager", "wait_seconds": 60},
    {"who": "owner", "wait_seconds": 60},
)
ONE_AT_A_TIME: Final = "page.audit"  # two workers shout once
OURS: Final = UUID("0bd45a3e-53d6-4ad4-9a6f-5a5be34c4d1d")

log = structlog.get_logger()


def look(now: datetime) -> list[Late]:
    """All that is late at `now`, the latest first; asked where every house can be seen."""
    with connection.cursor() as cursor:
        cursor.execute(LATE, {"now": now})
        return read_late(cursor.fetchall())


def silent_lanes(*, broker: bool) -> list[Silent]:
    """The lanes that do not say that they are well, and the `broker`, if one is set."""
    with connection.cursor() as cursor:
        cursor.execute(heartbeats.SINCE)
        return read_silent(cursor.fetchall(), broker=broker)


def matter_of(site_id: UUID) -> UUID:
    """What the audit's page of a site is about."""
    return uuid5(OURS, str(site_id))


def audit(*, now: datetime) -> list[Late]:
    """Looks, logs each finding as an error and rings the seniors of its site, once while it lasts;
    ends the page by itself when all moves again. What is of no site rings nobody: no guest waits
    for it, and the watchdog tells whoever runs the server."""
    with transaction.atomic():
        if not locks.is_ours_alone(ONE_AT_A_TIME):
            return []
        found = look(now)
        by_site: dict[UUID, list[Late]] = {}
        for late in found:
            site = str(late.site_id or "")
            log.error("something lies still", what=late.queue, words=late.words, site=site)
            if late.site_id:
                by_site.setdefault(late.site_id, []).append(late)
        rung = _rung_for()
        for site_id, lates in by_site.items():
            if matter_of(site_id) not in rung:
                _ring(site_id, lates, now)
        for matter, page in rung.items():
            if page.site_id not in by_site:
                _all_moves_again(matter, page, now)
    return found


def _rung_for() -> dict[UUID, Page]:
    matters = [matter_of(pk) for pk in Site.objects.values_list("pk", flat=True)]
    return {page.about: page for page in Page.objects.open().filter(about__in=matters)}


def _ring(site_id: UUID, lates: Sequence[Late], now: datetime) -> None:
    words = " ".join(late.words for late in lates)
    matter, house = matter_of(site_id), lates[0].organisation_id
    assert house  # where there is a site
    fact = StandstillFound(site_id=site_id, words=words)
    entry = chronicle.record(fact, organisation_id=house, about=matter, at=now, by=chronicle.SYSTEM)
    open_page(
        Summons(
            organisation_id=house,
            site_id=site_id,
            about=matter,
            purpose=Page.Purpose.REMIND,
            place=_("Pages are not moving"),
            what=_("%(words)s Whoever runs the server has to look at it now.") % {"words": words},
            severity=5,
            happened_at=now,
            ladder=SENIORS,
            rests_for=RESTS_FOR,
            caused_by=entry.pk,
        ),
        now=now,
    )


def _all_moves_again(matter: UUID, page: Page, now: datetime) -> None:
    fact = StandstillEnded(site_id=page.site_id)
    chronicle.record(
        fact, organisation_id=page.organisation_id, about=matter, at=now, by=chronicle.SYSTEM
    )
    end_pages(about=matter, purpose=Page.Purpose.REMIND, now=now)
