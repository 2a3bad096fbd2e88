"""What is typed into the forms of the rota: days, times, people, and the hours of a post."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid
from makegood.people import access as people
from makegood.people.hours import WEEK
from makegood.people.models import Site, Staff
from makegood.people.posts import MOST_SPANS, PostHours
from makegood.web.door import StaffRequest
from makegood.web.duty.reading import posted_id

MEMBERS_ASKED = 6
DAYS = [str(day) for day in range(WEEK)]


@dataclass(frozen=True)
class SpanTyped:
    """One period of the day as it stands in the form."""

    number: int
    begins: str
    ends: str


@dataclass(frozen=True)
class HoursForm:
    """The hours of a post as they stand in the form: days to tick, and some periods."""

    days: Sequence[str]
    spans: Sequence[SpanTyped]

    @classmethod
    def of(cls, form: QueryDict) -> "HoursForm":
        """As they were typed."""
        spans = [(form.get(f"from_{n}", ""), form.get(f"until_{n}", "")) for n in range(MOST_SPANS)]
        return cls(form.getlist("weekday"), [SpanTyped(n, *span) for n, span in enumerate(spans)])

    @classmethod
    def for_hours(cls, hours: PostHours) -> "HoursForm":
        """As they are kept."""
        kept = [(f"{begins:%H:%M}", f"{ends:%H:%M}") for begins, ends in hours.spans]
        spans = [*kept, *[("", "")] * (MOST_SPANS - len(kept))]
        days = [str(day) for day in hours.weekdays]
        return cls(days, [SpanTyped(n, *span) for n, span in enumerate(spans)])

    @property
    def chips(self) -> list[tuple[str, str, str, bool]]:
        """Value, short name, name and whether it is ticked, of each weekday; none ticked is all."""
        return [
            (day, str(WEEKDAYS_ABBR[int(day)]), str(WEEKDAYS[int(day)]), day in self.days)
            for day in DAYS
        ]

    @property
    def is_round_the_clock(self) -> bool:
        """Whether nothing was said: the post is always filled."""
        return not self.days and not any(one.begins or one.ends for one in self.spans)


def hours_in(form: QueryDict) -> PostHours:
    """The hours of a post; a period with one time only is refused, naming the field to fill."""
    days = form.getlist("weekday")
    if not set(days) <= set(DAYS):
        raise Invalid(_("Choose days from Monday to Sunday."), field="weekdays")
    return PostHours(tuple(sorted({int(day) for day in days})), tuple(_spans_in(form)))


def _spans_in(form: QueryDict) -> Iterator[tuple[time, time]]:
    for number in range(MOST_SPANS):
        begins, ends = f"from_{number}", f"until_{number}"
        if form.get(begins) or form.get(ends):
            yield time_in(form, begins), time_in(form, ends)


def site_moment(site: Site, on: date, moment: time) -> datetime:
    """When the clock of `site` shows `moment` on a date."""
    return datetime.combine(on, moment, ZoneInfo(site.timezone))


def date_in(form: QueryDict, field: str) -> date:
    """A date in a form; refuses anything else, naming the field."""
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError as error:
        raise Invalid(_("Choose a day."), field=field) from error


def time_in(form: QueryDict, field: str) -> time:
    """A time of day in a form; refuses anything else, naming the field."""
    try:
        wall = time.fromisoformat(form.get(field, ""))
        if wall.tzinfo:
            raise ValueError  # the clock of the site is meant, no other
    except ValueError as error:
        raise Invalid(_("Write the time like 17:00."), field=field) from error
    return wall.replace(second=0, microsecond=0)


def moment_in(form: QueryDict, field: str) -> datetime:
    """A moment a form carries along; refuses anything else, naming the field."""
    try:
        moment = parse_datetime(form.get(field, ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(_("Choose a time."), field=field)
    return moment


def somebody_in(request: StaffRequest, field: str) -> Staff | None:
    """The colleague a form names; None if it names nobody."""
    if not request.POST.get(field):
        return None
    return people.colleague_for(request.user, posted_id(request.POST, field))
