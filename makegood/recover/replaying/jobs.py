"""The errand that replays a draft; who asked for it sees how far it is."""

from typing import Final
from uuid import UUID

import structlog
from django.db import connection
from procrastinate.contrib.django import app

from makegood.ground import clock, tenancy
from makegood.recover.models import Replay
from makegood.recover.policy import parse
from makegood.recover.replaying.keeping import as_json, hash_of
from makegood.recover.replaying.result import Result
from makegood.recover.replaying.running import Task, replay
from makegood.recover.versions.publishing import policy_of

REPLAYS: Final = "replays"
CHANGED: Final = "The draft was changed before its replay began. Replay it again."
BROKEN: Final = "Something went wrong on our side. Replay it again."
log = structlog.get_logger()


class Stopped(Exception):
    """Nobody wants to know any more, or another replay took its place."""


@app.task(queue=REPLAYS, name="recover.replay_draft")
def replay_draft(replay: str, organisation: str) -> str:
    """Runs a replay that waits, and keeps what it finds; says how it ended."""
    try:
        with tenancy.scope(UUID(organisation)):
            return run_waiting(UUID(replay))
    finally:
        connection.close()  # the errand's thread may never be used again


def run_waiting(replay_id: UUID) -> str:
    """Runs the replay if it still waits; its row tells how far it is, and in the end the result."""
    now = clock.now()
    waiting = Replay.objects.filter(pk=replay_id, state=Replay.State.WAITING)
    if not waiting.update(state=Replay.State.RUNNING, started_at=now, heard_at=now):
        return "not waiting"
    asked = Replay.objects.select_related("draft", "against", "organisation").get(pk=replay_id)
    if hash_of(asked.draft.document) != asked.text_hash:
        return _end(asked, Replay.State.FAILED, failure=CHANGED)
    try:
        result = _run(asked)
    except Stopped:
        return "stopped"
    except Exception:  # whoever waits for it must read that it failed, and the log says why
        log.exception("a replay failed", replay=str(replay_id))
        return _end(asked, Replay.State.FAILED, failure=BROKEN)
    return _end(asked, Replay.State.DONE, result=as_json(result), replayed=result.signals)


def _run(asked: Replay) -> Result:
    task = Task(
        organisation=asked.organisation,
        running=policy_of(asked.against_id),
        running_number=asked.against.number,
        draft=parse(asked.draft.document),
        since=asked.since,
        until=asked.until,
    )

    def progress(replayed: int, expected: int) -> None:
        running = Replay.objects.filter(pk=asked.pk, state=Replay.State.RUNNING)
        if not running.update(replayed=replayed, expected=expected, heard_at=clock.now()):
            raise Stopped

    return replay(task, progress=progress)


def _end(asked: Replay, state: Replay.State, **more: object) -> str:
    running = Replay.objects.filter(pk=asked.pk, state=Replay.State.RUNNING)
    ended = running.update(state=state, finished_at=clock.now(), **more)
    return str(state) if ended else "stopped"
