"""Which days a report speaks of, as a form names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid

USUALLY = timedelta(days=30)
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Span:
    """Days, the first and the last within."""

    since: date
    until: date


def usual_span(today: date) -> Span:
    """The last thirty days."""
    return Span(today - USUALLY + timedelta(days=1), today)


def read_span(form: Mapping[str, str], today: date) -> Span:
    """The days a form names, or the usual ones.

    Refuses what is no day, a span that ends before it begins, and more than a year.
    """
    usual = usual_span(today)
    span = Span(
        _day(form, "since") or min(usual.since, _day(form, "until") or usual.since),
        _day(form, "until") or today,
    )
    if span.until < span.since:
        raise Invalid(_("The last day comes before the first."), field="until")
    if span.until - span.since > LONGEST:
        raise Invalid(_("Choose a year at most."), field="since")
    return span


def _day(form: Mapping[str, str], field: str) -> date | None:
    written = form.get(field, "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(_("Write the day like 2026-11-21."), field=field) from error
