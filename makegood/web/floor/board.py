"""The rows of the board: pages as geometry on one axis, and words beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.page.duty.losing import Gear
from makegood.page.duty.reading import Standing
from makegood.page.models import Page
from makegood.people.models import Duty
from makegood.sense.naming import in_a_sentence
from makegood.web.floor.axis import Axis, axis_around
from makegood.web.floor.beginnings import Beginning, beginnings_of
from makegood.web.floor.gear import Drawn, drawn
from makegood.web.floor.sentence import Floor, Lost
from makegood.web.pager.countdown import clock

ROOM_FOR_TWO_LABELS = 24.0  # per cent between two labels on one line
EDGE = 78.0  # from here on a label is written to the left of its point
FRESH, FRESH_FROM = 14.0, 14.0  # younger than this, and with room for a label before it
CUSTOMERS = (Page.Purpose.REACH, Page.Purpose.CALL)


@dataclass(frozen=True)
class Row:
    """One line of the board; positions in per cent of the axis."""

    page: Page
    word: str
    when: str
    began: float
    age: float
    leaves: float | None
    reached: float | None
    trusted_until: float | None
    standing: str
    following: str
    following_at: datetime | None
    following_in: str
    countdown: str
    is_late: bool
    took: str
    unheard: Sequence[str]

    @property
    def until(self) -> float:
        """Where the waiting line ends."""
        return self.leaves if self.leaves is not None else 100.0

    @property
    def is_fresh(self) -> bool:
        """Whether it began so near to the present that its label is written backwards."""
        return self.reached is None and self.began > FRESH_FROM and self.age < FRESH

    @property
    def label(self) -> float:
        """Where the words above the line begin: beside the present when it is fresh."""
        begin = self.began + self.age + 1 if self.is_fresh else self.began
        return min(begin, EDGE - 12)

    @property
    def is_crowded(self) -> bool:
        """Whether the time of leaving has no room beside the time it began."""
        return self.leaves is not None and abs(self.leaves - self.began) < ROOM_FOR_TWO_LABELS

    @property
    def is_near_edge(self) -> bool:
        """Whether the label of leaving has to be written backwards."""
        return self.leaves is not None and self.leaves > EDGE


@dataclass(frozen=True)
class Board:
    """All rows on their axis."""

    axis: Axis
    now: float
    rows: Sequence[Row]
    late: int


@dataclass(frozen=True)
class Person:
    """One colleague on the floor and what they are doing."""

    duty: Duty
    doing: str
    is_needed: bool
    gear: Drawn


def board_of(standings: Iterable[Standing], *, now: datetime) -> Board:
    """Every customer somebody is called for, most pressing first; who is attended comes last."""
    shown = [one for one in standings if one.page.purpose in CUSTOMERS]
    pages = [one.page for one in shown]
    began = beginnings_of(pages)
    moments = [one.at for one in began.values()]
    moments += [page.leaves_at for page in pages if page.leaves_at]
    axis = axis_around(now, moments)
    drawn = [_row(one, began[one.page.pk], axis) for one in shown]
    rows = sorted(drawn, key=lambda row: row.reached is not None)
    return Board(axis, axis.position(now), rows, sum(row.is_late for row in rows))


def counted(
    site: str, standings: Iterable[Standing], on_duty: int, lost: Sequence[Lost], *, now: datetime
) -> Floor:
    """What the sentence above the board is made of."""
    pages = [one.page for one in standings if one.page.purpose in CUSTOMERS]
    waiting = [page for page in pages if page.state != Page.State.WITH]
    late = [page for page in waiting if page.leaves_at and page.leaves_at < now]
    return Floor(site, len(waiting), len(pages) - len(waiting), len(late), on_duty, lost)


def people_on(
    duties: Iterable[Duty],
    standings: Iterable[Standing],
    gear: Mapping[UUID, Gear],
    *,
    now: datetime,
) -> list[Person]:
    """Who is on duty, what they do and by what they are rung, in the order they came."""
    shown = list(standings)
    return [
        Person(duty, *_doing(duty, shown), drawn(duty, gear[duty.staff_id], now=now))
        for duty in duties
    ]


def _row(standing: Standing, began: Beginning, axis: Axis) -> Row:
    page = standing.page
    is_there = page.state == Page.State.WITH
    reached = page.with_at if is_there else None
    is_late = not is_there and page.leaves_at is not None and page.leaves_at < axis.now
    return Row(
        page=page,
        word=began.words,
        when=began.when(axis.now),
        began=axis.position(began.at),
        age=axis.position(axis.now) - axis.position(began.at),
        leaves=axis.position(page.leaves_at) if page.leaves_at else None,
        reached=axis.position(reached) if reached else None,
        trusted_until=_trusted_until(page, axis),
        standing=_standing(standing),
        following=", ".join(standing.next.names) if standing.next else "",
        following_at=standing.next.at if standing.next else None,
        following_in=clock(standing.next.at - axis.now) if standing.next else "",
        countdown=clock(abs(page.leaves_at - axis.now)) if page.leaves_at and not is_there else "",
        is_late=is_late,
        took=clock(reached - began.at) if reached else "",
        unheard=[one.first_name for one in standing.unheard],
    )


def _trusted_until(page: Page, axis: Axis) -> float | None:
    if page.state != Page.State.GOING or page.next_rung_at is None:
        return None
    return axis.position(min(page.next_rung_at, page.leaves_at or page.next_rung_at))


def _standing(standing: Standing) -> str:
    page = standing.page
    name = page.taken_by.first_name if page.taken_by else ""
    if page.state == Page.State.WITH:
        return _("%(name)s is there") % {"name": name}
    if page.state == Page.State.GOING:
        return _("%(name)s is going") % {"name": name}
    if standing.asked:
        names = ", ".join(staff.first_name for staff in standing.asked)
        return _("Ringing %(names)s") % {"names": names}
    if page.state == Page.State.NOBODY:
        return _("Nobody on duty to ring")
    return _("Rings again soon")


def _doing(duty: Duty, standings: Sequence[Standing]) -> tuple[str, bool]:
    """And whether somebody needs them for it."""
    words = {"place": ""}
    for one in standings:
        words["place"] = in_a_sentence(one.page.place)
        if one.page.taken_by_id == duty.staff_id and one.page.state == Page.State.WITH:
            return _("With a guest, %(place)s") % words, True
        if one.page.taken_by_id == duty.staff_id:
            return _("Going to %(place)s") % words, True
    for one in standings:
        if any(staff.pk == duty.staff_id for staff in one.asked):
            words["place"] = in_a_sentence(one.page.place)
            return _("Being rung for %(place)s") % words, True
    since = date_format(timezone.localtime(duty.began_at), "H:i")
    return _("Free, on duty since %(time)s") % {"time": since}, False
