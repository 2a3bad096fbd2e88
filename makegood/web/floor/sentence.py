"""How things are, in one sentence. Pure: counts in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext, pgettext

NIGHT_ENDS, NOON, EVENING, NIGHT_BEGINS = 5, 12, 17, 23
MOST_NAMED = 2  # what was lost; of more, how many
SMALL_HOURS = timedelta(hours=NIGHT_ENDS)


@dataclass(frozen=True)
class Lost:
    """A way by which somebody on duty is rung no more: whose, which, and whether it went quiet."""

    name: str
    thing: str
    is_silent: bool


@dataclass(frozen=True)
class Floor:
    """What the sentence is about: the open pages of one site, and who is on duty."""

    site: str
    waiting: int = 0  # nobody is with them yet
    attended: int = 0  # somebody is
    late: int = 0  # of those waiting, past the moment they were expected to leave
    on_duty: int = 0
    lost: Sequence[Lost] = ()  # of those on duty


def how_things_are(floor: Floor) -> str:
    """The first line of the board: who waits, who is looked after, whether anybody is there, and
    whom we may fail to ring."""
    parts = (_waiting(floor), _late(floor), _cover(floor), *_lost(floor))
    return " ".join(part for part in parts if part)


def _waiting(floor: Floor) -> str:
    if not floor.waiting and not floor.attended:
        return _("All quiet at %(site)s. Nobody is waiting for us.") % {"site": floor.site}
    if not floor.waiting:
        return _("Nobody is waiting for us, %(attended)s.") % {"attended": _attended(floor)}
    waiting = ngettext(
        "%(number)s person is waiting for us", "%(number)s people are waiting for us", floor.waiting
    ) % {"number": _capital(_number(floor.waiting))}
    if not floor.attended:
        return _("%(waiting)s.") % {"waiting": waiting}
    return _("%(waiting)s, %(attended)s.") % {"waiting": waiting, "attended": _attended(floor)}


def _attended(floor: Floor) -> str:
    return ngettext(
        "%(number)s has somebody with them", "%(number)s have somebody with them", floor.attended
    ) % {"number": _number(floor.attended)}


def _late(floor: Floor) -> str:
    if not floor.late:
        return ""
    if floor.waiting == 1:
        return _("They have waited longer than we thought they would stay.")
    return ngettext(
        "%(number)s has waited longer than we thought they would stay.",
        "%(number)s have waited longer than we thought they would stay.",
        floor.late,
    ) % {"number": _capital(_number(floor.late))}


def _cover(floor: Floor) -> str:
    if floor.on_duty:
        return ""
    return _("Nobody is on duty.")


def _lost(floor: Floor) -> Sequence[str]:
    names = {one.name for one in floor.lost}
    if len(floor.lost) > MOST_NAMED:
        return [
            ngettext(
                "%(number)s person on duty is rung in fewer ways than they were.",
                "%(number)s people on duty are rung in fewer ways than they were.",
                len(names),
            )
            % {"number": _capital(_number(len(names)))}
        ]
    return [
        (_("%(name)s’s %(thing)s has gone quiet.") if one.is_silent
         else _("%(name)s’s %(thing)s rings no more."))
        % {"name": one.name, "thing": one.thing}
        for one in floor.lost
    ]  # fmt: skip


def _number(count: int) -> str:
    words = (
        "", pgettext("people", "one"), pgettext("people", "two"), pgettext("people", "three"),
        pgettext("people", "four"), pgettext("people", "five"), pgettext("people", "six"),
        pgettext("people", "seven"), pgettext("people", "eight"), pgettext("people", "nine"),
        pgettext("people", "ten"), pgettext("people", "eleven"), pgettext("people", "twelve"),
    )  # fmt: skip
    return words[count] if 0 < count < len(words) else str(count)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def part_of_day(local: datetime) -> str:
    """The board's title: Saturday evening. The hours after midnight belong to the night before."""
    weekday = {"weekday": date_format(local - SMALL_HOURS, "l")}
    hour = local.hour
    if hour < NIGHT_ENDS or hour >= NIGHT_BEGINS:
        return _("%(weekday)s night") % weekday
    if hour < NOON:
        return _("%(weekday)s morning") % weekday
    if hour < EVENING:
        return _("%(weekday)s afternoon") % weekday
    return _("%(weekday)s evening") % weekday
