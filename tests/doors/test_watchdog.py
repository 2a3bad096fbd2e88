"""The watchdog: an outside monitor hears whether the work in the background is on time."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection, connections
from procrastinate.contrib.django import app

from makegood.config import gateway, lanes, watchdog
from makegood.console.commands.audit import command
from makegood.ground import clock, heartbeats, tenancy
from makegood.ground.lanes import Lane, run_lane
from makegood.sense.models import Signal
from tests.doors.broker import Hearing, Mosquitto
from tests.doors.houses import House
from tests.doors.serving import Served, settings
from tests.patience import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door() -> Iterator[Served]:
    with (
        patch.object(watchdog, "ASKS_EVERY", 0.0),
        Served(gateway.build(settings(web_port=1))) as front,
    ):
        yield front


def beats(*names: str, ago: float = 0) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "insert into ground_heartbeat values"
                " (%s, clock_timestamp() - make_interval(secs => %s))"
                " on conflict (name) do update set beat_at = excluded.beat_at",
                [name, ago],
            )


def test_it_is_well_while_all_lanes_beat(door: Served) -> None:
    beats(*heartbeats.LATE_AFTER)
    with door.client() as monitor:
        answer = monitor.get("/watchdog")
        assert answer.status_code == 200
        said = {"on_time": True, "words": "Everything is on time.", "late": []}
        assert answer.json() == said
        assert answer.headers["cache-control"] == "no-store"
        assert monitor.head("/watchdog").content == b""
        assert monitor.post("/watchdog").status_code == 405


def test_a_lane_that_died_is_named_with_how_late_it_is(door: Served) -> None:
    beats(*heartbeats.LATE_AFTER)
    beats("tick", ago=45)
    with door.client() as monitor:
        answer = monitor.get("/watchdog")
    assert answer.status_code == 503
    (late,) = answer.json()["late"]
    assert late == {
        "what": "lane tick", "seconds": 45, "words": "The lane tick was last heard 45 s ago.",
    }  # fmt: skip
    assert answer.json()["words"] == late["words"]


@pytest.fixture
def with_broker() -> Iterator[Served]:
    """Devices come through a broker."""
    through = settings(web_port=1, mqtt_broker="mqtt://makegood:ours@localhost:1")
    with patch.object(watchdog, "ASKS_EVERY", 0.0), Served(gateway.build(through)) as front:
        yield front


def test_where_a_broker_is_set_it_has_to_be_heard(with_broker: Served) -> None:
    beats(*heartbeats.LATE_AFTER)
    with with_broker.client() as monitor:
        [late] = monitor.get("/watchdog").json()["late"]
        assert late == {
            "what": "broker", "seconds": None, "words": "The broker of the devices has never been"
            " heard: do `makegood devices` and the broker run?",
        }  # fmt: skip
        beats(heartbeats.BROKER)
        assert monitor.get("/watchdog").json()["on_time"]
        beats(heartbeats.BROKER, ago=90)
        [late] = monitor.get("/watchdog").json()["late"]
        assert late["words"].startswith("The broker of the devices was last heard 90 s ago")


def test_where_no_broker_is_set_nobody_waits_for_one(door: Served) -> None:
    beats(*heartbeats.LATE_AFTER)
    beats(heartbeats.BROKER, ago=9000)  # there was one once
    with door.client() as monitor:
        assert monitor.get("/watchdog").json()["on_time"]


def test_before_any_worker_ran_it_fails(door: Served) -> None:
    with door.client() as monitor:
        answer = monitor.get("/watchdog")
    assert answer.status_code == 503
    assert "is a worker running?" in answer.json()["words"]


def test_an_errand_that_lies_is_named(door: Served) -> None:
    beats(*heartbeats.LATE_AFTER)
    job = app.configure_task("ground.forget_old_bulletins").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_events set at = at - interval '20 minutes'")
    with door.client() as monitor:
        (late,) = monitor.get("/watchdog").json()["late"]
        assert late["words"] == "1 errand has not been run for 20 min."
        said = CliRunner().invoke(command).output
        assert "1 errand has not been run for 20 min." in said.splitlines()
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'cancelled' where id = %s", [job]
            )
        assert monitor.get("/watchdog").json()["on_time"]


def test_a_press_that_nobody_judges_fails_it_without_naming_the_house(
    door: Served, house: House
) -> None:
    beats(*heartbeats.LATE_AFTER)
    with door.client() as guest:
        assert guest.post(house.press, data={"key": uuid4().hex}).status_code == 303
        assert guest.get("/watchdog").status_code == 200
        with tenancy.everywhere():
            Signal.objects.update(received_at=clock.now() - timedelta(seconds=31))
        answer = guest.get("/watchdog")
    assert answer.status_code == 503
    (late,) = answer.json()["late"]
    assert late["what"] == "signals"
    assert late["words"].startswith("1 press or other sign has not been judged for 3")
    with tenancy.everywhere():
        names = Signal.objects.values_list("organisation__name", "site__name", "place").get()
    assert not any(name in answer.text for name in names)


def test_however_many_ask_the_database_is_asked_once(house: House) -> None:
    beats(*heartbeats.LATE_AFTER)
    with Served(gateway.build(settings(web_port=1))) as front, front.client() as monitor:
        assert monitor.get("/watchdog").status_code == 200
        beats("tick", ago=45)
        assert {monitor.get("/watchdog").status_code for _ in range(20)} == {200}


def test_a_database_that_is_away_fails_it() -> None:
    nowhere = settings(web_port=1, database_url="host=127.0.0.1 port=1 dbname=x user=x")
    with Served(gateway.build(nowhere)) as front, front.client() as monitor:
        answer = monitor.get("/watchdog")
    assert (answer.status_code, answer.json()["words"]) == (503, "The database does not answer.")


def test_a_lane_that_runs_beats_and_every_watched_lane_exists(transactional_db: None) -> None:
    assert set(heartbeats.LATE_AFTER) <= set(lanes.NAMES)
    stop = threading.Event()

    def run() -> None:
        try:
            run_lane(Lane("tick", []), stop)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: "tick" in heard())
    finally:
        stop.set()
        thread.join(20)


def heard() -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(heartbeats.SINCE)
        return dict(cursor.fetchall())


def test_the_bridge_beats_while_its_broker_is_heard(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "EVERY", timedelta(seconds=0.02))
    with Mosquitto() as broker, Hearing(broker) as process:
        process.wait()
        until(lambda: heartbeats.BROKER in heard())
        broker.end()
        until(lambda: heard()[heartbeats.BROKER] > 0.5)
        broker.start()
        process.wait()
        until(lambda: heard()[heartbeats.BROKER] < 0.2)


def test_the_console_says_the_same_and_fails(house: House) -> None:
    told = CliRunner().invoke(command)
    assert told.exit_code == 1
    assert "The lane urgent has never been heard" in told.output
    beats(*heartbeats.LATE_AFTER)
    told = CliRunner().invoke(command)
    assert told.exit_code == 0
    assert "Everything has its next step and is on time." in told.output
