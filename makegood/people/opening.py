"""When somebody is at a site: the hours of its week, and its holidays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid
from makegood.people import hours
from makegood.people.facts import HolidayDropped, HolidaysSet, OpeningHoursSet
from makegood.people.models import Holiday, OpeningPeriod, Site, Staff
from makegood.people.plain_text import one_line

LONGEST_HOLIDAY = 92  # days in one go: a season
MINUTES_OF_A_DAY = 24 * 60

Span = tuple[time, time]


def set_opening_hours(
    *, site: Site, periods: Sequence[hours.Period], now: datetime, by: Staff | None = None
) -> None:
    """Replaces the site's opening hours. Refuses a weekday that no week has."""
    if any(not 0 <= period.weekday < hours.WEEK for period in periods):
        raise Invalid("A weekday is a number from 0, Monday, to 6, Sunday.", field="weekday")
    with transaction.atomic():
        _hold(site)
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
        _tell(OpeningHoursSet(periods=len(set(periods))), site, now, by)


def keep_hours(
    *, site: Site, opens_at: time, closes_at: time, now: datetime, by: Staff | None = None
) -> None:
    """The same hours every day of the week."""
    periods = [hours.Period(weekday, opens_at, closes_at) for weekday in range(hours.WEEK)]
    set_opening_hours(site=site, periods=periods, now=now, by=by)


def set_holidays(
    *,
    site: Site,
    first: date,
    last: date | None = None,
    spans: Sequence[Span] = (),
    name: str = "",
    now: datetime,
    by: Staff | None = None,
) -> list[Holiday]:
    """From `first` to `last` the site is open in `spans` only; none: closed. Replaces what was.

    Refuses dates that are over, that run backwards or on for more than `LONGEST_HOLIDAY`, and
    spans that overlap.
    """
    dates = _dates(site, first, last or first, now)
    _refuse_overlaps(spans)
    called = one_line(name, field="name", longest=80)
    with transaction.atomic():
        _hold(site)
        site.holidays.filter(on__in=dates).delete()
        holidays = [
            Holiday(
                organisation_id=site.organisation_id,
                site=site,
                on=on,
                name=called,
                spans=[[written(opens_at), written(closes_at)] for opens_at, closes_at in spans],
            )
            for on in dates
        ]
        Holiday.objects.bulk_create(holidays)
        _tell(HolidaysSet(dates=dates, spans=len(spans)), site, now, by)
    return holidays


def drop_holiday(*, holiday: Holiday, now: datetime, by: Staff | None = None) -> None:
    """That date is like every week again. Doing so again changes nothing."""
    with transaction.atomic():
        _hold(holiday.site)
        gone, _ = Holiday.objects.filter(pk=holiday.pk).delete()
        if gone:
            _tell(HolidayDropped(on=holiday.on), holiday.site, now, by)


def coming_holidays(site: Site, now: datetime) -> list[Holiday]:
    """The site's holidays from its today on, the next first."""
    return list(site.holidays.filter(on__gte=_at(site, now).date()).order_by("on"))


def is_open(site: Site, now: datetime) -> bool:
    """Whether the site is open; one that never said its hours always is."""
    kept = hours_of(site)
    return not kept.periods or hours.is_open(kept.periods, _at(site, now), kept.holidays)


def next_opening(site: Site, now: datetime) -> datetime:
    """When somebody is there next: `now` if they are, or if the site never said its hours."""
    kept = hours_of(site)
    return hours.next_opening(kept.periods, _at(site, now), kept.holidays) or now


def closing(site: Site, now: datetime) -> datetime | None:
    """When the site that is open now closes; None when it is closed, or its hours are unknown."""
    kept = hours_of(site)
    return hours.closing(kept.periods, _at(site, now), kept.holidays)


def open_between(site: Site, begins: datetime, ends: datetime) -> list[hours.Stretch]:
    """When the site is open between two moments; always, if it never said its hours."""
    kept = hours_of(site)
    if not kept.periods:
        return [(begins, ends)]
    days = range(-1, (ends - begins).days + 2)
    found = hours.stretches(kept.periods, _at(site, begins), days, kept.holidays)
    return [(opens, closes) for opens, closes in found if opens < ends and closes > begins]


def hours_of(site: Site) -> hours.Hours:
    """The week and the holidays of one site."""
    return _kept(site.opening_periods.all(), site.holidays.all())


def hours_at(sites: Collection[UUID]) -> dict[UUID, hours.Hours]:
    """The same of several sites, in two questions."""
    periods: dict[UUID, list[OpeningPeriod]] = defaultdict(list)
    holidays: dict[UUID, list[Holiday]] = defaultdict(list)
    if sites:
        for period in OpeningPeriod.objects.filter(site__in=sites):
            periods[period.site_id].append(period)
        for holiday in Holiday.objects.filter(site__in=sites):
            holidays[holiday.site_id].append(holiday)
    return {site: _kept(periods[site], holidays[site]) for site in sites}


def spans_of(holiday: Holiday) -> tuple[Span, ...]:
    """The hours of a holiday, as times."""
    return tuple(
        (time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in holiday.spans
    )


def written(wall: time) -> str:
    """A time of day as people write it: 09:00."""
    return wall.strftime("%H:%M")


def _kept(periods: Iterable[OpeningPeriod], holidays: Iterable[Holiday]) -> hours.Hours:
    return hours.kept(
        (hours.Period(row.weekday, row.opens_at, row.closes_at) for row in periods),
        (hours.Holiday(row.on, spans_of(row)) for row in holidays),
    )


def _dates(site: Site, first: date, last: date, now: datetime) -> list[date]:
    if first < _at(site, now).date():
        raise Invalid("That date is over. Choose one from today on.", field="first")
    if last < first:
        raise Invalid("The last date comes before the first.", field="last")
    length = (last - first).days + 1
    if length > LONGEST_HOLIDAY:
        raise Invalid(f"That is longer than {LONGEST_HOLIDAY} days.", field="last")
    return [first + timedelta(days=number) for number in range(length)]


def _refuse_overlaps(spans: Sequence[Span]) -> None:
    ordered = sorted(_minutes(span) for span in spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise Invalid("Those hours overlap. Write one period after the other.", field="spans")


def _minutes(span: Span) -> tuple[int, int]:
    opens, closes = (wall.hour * 60 + wall.minute for wall in span)
    return opens, closes if closes > opens else closes + MINUTES_OF_A_DAY


def _hold(site: Site) -> None:
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)


def _at(site: Site, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(site.timezone))


def _tell(fact: chronicle.Fact, site: Site, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=site.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=site.pk,
    )
