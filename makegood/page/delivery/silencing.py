"""Nobody needs to come any more: what waits never leaves, what rings is told to be silent."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, DateTimeField, Q, QuerySet, Value, When

from makegood.ground import wakeup
from makegood.page.channels import registry
from makegood.page.channels.screen import sending as screen
from makegood.page.channels.speaking import Stops
from makegood.page.models import Attempt, Page
from makegood.page.rungs.attempting import LANE
from makegood.people.models import Staff

LEASE: Final = timedelta(seconds=30)  # longer than any hand-over may take


def silence_everybody(
    page: Page,
    *,
    but: Staff | None,
    because: str,
    by: str,
    now: datetime,
    spared: Collection[Staff] = (),
) -> None:
    """Silences every screen this page has reached, without `but`, whose own devices fall silent.

    For those `spared` it rings on: each of them still has to say that they know.
    """
    attempts = page.attempts.exclude(staff__in=spared) if spared else page.attempts.all()
    rung = list(attempts.values_list("staff_id", "device_id", "channel").distinct())
    people = {staff for staff, _, _ in rung} | ({page.taken_by_id} if page.taken_by_id else set())
    told = _told((device, channel) for _, device, channel in rung)
    others = sorted(people - ({but.pk} if but else set()))
    screen.stop(page, others, because=because, by=by, now=now, devices=told)
    if any(channel != registry.SCREEN.name for _, _, channel in rung):
        _call_back(page, attempts, answered_by=but, now=now)


def silence_one(page: Page, staff: Staff, *, because: str, now: datetime) -> None:
    """Silences the screen and the devices of somebody who can't, or who knows."""
    theirs = page.attempts.filter(staff=staff, device__isnull=False)
    rung = list(theirs.values_list("device_id", "channel").distinct())
    told = _told(rung)
    screen.stop(page, [staff.pk], because=because, by=staff.first_name, now=now, devices=told)
    if rung:
        _call_back(page, theirs, answered_by=staff, now=now)


def clear_told(page: Page, staff: Staff, *, because: str, now: datetime) -> None:
    """Tells the told devices of somebody whose page it was: they still show that they go."""
    rung = page.attempts.filter(staff=staff, device__isnull=False).order_by()
    told = _told(rung.values_list("device_id", "channel").distinct())
    screen.stop(page, [], because=because, by=staff.first_name, now=now, devices=told)


def _told(rung: Iterable[tuple[UUID | None, str]]) -> list[UUID]:
    return [device for device, channel in rung if device and registry.is_told(channel)]


def _call_back(
    page: Page, attempts: "QuerySet[Attempt]", *, answered_by: Staff | None, now: datetime
) -> None:
    """What was handed over is to be told so at once; what is under way, once it has arrived.

    The device they answered on shows what they said there: it is told when somebody else acts.
    """
    tells = Q(channel__in=registry.stopping(Stops.EVERYBODY))
    for_others = Q(channel__in=registry.stopping(Stops.OTHERS))
    if answered_by:
        for_others &= ~Q(staff=answered_by)
    here = attempts.filter(staff=answered_by, round=page.round, answered_at__isnull=False)
    knows = list(here.filter(device__isnull=False).values_list("device_id", flat=True).distinct())
    rang = attempts.filter(device__isnull=False, silenced_at=None)
    rang.filter(Q(hand_over_at__isnull=False) | Q(sent_at__isnull=False)).update(
        hand_over_at=None,
        silence_at=Case(
            When(Q(device__in=knows, sent_at__isnull=False), then=Value(None)),
            When(Q(tells | for_others, sent_at__isnull=False), then=Value(now)),
            When(Q(tells | for_others, tries__gt=0), then=Value(now + LEASE)),
            default=Value(None),
            output_field=DateTimeField(null=True),
        ),
    )
    wakeup.wake(LANE)
