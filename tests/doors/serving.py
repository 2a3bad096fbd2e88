"""Serves a raw ASGI application for real: uvicorn on a loopback port, in a thread."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Self

import httpx
import uvicorn
from django.db import connection
from psycopg.conninfo import make_conninfo

from makegood.config import env
from makegood.ground.asgi import App
from tests.running import Running

PATIENCE = 20.0


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.listening.set()


class Served(Running):
    """`with Served(app) as served:` gives `served.url`."""

    def __init__(self, app: App, *, port: int = 0) -> None:
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_level="error",
            timeout_graceful_shutdown=1,
        )
        self.server = _Server(config)
        self.thread = threading.Thread(target=self.server.run, name="served", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        assert self.server.listening.wait(PATIENCE), "the server did not start"
        return self

    def stop(self) -> None:
        """Stops to listen, and waits until it has."""
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the server did not stop"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.servers[0].sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def loop_call(self, do: Callable[[], None]) -> None:
        """Runs `do` in the server's loop."""
        self.server.loop.call_soon_threadsafe(do)

    def client(self, **options: Any) -> httpx.Client:
        """A client of it that follows nothing by itself."""
        return httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False, **options)


def database_url() -> str:
    """The database of this test run as psycopg reads it."""
    to = connection.settings_dict
    return make_conninfo(
        dbname=to["NAME"], user=to["USER"], password=to["PASSWORD"], host=to["HOST"],
        port=to["PORT"] or None,
    )  # fmt: skip


def settings(**changes: Any) -> env.Settings:
    """The settings of this test run, with the test database."""
    values: dict[str, Any] = {
        "database_url": database_url(),
        "secret": "a secret for tests, long enough and never used",
        "data": env.data_directory({}),
        "host": "127.0.0.1",
        "port": 8000,
        "web_port": 1,
        "url": "http://localhost:8000",
        "email_url": "",
        "email_from": "Makegood <makegood@localhost>",
        "debug": False,
    }
    return env.Settings(**{**values, **changes})
