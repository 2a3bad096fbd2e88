"""Where the time of a press goes, read from the rows it left and from when they were committed.

PostgreSQL keeps the moment of every commit (`track_commit_timestamp`): the press's fact was written
by intake's transaction, the opened case's fact by the worker's, with the page and its bulletin.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg.rows import class_row

from bench.rig.crowd import Pressed

TRACES = """
select s.place, pg_xact_commit_timestamp(told.xmin) as kept_at, v.decided_at as claimed_at,
       pg_xact_commit_timestamp(opened.xmin) as ringing_at, opened.xmin::text as batch
from sense_signal s
join ground_fact told on told.about = s.id and told.name = 'sense.press_received'
join triage_verdict v on v.signal_id = s.id
join recover_casesignal belongs on belongs.signal_id = s.id
join ground_fact opened on opened.about = belongs.case_id and opened.name = 'recover.case_opened'
"""
COUNTS = """
select (select count(*) from recover_casesignal), (select count(*) from recover_case),
       (select count(*) from page_page), (select count(*) from page_attempt),
       (select count(distinct about) from ground_fact where name = 'page.held')
"""


class Trace(msgspec.Struct, frozen=True):
    """One press on its way through the house."""

    place: str
    kept_at: datetime
    claimed_at: datetime
    ringing_at: datetime
    batch: str


class Account(msgspec.Struct):
    """Stages of all measured presses, in seconds, and what the worker did with them."""

    stages: dict[str, list[float]]
    batches: list[int]
    signals: int
    cases: int
    pages: int
    attempts: int
    held: int


def account(url: str, pressed: Sequence[Pressed]) -> Account:
    """Joins what the crowd saw with what the rows say."""
    with psycopg.connect(url, options="-c makegood.organisation=*") as connection:
        traces = _traces(connection)
        counts: Any = connection.execute(COUNTS).fetchone()
    stages: dict[str, list[float]] = {name: [] for name in STAGES}
    for press in pressed:
        trace = traces.get(press.place)
        if trace and press.rang_after is not None:
            spans = _spans(press, trace)
            for name, span in zip(STAGES, spans, strict=True):
                stages[name].append(span)
    batches = Counter(trace.batch for trace in traces.values())
    return Account(stages, list(batches.values()), *counts)


STAGES = (
    "sent, until intake has committed it",
    "waits, until the worker claims it",
    "judged, case and page, until committed",
    "bulletin, until the pager has it",
)


def _traces(connection: psycopg.Connection) -> dict[str, Trace]:
    with connection.cursor(row_factory=class_row(Trace)) as cursor:
        return {trace.place: trace for trace in cursor.execute(TRACES)}


def _spans(press: Pressed, trace: Trace) -> tuple[float, float, float, float]:
    assert press.rang_after is not None
    kept, claimed = trace.kept_at.timestamp(), trace.claimed_at.timestamp()
    ringing, rang = trace.ringing_at.timestamp(), press.sent_at + press.rang_after
    return kept - press.sent_at, claimed - kept, ringing - claimed, rang - ringing
