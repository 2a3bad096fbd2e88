"""Errands are run by Procrastinate beside the lanes: house-keeping that nobody waits for."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from makegood.config import errands
from makegood.config.errands import NAME, run_errands
from makegood.ground import bulletins
from makegood.ground.errands import (
    BULLETINS_KEPT,
    ERRANDS_KEPT,
    forget_old_bulletins,
    forget_old_errands,
    take_up_errands,
)
from makegood.ground.models import Bulletin
from makegood.page.equipment.subscribing import ENDED, subscribe
from makegood.page.jobs import put_phones_away
from makegood.page.proof.auditing import silent_lanes
from makegood.people.models import Organisation, Staff
from makegood.recover.replaying.asking import ask_replay
from makegood.recover.replaying.keeping import result_of
from makegood.recover.versions.drafting import begin_draft
from makegood.recover.versions.publishing import DEFAULT_TEXT
from tests.patience import until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0
HOUR = timedelta(hours=1)
OTHERS_END = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> %s"""
DONE = "update procrastinate_jobs set status = 'succeeded' where id = %s"


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


def test_an_errand_whose_worker_died_is_taken_up_by_the_next(fairline: Organisation) -> None:
    left = app.configure_task("ground.forget_old_bulletins").defer(timestamp=0)
    with connection.cursor() as cursor:  # a worker took it, and is no more
        cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [left])
    app.configure_task("ground.take_up_errands").defer(timestamp=0)
    _run_until_done(left)


def test_old_errands_are_forgotten_by_an_errand(fairline: Organisation) -> None:
    old = app.configure_task("ground.take_up_errands").defer(timestamp=0)
    young = app.configure_task("ground.forget_old_bulletins").defer(timestamp=0)
    kept_since = datetime.now(UTC) - ERRANDS_KEPT
    with connection.cursor() as cursor:
        for job, at in [(old, kept_since - HOUR), (young, kept_since + HOUR)]:
            cursor.execute(DONE, [job])
            cursor.execute("update procrastinate_events set at = %s where job_id = %s", [at, job])
    _run_until_done(app.configure_task("ground.forget_old_errands").defer(timestamp=0))
    assert [job.pk for job in ProcrastinateJob.objects.filter(pk__in=[old, young])] == [young]


def test_who_runs_errands_says_that_they_are_well(fairline: Organisation) -> None:
    assert "errands" in {one.lane for one in silent_lanes(broker=False)}
    _run_until_done(app.configure_task("ground.forget_old_bulletins").defer(timestamp=0))
    assert "errands" not in {one.lane for one in silent_lanes(broker=False)}


def test_a_phone_whose_sign_in_ended_is_put_away_by_an_errand(bo: Staff, now: datetime) -> None:
    address = {"endpoint": "https://fcm.googleapis.com/fcm/send/bo", "p256dh": "k", "auth": "a"}
    phone = subscribe(staff=bo, address=address, name="phone", session="of last year", now=now)
    _run_until_done(app.configure_task("page.put_phones_away").defer(timestamp=0))
    phone.refresh_from_db()
    assert phone.retired_because == ENDED


def test_house_keeping_comes_by_itself() -> None:
    tasks = [periodic.task for periodic in app.periodic_registry.periodic_tasks.values()]
    kept = {forget_old_bulletins, forget_old_errands, take_up_errands, put_phones_away}
    assert kept <= {*tasks}


def test_it_ends_in_time_although_its_database_went_away(
    fairline: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "LAST_WORDS", 0.2)
    with _running() as stop:
        until(lambda: "errands" not in {one.lane for one in silent_lanes(broker=False)})
        with _nobody_may_connect():
            stop.set()
            until(lambda: NAME not in {one.name for one in threading.enumerate()}, patience=10)


def _run_until_done(job: int) -> None:
    with _running():
        until(lambda: ProcrastinateJob.objects.get(pk=job).status == "succeeded")


@contextmanager
def _running() -> Iterator[threading.Event]:
    stop = threading.Event()

    def work() -> None:
        try:
            run_errands(stop)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work, name=NAME)
    worker.start()
    try:
        yield stop
    finally:
        stop.set()
        worker.join(PATIENCE)
    assert not worker.is_alive()


@contextmanager
def _nobody_may_connect() -> Iterator[None]:
    """The database is away for everybody but us."""
    with connection.cursor() as cursor, psycopg.connect(os.environ["DATABASE_URL"]) as direct:
        direct.autocommit = True
        cursor.execute("select current_database(), pg_backend_pid()")
        name, us = cursor.fetchone()
        may_connect = sql.SQL("alter database {} allow_connections {}").format
        direct.execute(may_connect(sql.Identifier(name), sql.SQL("false")))
        try:
            direct.execute(OTHERS_END, [name, us])
            yield
        finally:
            direct.execute(may_connect(sql.Identifier(name), sql.SQL("true")))
