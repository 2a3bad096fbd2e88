"""GET /live/<kind>/<token>: bulletins as they are posted, and those that were missed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import psycopg
import pytest
from django.db import transaction

from makegood.config import live
from makegood.config.lifespan import with_lifespan
from makegood.ground import bulletins, links, tenancy, topics
from makegood.ground.models import Bulletin
from makegood.live import listening
from makegood.live.door import KINDS, Live
from makegood.people.models import Staff
from tests.doors.houses import THEN, House
from tests.doors.serving import Served, database_url, settings


class Reader:
    """One open stream, read event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> dict[str, str]:
        """The next event; comments and `retry` are passed over."""
        fields: dict[str, str] = {}
        for line in self._lines:
            name, _, value = line.partition(": ")
            if line == "" and "data" in fields:
                return fields
            if name in ("id", "event", "data"):
                fields[name] = value
        raise EOFError("the stream has ended")


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    with Served(live.build(settings())) as served:
        yield served


@contextmanager
def reading(served: Served, path: str, last: str = "") -> Iterator[Reader]:
    headers = {"last-event-id": last} if last else {}
    with served.client() as client, client.stream("GET", path, headers=headers) as answer:
        yield Reader(answer)


def link(house: House, version: int = 0) -> str:
    return f"/live/staff/{house.seal.close('stream:staff', house.bo.pk, version)}"


def post(house: House, *what: dict[str, str], topic: str = "") -> list[Bulletin]:
    with tenancy.everywhere(), transaction.atomic():
        for data in what:
            name = topic or topics.staff(house.bo.pk)
            bulletins.post([name], data, organisation_id=house.organisation.pk, at=THEN)
    with tenancy.everywhere():
        return list(Bulletin.objects.order_by("id"))[-len(what) :]


def test_a_newcomer_is_greeted_and_then_hears(house: House, served: Served) -> None:
    with reading(served, link(house)) as pager:
        assert pager.answer.headers["content-type"].startswith("text/event-stream")
        assert pager.next()["event"] == "hello"
        [row] = post(house, {"kind": "page", "place": "Table 14\nWindow"})
        event = pager.next()
    assert (event["id"], event["event"]) == (str(row.pk), "page")
    assert json.loads(event["data"])["place"] == "Table 14\nWindow"


def test_only_the_topic_is_heard(house: House, served: Served) -> None:
    with reading(served, link(house)) as pager:
        pager.next()
        post(house, {"kind": "other"}, topic=topics.staff(uuid4()))
        post(house, {"kind": "mine"})
        assert pager.next()["event"] == "mine"


def test_what_was_missed_is_replayed_once_back(house: House, served: Served) -> None:
    with reading(served, link(house)) as pager:
        pager.next()
        [seen] = post(house, {"kind": "first"})
        assert pager.next()["event"] == "first"
    post(house, {"kind": "second"}, {"kind": "third"})
    with reading(served, link(house), last=str(seen.pk)) as pager:
        assert [pager.next()["event"] for _ in range(2)] == ["second", "third"]
        post(house, {"kind": "fourth"})
        assert pager.next()["event"] == "fourth"
    with reading(served, f"{link(house)}?last={seen.pk}") as pager:
        assert pager.next()["event"] == "second"


def test_a_bulletin_committed_late_is_replayed_too(house: House, served: Served) -> None:
    early, late = post(house, {"kind": "early"}, {"kind": "late"})
    with tenancy.everywhere(), psycopg.connect(database_url(), autocommit=True) as hand:
        hand.execute("set makegood.organisation = '*'")
        hand.execute("update ground_bulletin set at = makegood_now()")
    with reading(served, link(house), last=str(late.pk)) as pager:
        assert [pager.next()["id"] for _ in range(2)] == [str(early.pk), str(late.pk)]


def test_too_much_to_replay_is_a_hello(
    house: House, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makegood.live.bulletins.MOST_REPLAYED", 3)
    first, *_ = post(house, *({"kind": "many"} for _ in range(5)))
    with reading(served, link(house), last=str(first.pk)) as pager:
        assert pager.next()["event"] == "hello"


@pytest.mark.parametrize("last", ["-1", "abc", "9" * 30, "1.5", "999999999"])
def test_an_id_that_cannot_be_is_a_hello(house: House, served: Served, last: str) -> None:
    with reading(served, link(house), last=last) as pager:
        assert pager.next()["event"] == "hello"


def test_a_lost_database_connection_is_made_up_for(house: House, served: Served) -> None:
    with reading(served, link(house)) as pager:
        pager.next()
        post(house, {"kind": "before"})
        assert pager.next()["event"] == "before"
        with psycopg.connect(database_url(), autocommit=True) as hand:
            hand.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'makegood live'"
            )
        post(house, {"kind": "meanwhile"})
        assert pager.next()["event"] == "meanwhile"


def test_links_that_are_not_good_open_nothing(house: House, served: Served) -> None:
    staff = house.seal.close("stream:staff", house.bo.pk)
    with served.client() as client:
        assert client.get(f"/live/site/{staff}").status_code == 404
        assert client.get("/live/staff/nonsense").status_code == 404
        assert client.get(f"/live/boss/{staff}").status_code == 404
        assert client.get(link(house, version=1)).status_code == 403
        answer = client.post(link(house))
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
        with tenancy.everywhere():
            Staff.objects.update(is_active=False)
        assert client.get(link(house)).status_code == 403


def test_one_link_is_open_twenty_times_at_most(
    house: House, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makegood.live.streams.MOST_PER_TOKEN", 1)
    with reading(served, link(house)) as pager:
        pager.next()
        with served.client() as client:
            answer = client.get(link(house))
            assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


def test_leaving_ends_every_stream_in_good_order(house: House) -> None:
    door = Live(database_url=database_url(), secret=settings().secret)
    doors = with_lifespan(door, [door])
    with Served(doors) as served, reading(served, link(house)) as pager:
        pager.next()
        served.loop_call(door.leave)
        with pytest.raises(EOFError):
            pager.next()


def test_names_agree_with_ground() -> None:
    assert listening.CHANNEL == bulletins.CHANNEL
    for kind in KINDS:
        path = links.stream(kind, uuid4())
        assert path.startswith(f"/live/{kind}/")
