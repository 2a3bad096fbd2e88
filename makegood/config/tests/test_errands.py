"""Errands are run by Procrastinate beside the lanes: house-keeping that nobody waits for."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from makegood.config.errands import run_errands
from makegood.ground import bulletins
from makegood.ground.errands import BULLETINS_KEPT
from makegood.ground.models import Bulletin
from makegood.people.models import Organisation, Staff
from makegood.recover.replaying.asking import ask_replay
from makegood.recover.replaying.keeping import result_of
from makegood.recover.versions.drafting import begin_draft
from makegood.recover.versions.publishing import DEFAULT_TEXT

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0


def test_old_bulletins_are_forgotten_by_an_errand(fairline: Organisation) -> None:
    today = datetime.now(UTC)
    for topic, at in [("old", today - BULLETINS_KEPT - timedelta(hours=1)), ("new", today)]:
        bulletins.post([topic], {"kind": "state"}, organisation_id=fairline.pk, at=at)
    job = app.configure_task("ground.forget_old_bulletins").defer(timestamp=0)
    _run_until_done(job)
    assert [bulletin.topic for bulletin in Bulletin.objects.all()] == ["new"]


def test_a_draft_is_replayed_by_an_errand(di: Staff, now: datetime) -> None:
    sooner = DEFAULT_TEXT.replace("by: 30 days at 18:00", "by: 14 days at 18:00", 1)
    draft = begin_draft(by=di, now=now, text=sooner)
    replay = ask_replay(draft=draft, by=di, now=now)
    _run_until_done(ProcrastinateJob.objects.get(task_name="recover.replay_draft").pk)
    replay.refresh_from_db()
    assert (replay.state, replay.failure) == ("done", "")
    assert result_of(replay)


def test_house_keeping_comes_by_itself_every_hour() -> None:
    names = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}
    assert "ground.forget_old_bulletins" in names


def _run_until_done(job: int) -> None:
    stop = threading.Event()

    def work() -> None:
        try:
            run_errands(stop)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    deadline = datetime.now(UTC) + timedelta(seconds=PATIENCE)
    pause = threading.Event()
    while ProcrastinateJob.objects.get(pk=job).status != "succeeded":
        assert datetime.now(UTC) < deadline
        pause.wait(0.05)
    stop.set()
    worker.join(PATIENCE)
    assert not worker.is_alive()
