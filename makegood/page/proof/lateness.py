"""What ought to have moved by now and did not, measured in the database. No Django here.

The gateway's watchdog and the audit ask the same question; a constraint cannot, because it knows no
time. What is tried again with pauses has a due time ahead of it, so it is not late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from makegood.ground import heartbeats


@dataclass(frozen=True)
class Queue:
    """Rows that wait: since when each could have been treated, and how late is too late.

    Rows without a site are of the whole box: they are told, and ring nobody.
    """

    name: str
    one: str
    many: str
    late_after: timedelta
    rows: str


QUEUES: Final = (
    Queue(
        "signals", "{n} press or other sign has not been judged",
        "{n} presses or other signs have not been judged",
        timedelta(seconds=10),
        "select organisation_id, site_id, received_at from sense_signal where state = 0",
    ),
    Queue(
        "no_step", "{n} open page has no next step", "{n} open pages have no next step",
        timedelta(),
        "select organisation_id, site_id, opened_at from page_page"
        " where state in ('ringing', 'nobody', 'going') and next_rung_at is null",
    ),
    Queue(
        "rungs", "{n} page has not moved on", "{n} pages have not moved on",
        timedelta(seconds=15),
        "select organisation_id, site_id, next_rung_at from page_page"
        " where next_rung_at is not null"
        " union all"
        " select organisation_id, site_id, asks_again_at from page_page"
        " where asks_again_at is not null",
    ),
    Queue(
        "rings", "{n} ring has not left", "{n} rings have not left",
        timedelta(seconds=20),
        "select a.organisation_id, p.site_id, a.hand_over_at from page_attempt a"
        " join page_page p on p.id = a.page_id where a.hand_over_at is not null",
    ),
    Queue(
        "stops", "{n} device has not been told to be silent",
        "{n} devices have not been told to be silent", timedelta(minutes=1),
        "select a.organisation_id, p.site_id, a.silence_at from page_attempt a"
        " join page_page p on p.id = a.page_id where a.silence_at is not null",
    ),
    Queue(
        "words", "{n} word of a wrist pager has not been acted on",
        "{n} words of wrist pagers have not been acted on", timedelta(seconds=10),
        "select w.organisation_id, p.site_id, w.treat_at from page_pagerword w"
        " join page_page p on p.id = w.page_id where w.treat_at is not null"
        " union all"
        " select organisation_id, site_id, treat_at from page_selftest where treat_at is not null",
    ),
    Queue(
        "errands", "{n} errand has not been run", "{n} errands have not been run",
        timedelta(minutes=15),  # two long replays may be before it
        # Procrastinate counts by the world's clock; what is tried again later is scheduled.
        "select null::uuid, null::uuid, makegood_now() - (clock_timestamp() - ready_at) from"
        " (select greatest(j.scheduled_at, max(e.at)) from procrastinate_jobs j"
        " join procrastinate_events e on e.job_id = j.id where j.status = 'todo'"
        " group by j.id) as errand (ready_at)",
    ),
)  # fmt: skip

LATE: Final = " union all ".join(
    f"select '{queue.name}', organisation_id, site_id, count(*), "  # noqa: S608 - our own words
    f"max(extract(epoch from at.now - due))::float8 from ({queue.rows}) as waiting"
    "(organisation_id, site_id, due),"
    " (select coalesce(%(now)s::timestamptz, makegood_now()) as now) as at"
    f" where due <= at.now - interval '{queue.late_after.total_seconds()} seconds'"
    " group by organisation_id, site_id"
    for queue in QUEUES
)


@dataclass(frozen=True)
class Late:
    """How many rows of one kind are late at one site, or in the box where there is none; by how
    many seconds the first of them."""

    queue: str
    organisation_id: UUID | None
    site_id: UUID | None
    count: int
    seconds: float

    @property
    def words(self) -> str:
        """In a sentence, without anything that names a house."""
        queue = next(queue for queue in QUEUES if queue.name == self.queue)
        what = (queue.one if self.count == 1 else queue.many).format(n=self.count)
        return f"{what} for {spoken(self.seconds)}."


@dataclass(frozen=True)
class Silent:
    """A lane that does not say that it is well, or the broker; `seconds`: for how long, None: it
    never did."""

    lane: str
    seconds: float | None

    @property
    def words(self) -> str:
        """In a sentence."""
        if self.lane == heartbeats.BROKER:
            return f"{self._of_the_broker}: do `makegood devices` and the broker run?"
        if self.seconds is None:
            return f"The lane {self.lane} has never been heard: is a worker running?"
        return f"The lane {self.lane} was last heard {spoken(self.seconds)} ago."

    @property
    def what(self) -> str:
        """What a monitor reads that looks for the same thing each time."""
        return "broker" if self.lane == heartbeats.BROKER else f"lane {self.lane}"

    @property
    def _of_the_broker(self) -> str:
        if self.seconds is None:
            return "The broker of the devices has never been heard"
        return f"The broker of the devices was last heard {spoken(self.seconds)} ago"


def read_late(rows: Iterable[Any]) -> list[Late]:
    """The rows of `LATE` as values, the latest first."""
    return sorted((Late(*row) for row in rows), key=lambda late: -late.seconds)


def read_silent(rows: Iterable[tuple[str, float]], *, broker: bool) -> list[Silent]:
    """Which lanes are late, from the rows of `heartbeats.SINCE`. `broker`: one is set, and has to
    be heard too."""
    heard = dict(rows)
    return [
        Silent(lane, heard.get(lane))
        for lane, late_after in heartbeats.watched(broker=broker).items()
        if lane not in heard or heard[lane] > late_after.total_seconds()
    ]


def spoken(seconds: float) -> str:
    """A span as people say it: 14 s, 3 min, 2 h."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
