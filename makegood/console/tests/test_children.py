"""Children are heard, restarted when they die, and stopped together."""

import io
import os
import signal
import sys

import psutil
import pytest

from makegood.console.box import children
from makegood.console.box.children import Child, Children, Mouth
from makegood.console.box.failures import BoxFailed


def script(name, text):
    return Child(name, [sys.executable, "-c", text], os.environ)


def test_what_children_say_is_told_line_by_line_with_their_names():
    told: list[str] = []
    few = Children(told.append)
    few.add(script("web", "print('one'); print('two'); import time; time.sleep(60)"))
    few.wait_until(lambda: len(told) == 2, timeout=20)
    few.stop()
    assert told == ["web     | one", "web     | two"]


def test_one_that_dies_is_started_again_after_a_pause(monkeypatch):
    monkeypatch.setattr(children, "FALSE_STARTS", 99)
    told: list[str] = []
    few = Children(told.append)
    few.add(script("worker", "print('here'); raise SystemExit(3)"))
    few.wait_until(lambda: told.count("worker  | here") == 2, timeout=20)
    few.stop()
    assert "worker stopped (exit 3); starting again in 0.2 s" in told


def test_pauses_grow_and_end_at_the_longest():
    child = script("web", "")
    pauses = []
    for _ in range(10):
        with child.start() as process:
            process.wait()
        child.died()
        pauses.append(child.pause)
    assert pauses[:3] == [0.2, 0.4, 0.8]
    assert pauses[-1] == children.LONGEST_PAUSE


def test_one_that_never_stays_up_ends_the_wait():
    told: list[str] = []
    few = Children(told.append)
    few.add(script("web", "raise SystemExit('no such module')"))
    with pytest.raises(BoxFailed, match="web does not stay up"):
        few.wait_until(lambda: False, timeout=20)
    few.stop()
    assert "web     | no such module" in told


def test_one_that_will_not_stop_is_ended():
    told: list[str] = []
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    child = script("web", deaf)
    few = Children(told.append)
    few.add(child)
    few.wait_until(lambda: bool(told), timeout=20)
    few.stop(timeout=0.2)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_in_a_session_of_its_own_hears_nothing_of_our_terminal():
    child = script("web", "import time; time.sleep(60)")
    with child.start() as process:
        assert os.getsid(process.pid) == process.pid
        assert psutil.Process(process.pid).terminal() is None
        process.kill()


def test_a_line_in_pieces_is_told_whole():
    mouth = Mouth("web", io.BytesIO())
    assert mouth.lines(b"half a ") == []
    assert mouth.lines(b"line\nand") == ["half a line"]
    assert mouth.lines(b"") == ["and"]
