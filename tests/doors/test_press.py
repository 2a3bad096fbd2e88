"""POST /t/<token>/press: committed before it is answered, once per key, and clear when refused."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from makegood.config import intake
from makegood.ground import tenancy, wakeup
from makegood.ground.models import ClockOffset
from makegood.intake import waking
from makegood.sense.models import Touchpoint
from tests.doors.houses import House, opened
from tests.doors.serving import PATIENCE, Served, database_url, settings

KEY = "a-key-of-our-own"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with Served(intake.build(settings())) as served, served.client() as client:
        yield client


def test_a_form_press_is_committed_and_leads_to_its_page(
    house: House, client: httpx.Client
) -> None:
    answer = client.post(house.press, data={"key": KEY})
    assert answer.status_code == 303
    [signal] = house.signals()
    assert opened(house.seal, answer.headers["location"]) == signal.pk
    assert (signal.place, signal.kind, signal.state) == ("Table 14", "press", 0)
    [fact] = house.facts()
    assert (fact.name, fact.about) == ("sense.press_received", signal.pk)


def test_a_script_press_is_answered_in_json(house: House, client: httpx.Client) -> None:
    answer = client.post(house.press, json={"key": KEY}, headers={"accept": "application/json"})
    assert answer.status_code == 202
    assert answer.json()["url"] == f"/p/{answer.json()['press']}"
    assert opened(house.seal, answer.json()["url"]) == house.signals()[0].pk


def test_the_same_key_is_one_press(house: House, client: httpx.Client) -> None:
    first = client.post(house.press, data={"key": KEY})
    again = client.post(house.press, json={"key": KEY})
    assert again.json()["url"] == first.headers["location"]
    assert len(house.signals()) == len(house.facts()) == 1


def test_a_press_kept_offline_counts_from_when_it_was_made(
    house: House, client: httpx.Client
) -> None:
    wrong_clock = datetime(2031, 1, 1, tzinfo=UTC)
    times = {"pressed_at": wrong_clock, "sent_at": wrong_clock + timedelta(minutes=7)}
    client.post(house.press, json={"key": KEY, **{n: t.isoformat() for n, t in times.items()}})
    [signal] = house.signals()
    waited = signal.received_at - signal.happened_at
    assert abs(waited - timedelta(minutes=7)) < timedelta(seconds=30)


def test_it_is_kept_in_the_houses_time(house: House, client: httpx.Client) -> None:
    ClockOffset.objects.create(ahead_by=timedelta(days=30))
    client.post(house.press, data={"key": KEY})
    [signal] = house.signals()
    assert signal.received_at - datetime.now(UTC) > timedelta(days=29)
    assert signal.happened_at == signal.received_at


REFUSED = [
    ("malformed JSON", {"content": b"{", "headers": {"content-type": "application/json"}}, 400, ""),
    ("JSON that is no object", {"json": ["x"]}, 422, "body"),
    ("no key", {"json": {}}, 422, "key"),
    ("a short key", {"json": {"key": "short"}}, 422, "key"),
    ("a key with spaces", {"data": {"key": "a key of mine"}}, 422, "key"),
    ("a key with a line end", {"json": {"key": "a-key-of-mine\n"}}, 422, "key"),
    ("a long key", {"data": {"key": "x" * 65}}, 422, "key"),
    ("a key that is no text", {"json": {"key": 12345678}}, 422, "key"),
    ("no time", {"json": {"key": KEY, "pressed_at": "yesterday"}}, 422, "pressed_at"),
    ("a time of nowhere", {"json": {"key": KEY, "pressed_at": "2026-11-21"}}, 422, "pressed_at"),
    ("no form at all", {"content": b"\xff\xfe", "headers": FORM}, 400, ""),
    ("a hundred fields", {"content": b"a=1&" * 100, "headers": FORM}, 400, ""),
    ("plain text", {"content": b"hello", "headers": {"content-type": "text/plain"}}, 415, ""),
    ("nothing said", {"content": b"hello"}, 415, ""),
    ("9 KB", {"json": {"key": KEY, "x": "x" * 9000}}, 413, ""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "request_", "status", "field"), REFUSED)
def test_what_is_refused_names_its_fault_and_leaves_nothing(
    house: House, client: httpx.Client, what: str, request_: dict[str, Any], status: int, field: str
) -> None:
    headers = {"accept": "application/json", **request_.pop("headers", {})}
    answer = client.post(house.press, headers=headers, **request_)
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert answer.json()["message"]
    request_["headers"] = headers
    page = client.post(house.press, **{**request_, "headers": {**headers, "accept": "text/html"}})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert not house.signals()


def test_a_large_body_without_a_length_is_refused_too(house: House, client: httpx.Client) -> None:
    parts = (b"x" * 1000 for _ in range(20))
    assert client.post(house.press, content=parts, headers=FORM).status_code == 413


def test_a_wild_time_is_taken_as_a_day_ago(house: House, client: httpx.Client) -> None:
    for n, moment in enumerate(("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")):
        said = {"key": f"wild-key-{n}", "pressed_at": moment}
        assert client.post(house.press, json=said).status_code == 202
    for signal in house.signals():
        assert timedelta() <= signal.received_at - signal.happened_at <= timedelta(hours=25)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_post_presses(house: House, client: httpx.Client, method: str) -> None:
    answer = client.request(method, house.press)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert not house.signals()


def test_a_link_that_is_not_ours_is_not_found(house: House, client: httpx.Client) -> None:
    stale = house.seal.close("touchpoint", house.table.pk, house.table.link_version + 1)
    elsewhere = house.seal.close("press", house.table.pk)
    nobody = house.seal.close("touchpoint", uuid4())
    for token in ("x", "é", house.token[:-1] + "!", stale, elsewhere, nobody):
        answer = client.post(f"/t/{token}/press", json={"key": KEY})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert client.get(f"/t/{token}").status_code == 404
    assert client.post(f"{house.press}/more", json={"key": KEY}).status_code == 404
    assert not house.signals()


def test_a_retired_button_presses_no_more(house: House, client: httpx.Client) -> None:
    with tenancy.everywhere():
        Touchpoint.objects.update(retired_at=datetime.now(UTC))
    assert client.post(house.press, json={"key": KEY}).status_code == 404
    page = client.get(f"/t/{house.token}")
    assert page.status_code == 404
    assert "no longer in use" in page.text


def test_a_key_sent_by_forty_at_once_is_one_press(house: House) -> None:
    with Served(intake.build(settings())) as served:
        urls = asyncio.run(_press_at_once(served.url, house, [KEY] * 40))
    assert len(set(urls)) == 1
    assert len(house.signals()) == 1


def test_two_intakes_agree_on_a_key(house: House) -> None:
    keys = [f"shared-key-{n:03}" for n in range(50)]
    with Served(intake.build(settings())) as one, Served(intake.build(settings())) as other:

        async def both() -> tuple[list[str], list[str]]:
            return await asyncio.gather(
                _press_at_once(one.url, house, keys), _press_at_once(other.url, house, keys[::-1])
            )

        here, there = asyncio.run(both())
    assert here == there[::-1]
    assert len(house.signals()) == 50


def test_two_hundred_at_once_share_commits(house: House) -> None:
    with Served(intake.build(settings())) as served:
        asyncio.run(_press_at_once(served.url, house, [f"press-{n:04}" for n in range(200)]))
    with psycopg.connect(database_url(), options="-c makegood.organisation=*") as look:
        [(rows, commits)] = look.execute(
            "select count(*), count(distinct xmin::text) from sense_signal"
        )
    assert rows == 200
    assert commits <= 60


def test_commits_wake_the_urgent_lane(house: House, client: httpx.Client) -> None:
    with psycopg.connect(database_url(), autocommit=True) as ear:
        ear.execute(f"listen {wakeup.LANE_CHANNEL}")
        client.post(house.press, data={"key": KEY})
        [call, *_] = ear.notifies(timeout=PATIENCE, stop_after=1)
    assert call.payload == "urgent"
    assert waking.CHANNEL == wakeup.LANE_CHANNEL


def test_a_flood_is_told_to_wait_and_keeps_its_key(
    house: House, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makegood.intake.limits.TouchpointLimit.take", lambda *_: False)
    answer = client.post(house.press, json={"key": KEY})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    page = client.post(house.press, data={"key": KEY}, headers={"accept": "text/html"})
    assert page.status_code == 429
    assert f'name="key" value="{KEY}"' in page.text
    assert not house.signals()


def test_one_row_the_database_refuses_does_not_fail_its_neighbours(house: House) -> None:
    bar = "check (key <> 'a-barred-key')"
    with psycopg.connect(database_url(), autocommit=True) as hand:
        hand.execute(f"alter table sense_signal add constraint barred {bar}")
        try:
            with Served(intake.build(settings())) as served:
                keys = [f"press-{n:04}" for n in range(30)] + ["a-barred-key"]
                answers = asyncio.run(_answers_at_once(served.url, house, keys))
        finally:
            hand.execute("alter table sense_signal drop constraint barred")
    assert [answer.status_code for answer in answers] == [202] * 30 + [503]
    assert len(house.signals()) == 30


def test_a_lost_connection_is_taken_up_again(house: House, client: httpx.Client) -> None:
    assert client.post(house.press, json={"key": "before-it-broke"}).status_code == 202
    with psycopg.connect(database_url(), autocommit=True) as hand:
        hand.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'makegood intake'"
        )
    seen = [client.post(house.press, json={"key": KEY}).status_code for _ in range(6)]
    assert seen[-1] == 202
    assert set(seen) <= {202, 503}
    assert len(house.signals()) == 2


async def _press_at_once(url: str, house: House, keys: list[str]) -> list[str]:
    return [answer.json()["url"] for answer in await _answers_at_once(url, house, keys)]


async def _answers_at_once(url: str, house: House, keys: list[str]) -> list[httpx.Response]:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as client:
        return await asyncio.gather(*(client.post(house.press, json={"key": key}) for key in keys))
