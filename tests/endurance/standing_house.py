"""The hotel's real processes and its own durable PostgreSQL, all of which can be struck dead."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import ClassVar

import msgspec
import psutil
import psycopg

from makegood.console.box.postgres import EmbeddedPostgres
from tests.browser.house import RunningHouse, free_port
from tests.endurance.hotel import Hotel
from tests.endurance.view import View

ROOT = Path(__file__).parents[2]
SECRET = "a secret for kill tests only, long enough"
PARTS = {"gateway": (), "web": (), "worker": ("--lanes", "urgent,ordinary"), "tick": ()}
LANES = {"worker": 2, "tick": 1}
PATIENCE = 60.0
GLANCE = 0.05
MIGRATE = "from makegood.console.command import main; main(args=['migrate'])"
FOUND = "import django; django.setup(); from tests.endurance.founding import main; main()"
EARS = "select count(*) from pg_stat_activity where application_name = %s and query like 'listen%%'"
AT_WORK = """
select pid from pg_stat_activity
where split_part(application_name, ' ', 1) = any(%s) and xact_start is not null
"""


class StandingHouse(RunningHouse):
    """Gateway, web, worker (urgent and ordinary) and tick as processes, on a database with fsync.

    A process names its database connections after itself and the number of its life: `worker 3`.
    """

    PARTS: ClassVar = PARTS
    LANES: ClassVar = LANES
    COMMANDS: ClassVar[dict[str, str]] = {}  # of parts that are not named after theirs

    def __init__(self, base: Path, postgres: EmbeddedPostgres | None = None) -> None:
        self.postgres = (postgres or EmbeddedPostgres(base / "postgres")).start()
        self.view = View(self.postgres.url)
        self._lives: Counter[str] = Counter()
        data = base / "data"
        (data / "static").mkdir(parents=True)
        super().__init__(database_url=self.postgres.url, data=data, secret=SECRET)
        self.mqtt_port = free_port()
        self._environ |= {"MAKEGOOD_MQTT_PORT": str(self.mqtt_port)}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.view.close()
        try:
            super().__exit__(kind, error, trace)
        finally:
            self.postgres.stop()

    def found(self, *, tables: int) -> Hotel:
        """Makes the database's tables and founds the hotel."""
        self._run(MIGRATE)
        return msgspec.json.decode(self._run(FOUND, str(tables)), type=Hotel)

    def open(self) -> None:
        """Starts every part."""
        for name in self.PARTS:
            self.start_again(name)

    def start_again(self, name: str) -> None:
        """Starts a part, and waits until it is at it."""
        self.start(name, options=self.PARTS[name])

    def stop(self) -> None:
        """Ends every part that runs, the gateway last."""
        for name in [name for name in reversed(self.PARTS) if name in self._processes]:
            self.end(name)

    def check(self) -> None:
        """Nothing has died that was not struck."""
        for name, process in self._processes.items():
            assert process.poll() is None, f"{name} died by itself:\n{self.said(name)[-4000:]}"

    def at_work(self, *names: str) -> list[int]:
        """PostgreSQL's processes that hold a transaction for these parts this moment."""
        try:
            return [pid for (pid,) in self.view.rows(AT_WORK, list(names))]
        except psycopg.OperationalError:
            return []

    def strike(self, name: str) -> None:
        """SIGKILL. Struck at `web`, its worker is told so by the kernel and ends too."""
        offspring = psutil.Process(self.process(name).pid).children()
        self.kill(name)
        _, alive = psutil.wait_procs(offspring, timeout=PATIENCE)
        assert not alive, f"{name} left orphans: {alive}"

    def strike_views(self) -> None:
        """SIGKILL for the process that runs the views; the one above it ends for that reason."""
        web = self._processes.pop("web")
        [views] = psutil.Process(web.pid).children()
        views.kill()
        web.wait(PATIENCE)

    def strike_postgres(self) -> None:
        """SIGKILL for the server, its own children end by themselves; then it starts again."""
        assert self.postgres.process is not None
        offspring = psutil.Process(self.postgres.process.pid).children()
        self.postgres.process.kill()
        self.postgres.process.wait()
        _, alive = psutil.wait_procs(offspring, timeout=PATIENCE)
        assert not alive, f"PostgreSQL left orphans: {alive}"
        self.postgres.start()
        self.view.close()

    def strike_connection(self) -> None:
        """SIGKILL for a process of PostgreSQL: it throws everybody out and recovers by itself."""
        backends = self.at_work(*self.PARTS) or self.view.rows("select pg_backend_pid()")[0]
        os.kill(backends[0], signal.SIGKILL)
        self.wait_until(lambda: not self.view.answers(), "PostgreSQL notices", patience=5)
        self.wait_until(self.view.answers, "PostgreSQL recovers")

    def wait_until(
        self, done: Callable[[], bool], what: str, *, patience: float = PATIENCE
    ) -> None:
        """Looks again and again; fails if it takes too long."""
        end = time.monotonic() + patience
        while not done():
            assert time.monotonic() < end, f"not in {patience:.0f} s: {what}"
            time.sleep(GLANCE)

    def _spawn(self, name: str, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
        self._lives[name] += 1
        self._environ["PGAPPNAME"] = self._name_of_connections(name)
        return super()._spawn(name, options)

    def _is_ready(self, name: str) -> bool:
        if name not in self.LANES:
            return super()._is_ready(name)
        return bool(self.view.one(EARS, self._name_of_connections(name)) == self.LANES[name])

    def _command(self, name: str) -> str:
        return self.COMMANDS.get(name, name)

    def _name_of_connections(self, name: str) -> str:
        return f"{name} {self._lives[name]}"

    def _run(self, code: str, *arguments: str) -> str:
        environ = self._environ | {"DJANGO_SETTINGS_MODULE": "makegood.config.settings"}
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(
            command, env=environ, cwd=ROOT, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
