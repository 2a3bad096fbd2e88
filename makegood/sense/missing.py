"""Who came regularly and stays away: nobody told us anything, and that says something too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.formats import date_format

from makegood.ground import chronicle, wakeup
from makegood.ground.ids import new_id
from makegood.people.models import Site
from makegood.sense.facts import SilenceNoticed
from makegood.sense.models import Absence, AbsenceWatch, Signal

LOOKS_AT = time(8)  # by the clock of the site: found before the day begins
AT_ONCE = 200
SOON = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=3 * 365)

# Every habit in one pass, then only those who are away one by one. Who asked for no messages, who
# is known as somebody else, and whom nothing reaches are left in peace.
_AWAY = """
with habit as (
    select customer_id, count(*) as visits, max(began_at) as last_at,
           (max(began_at) - min(began_at)) / greatest(count(*) - 1, 1) as gap
    from sense_visit
    where customer_id in (select customer_id from sense_visit where site_id = %(site)s)
    group by customer_id
    having count(*) >= %(after_visits)s
       and max(began_at) > %(now)s - %(forgotten_after)s
       and max(began_at) <= %(now)s - %(at_least)s
)
select last.id, habit.customer_id, habit.last_at, habit.visits, habit.gap
from habit
join people_customer c on c.id = habit.customer_id
    and c.no_messages_at is null and c.same_as_id is null
cross join lateral (
    select v.id, v.site_id from sense_visit v
    where v.customer_id = habit.customer_id and v.began_at = habit.last_at
    order by v.id desc limit 1
) as last
where last.site_id = %(site)s
  and habit.last_at + habit.gap * %(times)s <= %(now)s
  and not exists (select 1 from sense_absence noticed where noticed.visit_id = last.id)
  and exists (
    select 1 from people_contactpoint p
    where p.customer_id = habit.customer_id and p.kind in ('email', 'phone')
      and (p.valid_until is null or p.valid_until > %(now)s)
  )
  and habit.customer_id <> all(%(spared)s)
order by habit.last_at, last.id
limit %(limit)s
"""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """From how many visits on somebody is a regular, and how long an absence says something:
    so many times their usual gap, but no less than `at_least`."""

    after_visits: int
    times_the_usual_gap: float
    at_least: timedelta


@dataclass(frozen=True)
class _Away:
    visit_id: UUID
    customer_id: UUID
    since: datetime
    visits: int
    gap: timedelta


def notice_silence(
    *, site: Site, patience: Patience, spared: Collection[UUID], now: datetime
) -> list[Signal]:
    """Makes a signal for each regular of `site` who stays away, once per absence.

    `spared`: customers whom nobody should miss now. At most 200 at a time; call again for more.
    """
    with transaction.atomic():
        away = _who_is_away(site, patience, spared, now)
        signals = [_signal(site, one, now) for one in away]
        Signal.objects.bulk_create(signals)
        Absence.objects.bulk_create(
            Absence(
                organisation_id=site.organisation_id,
                signal=signal,
                visit_id=one.visit_id,
                visits=one.visits,
                usual_gap_days=_days(one.gap),
            )
            for one, signal in zip(away, signals, strict=True)
        )
        for one, signal in zip(away, signals, strict=True):
            _tell(one, signal, now)
        if signals:
            wakeup.wake("urgent")
    return signals


def claim_watches(now: datetime, limit: int) -> Sequence[AbsenceWatch]:
    """Sites where it is time to look, locked; those in other hands are passed over."""
    due = AbsenceWatch.objects.filter(look_at__lte=now).select_related("site")
    return list(due.select_for_update(skip_locked=True, of=("self",)).order_by("look_at")[:limit])


def look_again(watch: AbsenceWatch, *, found: int, now: datetime) -> None:
    """The next look is tomorrow morning, or soon if there may be more to find."""
    watch.look_at = now + SOON if found >= AT_ONCE else next_look(watch.site, now)
    watch.save(update_fields=["look_at"])


def next_look(site: Site, now: datetime) -> datetime:
    """The next morning at the site."""
    local = now.astimezone(ZoneInfo(site.timezone))
    this_morning = datetime.combine(local.date(), LOOKS_AT, local.tzinfo)
    if this_morning > now:
        return this_morning
    return datetime.combine(local.date() + timedelta(days=1), LOOKS_AT, local.tzinfo)


def next_watch_due(now: datetime) -> datetime | None:
    """When the next site wants to be looked at."""
    return AbsenceWatch.objects.order_by("look_at").values_list("look_at", flat=True).first()


def watch_over(site: Site, *, now: datetime) -> None:
    """From its first visit on, a site is looked at every morning."""
    watch = AbsenceWatch(
        organisation_id=site.organisation_id, site=site, look_at=next_look(site, now)
    )
    AbsenceWatch.objects.bulk_create([watch], ignore_conflicts=True)


def _who_is_away(
    site: Site, patience: Patience, spared: Collection[UUID], now: datetime
) -> list[_Away]:
    asked: dict[str, Any] = {
        "site": site.pk,
        "now": now,
        "forgotten_after": FORGOTTEN_AFTER,
        "at_least": patience.at_least,
        "after_visits": max(2, patience.after_visits),
        "times": patience.times_the_usual_gap,
        "spared": list(spared),
        "limit": AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AWAY, asked)
        return [_Away(*row) for row in cursor.fetchall()]


def _signal(site: Site, away: _Away, now: datetime) -> Signal:
    signal_id = new_id()
    return Signal(
        id=signal_id,
        organisation_id=site.organisation_id,
        site=site,
        customer_id=away.customer_id,
        kind=Signal.Kind.SILENCE,
        key=f"silence-{signal_id}",
        place=site.name[:60],
        dwell_minutes=0,
        words=_in_words(site, away, now),
        happened_at=now,
        received_at=now,
    )


def _in_words(site: Site, away: _Away, now: datetime) -> str:
    """`Came 6 times, about every 14 days; last here on 12 September.`"""
    since = away.since.astimezone(ZoneInfo(site.timezone))
    written = "j F" if (now - away.since) < timedelta(days=300) else "j F Y"
    day = date_format(since, written)
    return f"Came {away.visits} times, {_every(_days(away.gap))}; last here on {day}."


def _every(days: int) -> str:
    return "about every day" if days <= 1 else f"about every {days} days"


def _days(gap: timedelta) -> int:
    return max(0, round(gap / timedelta(days=1)))


def _tell(away: _Away, signal: Signal, now: datetime) -> None:
    chronicle.record(
        SilenceNoticed(customer_id=away.customer_id, visit_id=away.visit_id),
        organisation_id=signal.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=signal.pk,
    )
