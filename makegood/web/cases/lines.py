"""Cases as lines of a list, and finding one by name, number or place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.people.models import Site
from makegood.people.plain_text import one_line
from makegood.recover import access
from makegood.recover.models import Case, CaseQuerySet, Closure, Step
from makegood.sense import topics
from makegood.sense.naming import in_a_sentence
from makegood.web.floor.promised import span

MOST = 60
LAST_CLOSED = 6
LONGEST_QUERY = 80
NUMBER = re.compile(r"(?:[A-Za-z]{1,4}[ -]?)?(\d{1,9})")


@dataclass(frozen=True)
class Line:
    """One case of a list: who and where, what, how far it is mended, since when or until when."""

    case: Case
    url: str
    name: str
    what: str
    mended: int
    waits: str
    ended: str

    @property
    def is_kept(self) -> bool:
        """Whether the customer says that it is made good."""
        closure = next(iter(_standing(self.case)), None)
        return closure is not None and closure.outcome == Closure.Outcome.CONFIRMED


@dataclass(frozen=True)
class Found:
    """The lines that are shown, and how many there are in all."""

    lines: Sequence[Line]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.lines)


def open_lines(site: Site, query: str, *, now: datetime) -> Found:
    """The open cases of a site that match, the latest first."""
    return _found(_matching(access.open_cases(site), query), MOST, now)


def closed_lines(site: Site, query: str, *, now: datetime, all_of_them: bool) -> Found:
    """The cases of a site that have ended and match, the latest first."""
    most = MOST if all_of_them or query else LAST_CLOSED
    return _found(_matching(access.closed_cases(site), query), most, now)


def asked_for(text: str) -> str:
    """The words of a search on one line; refuses more than a line."""
    return one_line(text, field="q", longest=LONGEST_QUERY)


def heading(case: Case, name: str = "") -> str:
    """How a case is called: Ana Ruiz, table 14."""
    called = name or case.customer_name
    place = in_a_sentence(case.place)
    return _("%(name)s, %(place)s") % {"name": called, "place": place} if called else case.place


def _matching(cases: CaseQuerySet, query: str) -> CaseQuerySet:
    if not query:
        return cases
    wanted = Q(customer__name__icontains=query) | Q(place__icontains=query)
    if number := NUMBER.fullmatch(query):
        wanted |= Q(number=int(number[1]))
    return cases.filter(wanted)


def _found(cases: CaseQuerySet, most: int, now: datetime) -> Found:
    shown = list(cases.prefetch_related("steps", "closures")[:most])
    count = cases.count() if len(shown) == most else len(shown)
    return Found([_line(case, now) for case in shown], count)


def _line(case: Case, now: datetime) -> Line:
    closure = next(iter(_standing(case)), None)
    return Line(
        case=case,
        url=reverse("case", args=[case.pk]),
        name=heading(case),
        what=topics.in_words([case.topic]),
        mended=sum(step.state == Step.State.DONE for step in case.steps.all()),
        waits=span(now - case.opened_at),
        ended=_ended(closure) if closure else "",
    )


def _standing(case: Case) -> Iterable[Closure]:
    return (closure for closure in case.closures.all() if closure.reopened_at is None)


def _ended(closure: Closure) -> str:
    words = {
        Closure.Outcome.CONFIRMED: _("made good %(day)s"),
        Closure.Outcome.LOST: _("lost %(day)s"),
        Closure.Outcome.WITHDRAWN: _("taken back %(day)s"),
        Closure.Outcome.MERGED: _("joined %(day)s"),
    }
    day = date_format(timezone.localtime(closure.closed_at), "j M")
    return words[Closure.Outcome(closure.outcome)] % {"day": day}
