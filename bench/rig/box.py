"""The product under measurement: `bin/up` as anybody starts it, in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

SECRET = "a secret for benches only, long enough"
ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
GLANCE = 0.02


class Box:
    """One running box. `began` is when it was started, of the monotonic clock."""

    def __init__(self, data: Path, **environ: str) -> None:
        self.port = free_port()
        self.log = data.parent / "up.log"
        self._environ = environment(
            data, MAKEGOOD_PORT=str(self.port), MAKEGOOD_WEB_PORT=str(free_port()),
            MAKEGOOD_HOST="127.0.0.1", **environ,
        )  # fmt: skip
        self.began = 0.0
        self.process: psutil.Popen | None = None

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        with self.log.open("w") as log:
            self.process = psutil.Popen(
                [str(ROOT / "bin" / "up")],
                env=self._environ, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            self.wait_until_said(f"Open http://localhost:{self.port}")
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def wait_until_said(self, words: str) -> None:
        """Waits until the box has said so."""
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: self._has_ended() or words in self.log.read_text())
        if words not in self.log.read_text():
            raise SystemExit(f"the box does not start:\n{self.log.read_text()}")

    @property
    def itself(self) -> psutil.Process:
        """The process that looks after the others."""
        assert self.process is not None
        return psutil.Process(self.process.pid)

    def roots(self) -> dict[str, psutil.Process]:
        """Its children by name: gateway, web, worker and, unless it was given one, postgres."""
        assert self.process is not None
        return {
            "postgres" if child.name() == "postgres" else child.cmdline()[-1]: child
            for child in self.process.children()
        }

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _stop(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """An empty directory that PostgreSQL's own account can enter."""
    with tempfile.TemporaryDirectory(prefix="makegood-bench-") as made:
        base = Path(made)
        base.chmod(0o711)
        yield base


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a product process; no setting leaks in from outside."""
    ours = ("MAKEGOOD_", "EMAIL_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"MAKEGOOD_SECRET": SECRET, "MAKEGOOD_DATA": str(data)} | more


def run(code: str, *arguments: str, environ: Mapping[str, str]) -> str:
    """Runs a line of Python to its end; gives back what it wrote."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=dict(environ), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


def migrate(environ: Mapping[str, str]) -> None:
    """Brings the database of this environment up to date."""
    run("from makegood.console.command import main; main(args=['migrate'])", environ=environ)


def program(name: str) -> str:
    """One of Debian's programs, made ready if it was not."""
    subprocess.run([str(ROOT / "bin" / "program"), name], check=True)
    return str(ROOT / ".venv" / "bin" / name)


def wait_until(ready: Callable[[], bool]) -> None:
    """Waits for another process; raises `TimeoutError` after two minutes."""
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"not ready after {PATIENCE:.0f} s")
        time.sleep(GLANCE)


def free_port() -> int:
    """A port nobody listens on this moment."""
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        return int(briefly.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether something listens on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
