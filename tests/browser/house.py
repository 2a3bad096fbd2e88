"""The product as it runs: its real processes against the test database, each ended by its id.

    with RunningHouse(database_url=..., data=tmp_path) as house:
        house.start("gateway", "web", "worker")
        house.kill("worker")
        house.start("worker")

`url` is the public address. What a process said is in `said(name)`, and in the message of a start
that failed. A process that dies by itself is not started again: a test should hear of it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection

from makegood.console.box.lifeline import tied_to_this_process
from tests.running import Running

MAKEGOOD = (sys.executable, "-P", "-m", "makegood.console")
PATIENCE = 60.0
LAST_WORDS = 15.0
GLANCE = 0.05
PARTS = ("gateway", "web", "worker")
READY = {"gateway": "/healthz", "web": "/account/login/"}


class RunningHouse(Running):
    """The processes of one house."""

    def __init__(
        self,
        *,
        database_url: str,
        data: Path,
        secret: str = settings.SECRET_KEY,
        push_services: str = "",
    ) -> None:
        self.port, self.web_port = free_port(), free_port()
        self.data = data
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MAKEGOOD_", "EMAIL_", "DJANGO_"))
        }
        self._environ = inherited | {
            "DATABASE_URL": database_url,
            "MAKEGOOD_DATA": str(data),
            "MAKEGOOD_SECRET": secret,
            "MAKEGOOD_HOST": "127.0.0.1",
            "MAKEGOOD_PORT": str(self.port),
            "MAKEGOOD_WEB_PORT": str(self.web_port),
            "MAKEGOOD_URL": self.url,
            "MAKEGOOD_PUSH_SERVICES": push_services,
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def url(self) -> str:
        """The public address."""
        return f"http://localhost:{self.port}"

    @property
    def missing(self) -> list[str]:
        """Those of `PARTS` that do not run."""
        return [name for name in PARTS if name not in self._processes]

    def start(self, *names: str, options: tuple[str, ...] = ()) -> None:
        """Starts processes and waits until those that listen answer."""
        for name in names or PARTS:
            assert name not in self._processes, f"{name} runs already"
            self._processes[name] = self._spawn(name, options)
        for name in names or PARTS:
            self._wait_until_ready(name)

    def kill(self, name: str) -> None:
        """SIGKILL, without a word."""
        process = self._processes.pop(name)
        process.kill()
        process.wait(LAST_WORDS)

    def end(self, name: str) -> None:
        """SIGTERM, and the time to stop in order."""
        process = self._processes.pop(name)
        process.terminate()
        self._see_off(name, process)

    def stop(self) -> None:
        """Ends everything that still runs."""
        leaving, self._processes = self._processes, {}
        for process in leaving.values():
            process.terminate()
        for name, process in leaving.items():
            self._see_off(name, process)

    def _see_off(self, name: str, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(LAST_WORDS)
            raise AssertionError(f"{name} did not stop:\n{self.said(name)}") from None

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """A running process, for its id."""
        return self._processes[name]

    def said(self, name: str) -> str:
        """What a process wrote, in all its lives."""
        log = self._log(name)
        return log.read_text(errors="replace") if log.exists() else ""

    def _log(self, name: str) -> Path:
        return self.data / f"{name}.log"

    def _command(self, name: str) -> str:
        return name

    def _spawn(self, name: str, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
        with self._log(name).open("ab") as log:
            return subprocess.Popen(
                [*MAKEGOOD, self._command(name), *options],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=tied_to_this_process(signal.SIGTERM),  # noqa: PLW1509 - the main thread
            )

    def _wait_until_ready(self, name: str) -> None:
        end = time.monotonic() + PATIENCE
        while not self._is_ready(name):
            dead = self._processes[name].poll()
            assert dead is None, f"{name} ended with status {dead}:\n{self.said(name)}"
            assert time.monotonic() < end, f"{name} does not answer:\n{self.said(name)}"
            time.sleep(GLANCE)

    def _is_ready(self, name: str) -> bool:
        if name not in READY:
            return True
        port = self.web_port if name == "web" else self.port
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}{READY[name]}", trust_env=False, timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code < 500


def free_port() -> int:
    """A port nobody listens on this moment."""
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        return int(briefly.getsockname()[1])


def database_url() -> str:
    """The database pytest made, as an address for other processes."""
    at = connection.settings_dict
    who, name = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}", quote(at["NAME"])
    if at["HOST"].startswith("/"):
        return f"postgresql://{who}@/{name}?host={quote(at['HOST'], safe='')}&port={at['PORT']}"
    return f"postgresql://{who}@{at['HOST']}:{at['PORT']}/{name}"
