"""One box: PostgreSQL, its tables, and every process of the product, under one Ctrl-C."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import FrameType

from makegood.config import env
from makegood.console.box import ports, possession, tables
from makegood.console.box.children import Child, Children
from makegood.console.box.failures import BoxFailed
from makegood.console.box.lifeline import tied_to_this_process
from makegood.console.box.postgres import EmbeddedPostgres
from makegood.console.box.private import write_private

NOT_YET = "postgresql://not.yet.started/"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MAKEGOOD = [sys.executable, "-P", "-m", "makegood.console"]


class Box:
    """Starts everything on this machine in order, looks after it, and stops it in order."""

    def __init__(self, environ: Mapping[str, str], *, say: Callable[[str], None]) -> None:
        self._environ = dict(environ)
        self._say = say
        self._postgres: EmbeddedPostgres | None = None
        self._children: Children | None = None

    def serve(self, *, demo: bool) -> None:
        """Run until Ctrl-C, SIGTERM or the end of the terminal."""
        data = env.data_directory(self._environ)
        lock = possession.take(data)
        try:
            with _stops_as_interrupts():
                self._start(demo)
                while True:
                    self._look_after()
        except KeyboardInterrupt:
            self._say("\nStopping ...")
        finally:
            self._stop()
            os.close(lock)
        self._say("Everything has stopped; the next start finds it as it was.")

    def _filled(self) -> dict[str, str]:
        return {name: value for name, value in self._environ.items() if value}

    def _start(self, demo: bool) -> None:
        data = env.data_directory(self._environ)
        self._environ["MAKEGOOD_DATA"] = str(data)
        if not self._environ.get("MAKEGOOD_SECRET"):
            self._environ["MAKEGOOD_SECRET"] = possession.secret(data)
        settings = env.read({"DATABASE_URL": NOT_YET} | self._filled())
        ports.refuse_taken(settings.host, settings.port, "MAKEGOOD_PORT")
        ports.refuse_taken("127.0.0.1", settings.web_port, "MAKEGOOD_WEB_PORT")
        if settings.mqtt_port is not None:
            ports.refuse_taken(settings.mqtt_host, settings.mqtt_port, "MAKEGOOD_MQTT_PORT")
        self._say(f"Makegood, with its data in {data}")
        self._open_database(settings)
        with self._step("Tables"):
            self._migrate()
        if demo:
            self._run("demo", "--if-empty", aloud=True)
        with self._step("Gateway and web"):
            self._bring_up(settings)
        self._welcome(settings)

    def _open_database(self, settings: env.Settings) -> None:
        whereabouts = env.database_file(settings.data)
        whereabouts.unlink(missing_ok=True)
        if self._environ.get("DATABASE_URL"):
            self._say("  PostgreSQL: yours, as DATABASE_URL says")
            return
        with self._step("PostgreSQL"):
            self._postgres = EmbeddedPostgres(settings.data / "postgres")
            self._postgres.start(timeout=600)  # a recovery after a crash takes what it takes
        if self._postgres.home != self._postgres.base:
            self._say(
                f"  (its files are in {self._postgres.home}, where its own user reaches them)"
            )
        self._environ["DATABASE_URL"] = self._postgres.url
        write_private(whereabouts, self._postgres.url + "\n")

    def _migrate(self) -> None:
        """A database of your own is always asked; ours only when the code has changed."""
        mark = self._postgres.home / "tables" if self._postgres else None
        if mark and tables.up_to_date(mark):
            return
        self._run("migrate")
        if mark:
            mark.write_text(tables.fingerprint())

    def _bring_up(self, settings: env.Settings) -> None:
        """What a visitor waits for first; the worker would only slow its start."""
        self._children = Children(self._say)
        for name in ("gateway", "web"):
            self._children.add(Child(name, [*MAKEGOOD, name], self._environ))
        for port, path in ((settings.port, "/healthz"), (settings.web_port, "/")):
            self._children.wait_until(partial(ports.answers, port, path), timeout=60)
        for name in ("worker", *(["devices"] if settings.broker else [])):
            self._children.add(Child(name, [*MAKEGOOD, name], self._environ))

    def _welcome(self, settings: env.Settings) -> None:
        self._say(f"\n  Open {settings.url}\n")
        address = ports.address_in_network()
        if settings.host == "0.0.0.0" and address and not self._environ.get("MAKEGOOD_URL"):
            there = f"http://{address}:{settings.port}"
            self._say(f"  From a phone in the same network: {there}")
            self._say(f"  (set MAKEGOOD_URL={there} so that QR cards and letters lead there)")
        self._say("  Ctrl-C stops everything.\n")

    def _look_after(self) -> None:
        assert self._children is not None
        self._children.look_after(for_seconds=0.5)
        process = self._postgres and self._postgres.process
        if self._postgres and process and process.poll() is not None:
            self._say(f"PostgreSQL stopped (status {process.returncode}); starting it again")
            self._postgres.start(timeout=600)

    def _run(self, *arguments: str, aloud: bool = False) -> None:
        """Run a sub-command to its end; a quiet one is heard only when it fails."""
        done = subprocess.run(
            [*MAKEGOOD, *arguments],
            env=self._environ,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=None if aloud else subprocess.PIPE,
            stderr=None if aloud else subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=tied_to_this_process(signal.SIGTERM),
        )
        if done.returncode != 0:
            said = "\n".join((done.stdout or "").splitlines()[-20:])
            raise BoxFailed(f"`makegood {' '.join(arguments)}` failed:\n{said}")

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._say(f"  {name + ' ':.<28} ready in {time.monotonic() - began:.1f} s")

    def _stop(self) -> None:
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)  # we are at it
        if self._children:
            self._children.stop()
        if self._postgres:
            self._postgres.stop()
            env.database_file(env.data_directory(self._environ)).unlink(missing_ok=True)


@contextlib.contextmanager
def _stops_as_interrupts() -> Iterator[None]:
    """SIGTERM and a closed terminal end us as Ctrl-C does (nohup's ignored SIGHUP stays so)."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in STOPS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    yield
