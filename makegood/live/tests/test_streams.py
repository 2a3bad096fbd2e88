"""Streams without a network: bounded, counted, ended together."""

import asyncio

import pytest

from makegood.live import wire
from makegood.live.streams import MOST_PER_TOKEN, MOST_QUEUED, Stream, Streams, TooMany


def test_what_was_queued_is_taken_in_one_go() -> None:
    async def take() -> bytes | None:
        stream = Stream("staff:1")
        stream.put(b"one ")
        stream.put(b"two")
        return await stream.take()

    assert asyncio.run(take()) == b"one two"


def test_a_slow_listener_is_ended_not_waited_for() -> None:
    async def take() -> bytes | None:
        stream = Stream("staff:1")
        for _ in range(MOST_QUEUED + 1):
            stream.put(b"x")
        return await stream.take()

    assert asyncio.run(take()) is None


def test_a_link_is_open_so_often_and_no_more() -> None:
    streams = Streams()
    opened = [streams.open("staff:1", "token") for _ in range(MOST_PER_TOKEN)]
    with pytest.raises(TooMany):
        streams.open("staff:1", "token")
    streams.close(opened[0], "token")
    streams.open("staff:1", "token")
    assert len(streams) == MOST_PER_TOKEN


def test_who_comes_while_we_leave_is_ended_too() -> None:
    async def take() -> list[bytes | None]:
        streams = Streams()
        before = streams.open("staff:1", "one")
        streams.end_all()
        after = streams.open("staff:1", "two")
        return [await before.take(), await after.take()]

    assert asyncio.run(take()) == [None, None]


@pytest.mark.parametrize("listeners", [0, 1, 7, 10])
def test_in_turns_every_stream_comes_once(listeners: int) -> None:
    streams = Streams()
    opened = {streams.open(f"staff:{number}", str(number)) for number in range(listeners)}
    turns = streams.turns(5)
    assert sorted(map(id, opened)) == sorted(id(stream) for turn in turns for stream in turn)
    sizes = [len(turn) for turn in turns]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("header", "query", "last"),
    [("7", "9", 7), ("", "9", 9), ("x", "9", 9), ("-1", "", None), ("٣", "", None)],
)
def test_the_last_seen_id_is_a_plain_number(header: str, query: str, last: int | None) -> None:
    assert wire.last_seen(header, query) == last
