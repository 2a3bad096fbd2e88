"""Who listens to what, in this process. Queues are bounded: the slow are dropped and come back."""

import asyncio
from collections import defaultdict, deque

MOST_QUEUED = 200
MOST_PER_TOKEN = 20


class Stream:
    """One open connection and what it has yet to be sent."""

    __slots__ = ("_ended", "_queue", "_wake", "topic")

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._queue: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._ended = False

    def put(self, message: bytes) -> None:
        """Queues a message; a stream that lets too many pile up is ended and will replay them."""
        if len(self._queue) >= MOST_QUEUED:
            self.end()
            return
        self._queue.append(message)
        self._wake.set()

    def end(self) -> None:
        """Ends the stream; what is queued is left for the replay."""
        self._ended = True
        self._queue.clear()
        self._wake.set()

    async def take(self) -> bytes | None:
        """Everything queued, as soon as there is something; None when the stream has ended."""
        await self._wake.wait()
        self._wake.clear()
        if self._ended:
            return None
        messages = b"".join(self._queue)
        self._queue.clear()
        return messages


class TooMany(Exception):
    """This link is already open as often as one link may be."""


class Streams:
    """All open streams by topic."""

    def __init__(self) -> None:
        self._by_topic: defaultdict[str, set[Stream]] = defaultdict(set)
        self._by_token: defaultdict[str, int] = defaultdict(int)
        self._closed = False

    def __len__(self) -> int:
        return sum(map(len, self._by_topic.values()))

    def open(self, topic: str, token: str) -> Stream:
        """A new stream of `topic`; raises `TooMany`."""
        if self._by_token[token] >= MOST_PER_TOKEN:
            raise TooMany
        self._by_token[token] += 1
        stream = Stream(topic)
        self._by_topic[topic].add(stream)
        if self._closed:
            stream.end()
        return stream

    def close(self, stream: Stream, token: str) -> None:
        """Forgets a stream whose connection is over."""
        self._by_topic[stream.topic].discard(stream)
        if not self._by_topic[stream.topic]:
            del self._by_topic[stream.topic]
        self._by_token[token] -= 1
        if not self._by_token[token]:
            del self._by_token[token]

    def send(self, topic: str, message: bytes) -> None:
        """Queues `message` for everyone who listens to `topic`."""
        for stream in tuple(self._by_topic.get(topic, ())):
            stream.put(message)

    def turns(self, count: int) -> list[list[Stream]]:
        """All streams dealt out to `count` turns, so that none has many more than another."""
        streams = self._all()
        return [streams[turn::count] for turn in range(count)]

    def end_all(self) -> None:
        """Ends every stream, and those that still come: the process is leaving."""
        self._closed = True
        for stream in self._all():
            stream.end()

    def _all(self) -> list[Stream]:
        return [stream for streams in self._by_topic.values() for stream in streams]
