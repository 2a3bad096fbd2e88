"""`makegood up` as a person meets it: it serves, stops cleanly, and is found as it was left."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from makegood.config import env
from makegood.console.box import ports
from tests.patience import until

START = 90.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        return int(briefly.getsockname()[1])


class RunningBox:
    """One `makegood up` in a process of its own, its words collected."""

    def __init__(self, data: Path, **also: str) -> None:
        self.port = free_port()
        ours = {
            "MAKEGOOD_DATA": str(data),
            "MAKEGOOD_PORT": str(self.port),
            "MAKEGOOD_WEB_PORT": str(free_port()),
            **also,
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MAKEGOOD_")}
        inherited.pop("DATABASE_URL", None)
        self.log = data.parent / f"up-{self.port}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "makegood.console", "up"],
                env=inherited | ours,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def wait_until_open(self) -> None:
        until(self._open_or_dead, patience=START)
        assert self.process.poll() is None, self.said()

    def _open_or_dead(self) -> bool:
        opened = f"Open http://localhost:{self.port}" in self.said()
        return opened or self.process.poll() is not None

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def web(self) -> int | None:
        """The web process that is alive now."""
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                if "web" in process.cmdline():
                    return process.pid
        return None


@pytest.fixture(scope="module")
def data():
    """One house for all: the next test finds it as the last one left it."""
    place = Path(tempfile.mkdtemp(prefix="makegood-up-"))
    place.chmod(0o711)
    yield place / "var"
    shutil.rmtree(place)


@pytest.fixture
def start(data):
    boxes: list[RunningBox] = []

    def start_one(**also: str) -> RunningBox:
        boxes.append(RunningBox(data, **also))
        return boxes[-1]

    yield start_one
    for box in boxes:
        if box.process.poll() is None:
            family = box.family()
            box.process.kill()
            box.process.wait()
            psutil.wait_procs(family, timeout=15)


def test_ctrl_c_stops_everything_and_the_next_start_finds_it(start, data):
    box = start()
    box.wait_until_open()
    assert ports.answers(box.port, "/healthz")
    secret = env.secret_file(data).read_text()
    url = env.database_file(data).read_text()
    family = box.family()
    assert len(family) >= 4

    box.process.send_signal(signal.SIGINT)
    assert box.process.wait(20) == 0, box.said()
    assert [p for p in family if p.is_running()] == []
    assert "Everything has stopped" in box.said()
    assert not env.database_file(data).exists()

    again = start()
    again.wait_until_open()
    assert env.secret_file(data).read_text() == secret
    assert env.database_file(data).read_text() == url


def test_a_second_box_is_refused_and_a_dead_process_comes_back(start, data):
    box = start()
    box.wait_until_open()
    second = start()
    assert second.process.wait(20) == 1
    assert "already running" in second.said()

    killed = box.web()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    until(lambda: box.web() not in (None, killed))
    assert ports.answers(box.port, "/healthz")


def test_a_killed_box_leaves_no_orphan_and_starts_again(start):
    box = start(MAKEGOOD_MQTT_BROKER=f"mqtt://us:pass@127.0.0.1:{free_port()}")
    box.wait_until_open()
    until(lambda: "the broker is not heard" in box.said())  # and the house is open all the same
    family = box.family()
    box.process.kill()
    box.process.wait()
    _, alive = psutil.wait_procs(family, timeout=15)
    assert alive == []
    start().wait_until_open()
