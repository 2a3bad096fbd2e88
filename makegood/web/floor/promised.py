"""What we owe: cases without an end, and promises due today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from makegood.people.models import Site, Staff
from makegood.recover import access
from makegood.recover.belonging import link_to
from makegood.recover.models import Case, Step
from makegood.recover.versions.publishing import policy_of
from makegood.sense import topics
from makegood.sense.naming import in_a_sentence

MOST_CASES = 5
MOST_PROMISES = 8
STEPS = 12


@dataclass(frozen=True)
class WaitingCase:
    """One line: who, what, how far the seam is mended, how long they wait."""

    case: Case
    url: str
    name: str
    what: str
    mended: int
    waits: str


@dataclass(frozen=True)
class Waiting:
    """The latest open cases, and how many there are."""

    cases: Sequence[WaitingCase]
    count: int


@dataclass(frozen=True)
class Promise:
    """One promise of today: when, what, whose word it is, how it stands."""

    due: str
    what: str
    url: str
    standing: str
    is_late: bool
    owner: Staff | None


def waiting_cases(site: Site, *, besides: Collection[UUID], now: datetime) -> Waiting:
    """The open cases of a site, the latest first, without those the board shows already."""
    cases = access.open_cases(site).exclude(pk__in=besides)
    shown = [_waiting(case, now) for case in cases.prefetch_related("steps")[:MOST_CASES]]
    return Waiting(shown, cases.count() if len(shown) == MOST_CASES else len(shown))


def due_today(site: Site, *, now: datetime) -> list[Promise]:
    """What people promised to do by the end of the day (`now` is local), most overdue first."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    steps = access.promises_due(site, until=midnight)
    return [_promise(step, now) for step in steps[:MOST_PROMISES]]


def _waiting(case: Case, now: datetime) -> WaitingCase:
    name = case.customer_name
    place = in_a_sentence(case.place)
    return WaitingCase(
        case=case,
        url=link_to(case.pk),
        name=_("%(name)s, %(place)s") % {"name": name, "place": place} if name else case.place,
        what=topics.in_words([case.topic]),
        mended=sum(step.state == Step.State.DONE for step in case.steps.all()),
        waits=span(now - case.opened_at),
    )


def _promise(step: Step, now: datetime) -> Promise:
    due = (step.due_at or now).astimezone(now.tzinfo)
    late = due < now
    apart = span(abs(now - due))
    who = step.case.customer_name or in_a_sentence(step.case.place)
    title = policy_of(step.case.policy_id).plan(step.kind, step.case.reaction).title
    return Promise(
        due=date_format(due, "H:i" if due.date() == now.date() else "j M"),
        what=_("%(step)s, %(who)s") % {"step": title, "who": who},
        url=link_to(step.case_id),
        standing=(_("%(time)s late") if late else _("in %(time)s")) % {"time": apart},
        is_late=late,
        owner=step.case.owner,
    )


def span(length: timedelta) -> str:
    """`42 min`, `1 h 10`, `3 days`."""
    minutes = max(0, int(length / timedelta(minutes=1)))
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02}"}
    return ngettext("%(days)s day", "%(days)s days", hours // 24) % {"days": hours // 24}
