"""How a case stands, in one sentence: what went wrong, who came, what is next."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.recover.models import Case, Closure
from makegood.recover.record.seam import Stitch
from makegood.sense import topics
from makegood.web.floor.promised import span


def how_it_stands(case: Case, closure: Closure | None, steps: Sequence[Stitch]) -> str:
    """The line under the name."""
    parts = (_what(case), _ended(closure) if closure else _reached(case), _next(closure, steps))
    return " ".join(part for part in parts if part)


def _what(case: Case) -> str:
    if case.topic == topics.UNSAID:
        return ""
    return _("%(topic)s.") % {"topic": topics.in_words([case.topic])}


def _reached(case: Case) -> str:
    if case.reached_at is None:
        return _("Nobody has been with them yet.")
    words = {"time": span(case.reached_at - case.happened_at)}
    if case.owner is None:
        return _("We were with them after %(time)s.") % words
    return _("%(name)s answers for it.") % {"name": case.owner.first_name}


def _ended(closure: Closure) -> str:
    words = {
        Closure.Outcome.CONFIRMED: _("Made good on %(day)s."),
        Closure.Outcome.LOST: _("Lost on %(day)s."),
        Closure.Outcome.WITHDRAWN: _("Taken back on %(day)s."),
        Closure.Outcome.MERGED: _("Joined with another case on %(day)s."),
    }
    day = date_format(timezone.localtime(closure.closed_at), "j F")
    return words[Closure.Outcome(closure.outcome)] % {"day": day}


def _next(closure: Closure | None, steps: Sequence[Stitch]) -> str:
    waiting = next((step for step in steps if step.state in ("now", "late")), None)
    if closure or waiting is None:
        return ""
    words = {"step": waiting.title, "when": waiting.when}
    if waiting.late:
        return _("Late: %(step)s, promised for %(when)s.") % words
    return _("Next: %(step)s, %(when)s.") % words
