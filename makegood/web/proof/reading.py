"""The reach report as its screen draws it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.utils.translation import gettext as _

from makegood.page.channels import registry
from makegood.page.proof.reaching import Summary, Visit, by, summarise
from makegood.page.proof.visits import visits_of
from makegood.page.rungs.throttling import TABLE
from makegood.people.models import Site
from makegood.web.proof.span import Span


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is about, and its figures."""

    name: str
    told: Summary

    @property
    def median(self) -> str:
        """Press to face: `2:06`; empty where nobody was reached."""
        return spoken(self.told.median) if self.told.median is not None else ""

    @property
    def middle(self) -> tuple[str, str] | None:
        """Between which spans half of them lie."""
        middle = self.told.middle
        return (spoken(middle[0]), spoken(middle[1])) if middle else None


@dataclass(frozen=True)
class Report:
    """All visits of some days, together and by site, hour and channel."""

    whole: Line
    sites: Sequence[Line]
    hours: Sequence[Line]
    channels: Sequence[Line]


def report_of(sites: Sequence[Site], span: Span, *, now: datetime) -> Report:
    """What the visits of `sites` in `span` tell."""
    visits = visits_of(sites, since=span.since, until=span.until, now=now)
    names = {site.pk: site.name for site in sites}
    return Report(
        whole=Line("", summarise(visits)),
        sites=_by_site(visits, names) if len(sites) > 1 else (),
        hours=[Line(_hour(hour), told) for hour, told in _by_hour(visits)],
        channels=sorted(
            (Line(_channel(name), told) for name, told in by(visits, lambda v: v.channel).items()),
            key=lambda line: line.name,
        ),
    )


def table_of_rings() -> list[tuple[str, str, int]]:
    """How often one person is rung within a minute: for what, its severities, how many times."""
    words = (_("What is small, and every reminder"), _("What is in between"), _("What is grave"))
    return [
        (word, "–".join(map(str, dict.fromkeys((row.severities[0], row.severities[-1])))),
         row.at_most)
        for word, row in zip(words, TABLE, strict=True)
    ]  # fmt: skip


def spoken(seconds: float) -> str:
    """Minutes and seconds: `2:06`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _by_site(visits: Iterable[Visit], names: dict[UUID, str]) -> list[Line]:
    told = by(visits, lambda visit: visit.site_id)
    return sorted((Line(names[pk], one) for pk, one in told.items()), key=lambda line: line.name)


def _by_hour(visits: Iterable[Visit]) -> list[tuple[int, Summary]]:
    return sorted(by(visits, lambda visit: visit.hour).items(), key=itemgetter(0))


def _hour(hour: int) -> str:
    return f"{hour}:00–{(hour + 1) % 24}:00"


def _channel(name: str) -> str:
    if not name:
        return _("Nobody went")
    known = registry.CHANNELS.get(name)
    title = known.title if known else name
    return title[:1].upper() + title[1:]
