"""The embedded PostgreSQL: a child in the foreground, in a directory of its own.

See docs/decisions/0002-embedded-postgresql.md for why it is built this way.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

from makegood.console.box import account, cluster, programs
from makegood.console.box.failures import BoxFailed
from makegood.console.box.lifeline import tied_to_this_process

T = TypeVar("T")

PORT = 5432  # of the socket's name; nothing listens on the network
LONGEST_SOCKET_PATH = 107
LOG_KEPT = 5_000_000
GRACE = 10.0
SYSTEM_HOME = Path("/var/lib/makegood")

LEAN = {
    "shared_buffers": "64MB",
    "max_connections": "100",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "autovacuum_max_workers": "2",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "huge_pages": "off",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """Starts, supervises and stops one PostgreSQL whose files live in `base`.

    `settings` adds to or overrides the lean defaults; `fast` gives up durability, for tests only.
    When we are root and PostgreSQL's account cannot reach `base`, the files live in
    /var/lib/makegood and `base` is a link to them.
    """

    def __init__(
        self, base: Path, *, fast: bool = False, settings: Mapping[str, str] | None = None
    ) -> None:
        self.base = base.absolute()
        self.account = account.of_postgres()
        self.home = self.base
        self.sockets = self.base / "run"
        self.process: subprocess.Popen[bytes] | None = None
        self._fast = fast
        self._settings = {**LEAN, **(FAST if fast else {}), **(settings or {})}

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What PostgreSQL has to say."""
        return self.home / "log"

    @property
    def url(self) -> str:
        """DATABASE_URL for the application: a plain role, so that row-level security binds it."""
        return self._url(cluster.ROLE)

    @property
    def superuser_url(self) -> str:
        """DATABASE_URL for the owner of the server: backups and repairs, never the application."""
        return self._url(cluster.SUPERUSER)

    def start(self, *, timeout: float = 60) -> Self:
        """Start it, made from nothing the first time; returns when it accepts connections."""
        self.home = self._settle()
        self._refuse_running()
        self._wait_for_orphans()
        installed = programs.runnable_by(self.account, programs.find(), self.home)
        if not self.data.exists():
            cluster.make(self.home, installed, self.account, durable=not self._fast)
        self._refuse_other_version(installed)
        self.sockets = self._socket_directory()
        options = self._options(installed)
        self._roll_log()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [installed.path("postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is ours to hear, not its
                preexec_fn=tied_to_this_process(signal.SIGINT),  # noqa: PLW1509 - one thread here
                **self.account.as_child(),
            )
        try:
            self._wait_until_ready(timeout)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self, *, timeout: float = 30) -> None:
        """Stop it in good order; transactions under way are rolled back."""
        if self.process is None or self.process.poll() is not None:
            return
        for stop, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            self.process.send_signal(stop)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                return

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _settle(self) -> Path:
        """Make the directory, elsewhere if PostgreSQL's account cannot reach it here."""
        if not self.base.is_symlink():
            self.base.mkdir(parents=True, exist_ok=True)
            self.base.chmod(0o711 if self.account.other else 0o700)
            if not self.account.reaches(self.base):
                self._move_out()
        if not self.base.exists():
            raise BoxFailed(f"{self.base} links to {self.base.readlink()}, which is gone.")
        return self.base.resolve()

    def _move_out(self) -> None:
        if any(self.base.iterdir()):
            raise BoxFailed(
                f"PostgreSQL does not run as root, and its own account cannot reach {self.base}: "
                "open the directories above it (chmod o+x), or move the data directory and "
                "set MAKEGOOD_DATA."
            )
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o711)
        home = Path(tempfile.mkdtemp(prefix="box-", dir=SYSTEM_HOME))
        home.chmod(0o711)
        self.base.rmdir()
        self.base.symlink_to(home)

    def _options(self, installed: programs.Programs) -> list[str]:
        fixed = {
            "unix_socket_directories": f'"{self.sockets}"',
            "listen_addresses": "",
            "port": str(PORT),
            "logging_collector": "off",
            "log_checkpoints": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if installed.major >= 18:
            fixed["io_method"] = "sync"  # its I/O workers are processes a small box can spare
        chosen = {**fixed, **self._settings}
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def _socket_directory(self) -> Path:
        """`run` beside the data, or a short private directory when that path is too long."""
        place = self.home / "run"
        if len(os.fsencode(place / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH:
            name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
            place = Path(tempfile.gettempdir()) / f"makegood-{name}"
        try:
            place.mkdir(mode=0o700)
            self.account.own(place)
        except FileExistsError:
            if place.is_symlink() or place.stat().st_uid != self.account.uid:
                raise BoxFailed(f"{place} belongs to another user; remove it.") from None
        return place

    def _wait_until_ready(self, timeout: float) -> None:
        assert self.process is not None
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise BoxFailed(f"PostgreSQL did not start. Its log ends:\n{self._tail()}")
            lines = self._pid_lines()
            ours = lines[:1] == [str(self.process.pid)]
            if ours and len(lines) >= 8 and lines[7].strip() == "ready":
                return
            time.sleep(0.01)
        raise BoxFailed(f"PostgreSQL was not ready in {timeout:.0f} s:\n{self._tail()}")

    def _refuse_running(self) -> None:
        """Wait for one that is just stopping (its parent was killed), refuse one that stays."""
        if (pid := _what_stays(self._running)) is not None:
            raise BoxFailed(
                f"PostgreSQL is already running in {self.data} (process {pid}): stop what "
                "started it, or use another data directory (MAKEGOOD_DATA)."
            )

    def _wait_for_orphans(self) -> None:
        """A server that was killed leaves its own processes, which notice and end a moment later.

        While one of them lives, PostgreSQL refuses to start. Linux only; elsewhere it says so.
        """
        _what_stays(self._orphans)

    def _orphans(self) -> list[str] | None:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # gone meanwhile, or somebody else's
                if (process / "cwd").readlink() == self.data:
                    found.append(process.name)
        return found or None

    def _running(self) -> int | None:
        """The postmaster in our data directory; a leftover pid file is swept away."""
        lines = self._pid_lines()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, PermissionError):
            return None
        if sys.platform != "linux":
            return pid
        try:
            works_in = Path(f"/proc/{pid}/cwd").readlink()
        except OSError:  # gone meanwhile, or a zombie nobody reaped yet
            return None
        if works_in == self.data:
            return pid
        for leftover in [self.data / "postmaster.pid", *self.home.glob("run/.s.PGSQL.*")]:
            leftover.unlink(missing_ok=True)  # after a reboot the number is somebody else's
        return None

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _refuse_other_version(self, installed: programs.Programs) -> None:
        written_by = (self.data / "PG_VERSION").read_text().strip()
        if written_by != str(installed.major):
            raise BoxFailed(
                f"{self.data} was written by PostgreSQL {written_by}, and these programs are "
                f"{installed.version}: set PG_BIN to the programs of {written_by}, or dump with "
                "those and restore into a new data directory."
            )

    def _roll_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT:
            self.log.rename(self.log.with_name("log.1"))

    def _tail(self) -> str:
        return self.log.read_bytes()[-2000:].decode(errors="replace")

    def _url(self, role: str) -> str:
        password = cluster.password(self.home, role)
        where = quote(str(self.sockets), safe="")
        return f"postgresql://{role}:{password}@/{cluster.DATABASE}?host={where}&port={PORT}"


def _what_stays(seen: Callable[[], T | None]) -> T | None:
    """What is seen until the grace is over; None as soon as nothing is. It is not ours to reap."""
    end = time.monotonic() + GRACE
    while (still := seen()) is not None and time.monotonic() < end:
        time.sleep(0.05)
    return still
