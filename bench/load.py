"""A load generator in a process of its own: keep-alive connections that press and wait, again.

Bare sockets on uvloop, so that it takes as little of the machine as it can. Used by the benches:
`python -m bench.load HOST PORT TOKENS_FILE CONNECTIONS SECONDS` prints one line of JSON.
"""

import asyncio
import itertools
import json
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

WARM_UP = 1.0


class Presser(asyncio.Protocol):
    """One connection: sends a press, waits for the whole answer, sends the next."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._rest = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, found, body = self._rest.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        if len(body) < length:
            return
        self._rest = b""
        self._load.note(self._sent_at, head[9:12] == b"202")
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.lost += not self._load.over

    def _send(self) -> None:
        assert self._transport is not None
        if self._load.over:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._load.next_request())


class Load:
    """What all connections share: the requests to send and the answers seen."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = itertools.cycle(tokens)
        self._number = itertools.count()
        self._run = f"{time.time_ns():x}"
        self._counts_from = time.perf_counter() + WARM_UP
        self.over = False
        self.lost = self.refused = self.accepted = 0
        self.waited: list[float] = []

    def next_request(self) -> bytes:
        """A press nobody has made yet."""
        body = f'{{"key":"{self._run}-{next(self._number)}"}}'
        return (
            f"POST /t/{next(self._tokens)}/press HTTP/1.1\r\nHost: bench\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def note(self, sent_at: float, accepted: bool) -> None:
        """Counts one answer; those of the warm-up are accepted but not measured."""
        now = time.perf_counter()
        self.accepted += accepted
        self.refused += not accepted
        if sent_at >= self._counts_from:
            self.waited.append(now - sent_at)


async def _run(host: str, port: int, tokens: list[str], connections: int, seconds: float) -> Load:
    load = Load(tokens)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Presser(load), host, port)
    await asyncio.sleep(WARM_UP + seconds)
    load.over = True
    await asyncio.sleep(0.2)
    return load


def main() -> None:
    """Runs once and prints what was measured."""
    host, port, tokens, connections, seconds = sys.argv[1:]
    names = Path(tokens).read_text().split()
    load = uvloop.run(_run(host, int(port), names, int(connections), float(seconds)))
    waited = sorted(load.waited)
    print(
        json.dumps(
            {
                "accepted": load.accepted,
                "refused": load.refused,
                "lost": load.lost,
                "per_second": len(waited) / float(seconds),
                "p50_ms": waited[len(waited) // 2] * 1000,
                "p99_ms": waited[int(len(waited) * 0.99)] * 1000,
            }
        )
    )


if __name__ == "__main__":
    main()
