"""Servers on loopback that stand in for the services of others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any, TypeVar


class Service(ThreadingHTTPServer):
    """One on a free port of loopback."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who was too slow finds nobody there any more."""


Served = TypeVar("Served", bound=ThreadingHTTPServer)


@contextmanager
def served(server: Served) -> Iterator[Served]:
    """Lets it answer for as long as the `with` lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
