"""The story of a case as the workspace draws it: the first day in seconds, a long middle folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format

from makegood.page.proof.timeline import Timeline, timelines_of
from makegood.recover.models import Case
from makegood.recover.record.book import Moment
from makegood.recover.record.storytelling import story_of

FIRST, LAST = 4, 5  # what happened, what we made of it, the case, the page
EXACT = ("press", "presses", "verdict", "begun", "page", "rating", "complaint")
STEPS = ("step", "skipped")
SHOWS = ("call", "checked")  # what shows a step, in words that its end says again
BESIDE = (*STEPS, "begun")  # told beside what else happens at that moment
WORTH_A_FOLD = 2
LONG = 260


@dataclass(frozen=True)
class Told:
    """One entry: the moment, the day it is on if not the first, its time as it is written.

    `tried`: of a page, every try to reach somebody.
    """

    moment: Moment
    day: str
    time: str
    tried: Timeline | None = None

    @property
    def is_long(self) -> bool:
        """Whether its words are read only when asked for: a letter."""
        return len(self.moment.quote) > LONG or "\n" in self.moment.quote


@dataclass(frozen=True)
class Story:
    """What is shown at once, and what is folded between."""

    opening: Sequence[Told]
    folded: Sequence[Told]
    latest: Sequence[Told]


def story(case: Case, now: datetime) -> Story:
    """The story of `case`: all of a short one, the beginning and the end of a long one."""
    moments = [moment for moment in story_of(case) if _says_something(moment)]
    tried = timelines_of([one.page for one in moments if one.page], now=now)
    told = [
        _told(moment, moments[0], tried.get(moment.page.pk) if moment.page else None)
        for moment in _once(moments)
    ]
    if len(told) <= FIRST + LAST + WORTH_A_FOLD:
        return Story(told, [], [])
    return Story(told[:FIRST], told[FIRST:-LAST], told[-LAST:])


def _once(moments: Sequence[Moment]) -> list[Moment]:
    """Without the steps that end with something told already, and words that are."""
    told_at = {moment.at for moment in moments if moment.kind not in BESIDE}
    quoted = {(moment.at, moment.quote) for moment in moments if moment.kind in SHOWS}
    return [
        moment
        for moment in moments
        if not (moment.kind in STEPS and moment.at in told_at)
        and not (moment.kind == "evidence" and (moment.at, moment.quote) in quoted)
    ]


def _says_something(moment: Moment) -> bool:
    return moment.kind != "remark" or bool(moment.words or moment.quote)


def _told(moment: Moment, first: Moment, tried: Timeline | None) -> Told:
    same_day = moment.at.date() == first.at.date()
    exact = same_day and moment.kind in EXACT
    return Told(
        moment=moment,
        day="" if same_day else date_format(moment.at, "j M"),
        time=date_format(moment.at, "H:i:s" if exact else "H:i"),
        tried=tried,
    )
