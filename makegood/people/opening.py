"""When somebody is at a site."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid
from makegood.people import hours
from makegood.people.facts import OpeningHoursSet
from makegood.people.models import OpeningPeriod, Site, Staff


def set_opening_hours(
    *, site: Site, periods: Sequence[hours.Period], now: datetime, by: Staff | None = None
) -> None:
    """Replaces the site's opening hours. Refuses a weekday that no week has."""
    if any(not 0 <= period.weekday < hours.WEEK for period in periods):
        raise Invalid("A weekday is a number from 0, Monday, to 6, Sunday.", field="weekday")
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        site.opening_periods.all().delete()
        OpeningPeriod.objects.bulk_create(
            OpeningPeriod(
                organisation_id=site.organisation_id,
                site=site,
                weekday=period.weekday,
                opens_at=period.opens_at,
                closes_at=period.closes_at,
            )
            for period in sorted(set(periods))
        )
        chronicle.record(
            OpeningHoursSet(periods=len(set(periods))),
            organisation_id=site.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
            about=site.pk,
        )


def keep_hours(
    *, site: Site, opens_at: time, closes_at: time, now: datetime, by: Staff | None = None
) -> None:
    """The same hours every day of the week."""
    periods = [hours.Period(weekday, opens_at, closes_at) for weekday in range(hours.WEEK)]
    set_opening_hours(site=site, periods=periods, now=now, by=by)


def is_open(site: Site, now: datetime) -> bool:
    """Whether the site is open; one that never said its hours always is."""
    periods = _periods_of(site)
    return not periods or hours.is_open(periods, _at(site, now))


def next_opening(site: Site, now: datetime) -> datetime:
    """When somebody is there next: `now` if they are, or if the site never said its hours."""
    return hours.next_opening(_periods_of(site), _at(site, now)) or now


def _at(site: Site, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(site.timezone))


def _periods_of(site: Site) -> list[hours.Period]:
    return [
        hours.Period(row.weekday, row.opens_at, row.closes_at) for row in site.opening_periods.all()
    ]
