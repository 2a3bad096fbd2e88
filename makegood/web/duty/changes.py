"""Says the changes of a draft of the rota in words."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from makegood.people.drafting import (
    AnyChange,
    DropShift,
    EndTurns,
    PlanShift,
    SwapShift,
    SwapTurn,
    TakeTurns,
)
from makegood.people.models import Rotation, Shift, Site, Staff
from makegood.people.posts import PostHours, spans_in_words

A_DAY = timedelta(days=1)


class Words:
    """Says changes in words, with the names of those they are about."""

    def __init__(self, site: Site, changes: Sequence[AnyChange]) -> None:
        people = Staff.objects.filter(organisation_id=site.organisation_id)
        self._names = {one.pk: one.first_name for one in people}
        self._posts = {one.pk: one.name for one in Rotation.objects.filter(site=site)}
        self._posts |= {one.rotation: one.name for one in changes if isinstance(one, TakeTurns)}
        self._shifts = {
            one.pk: (one.staff_id, one.starts_at, one.ends_at)
            for one in Shift.objects.filter(site=site)
        } | {
            one.shift: (one.staff, one.starts_at, one.ends_at)
            for one in changes
            if isinstance(one, PlanShift)
        }

    def of(self, change: AnyChange) -> str:
        """One change, with the names of those it is about."""
        match change:
            case PlanShift(staff=pk, starts_at=begins, ends_at=ends):
                return self._shift(_("%(name)s, %(when)s"), pk, begins, ends)
            case DropShift(shift=pk) if pk in self._shifts:
                return self._shift(_("%(name)s is taken out: %(when)s"), *self._shifts[pk])
            case SwapShift(shift=pk, staff=other) if pk in self._shifts:
                said = _("%(other)s instead of %(name)s, %(when)s")
                return self._shift(said, *self._shifts[pk], other=self._name(other))
            case TakeTurns():
                return self._turns(change)
            case SwapTurn():
                return self._swap(change)
            case EndTurns(rotation=pk):
                return _("%(post)s: the turns end") % {"post": self._posts.get(pk, "–")}
        return _("A shift that is not in the rota any more")

    def _name(self, staff: UUID) -> str:
        return self._names.get(staff, "–")

    def _shift(self, said: str, staff: UUID, begins: datetime, ends: datetime, **more: str) -> str:
        return said % {"name": self._name(staff), "when": _when(begins, ends), **more}

    def _swap(self, change: SwapTurn) -> str:
        return _("%(post)s: %(name)s, %(when)s") % {
            "post": self._posts.get(change.rotation, "–"),
            "name": self._name(change.staff) if change.staff else _("nobody"),
            "when": _when(change.starts_at, change.ends_at),
        }

    def _turns(self, change: TakeTurns) -> str:
        told: dict[str, Any] = {
            "post": change.name,
            "names": ", ".join(map(self._name, change.members)),
            "days": change.every_days,
            "time": f"{change.hands_over_at:%H:%M}",
            "day": f"{change.begins_on:%-d %b}",
        }
        said = ngettext(
            "%(post)s: %(names)s, every day at %(time)s, from %(day)s",
            "%(post)s: %(names)s, every %(days)d days at %(time)s, from %(day)s",
            change.every_days,
        )
        hours = hours_in_words(change.hours)
        return said % told + (f"; {hours}" if hours else "")


def hours_in_words(hours: PostHours) -> str:
    """When a post is filled: Sat, Sun 11:00 to 15:00; nothing for round the clock."""
    days = ", ".join(str(WEEKDAYS_ABBR[day]) for day in hours.weekdays)
    return " ".join(part for part in (days, spans_in_words(hours.spans)) if part)


def span_in_words(begins: datetime, ends: datetime) -> str:
    """From when until when somebody is away: 22 Nov to 24 Nov; 22 Nov 17:00 to 20:00."""
    first, last = timezone.localtime(begins), timezone.localtime(ends)
    if first.time() == last.time() == time():
        last_day = last - A_DAY
        days = (first,) if first.date() == last_day.date() else (first, last_day)
        return _(" to ").join(date_format(day, "j M") for day in days)
    until = "H:i" if first.date() == last.date() else "j M H:i"
    return _(" to ").join((date_format(first, "j M H:i"), date_format(last, until)))


def _when(begins: datetime, ends: datetime) -> str:
    """The end without its day, but where it is over a day later."""
    first, last = timezone.localtime(begins), timezone.localtime(ends)
    until = f"{last:%-d %b %H:%M}" if last - first > A_DAY else f"{last:%H:%M}"
    return f"{first:%-d %b %H:%M} – {until}"
