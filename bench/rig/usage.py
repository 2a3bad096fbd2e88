"""Who used the processor while something was measured, ourselves and others."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

Roots = Mapping[str, psutil.Process]


class Usage:
    """Seconds of processor time by name, and by everybody on the machine."""

    def __init__(self) -> None:
        self.by_name: dict[str, float] = {}
        self.machine = 0.0
        self.lasted = 0.0

    def of_one_core(self, name: str) -> float:
        """Per cent of one core that `name` used."""
        return 100 * self.by_name[name] / self.lasted

    @property
    def others(self) -> float:
        """Per cent of the whole machine that went to nobody of ours."""
        rest = self.machine - sum(self.by_name.values())
        return max(0.0, 100 * rest / self.lasted / (os.cpu_count() or 1))


@contextlib.contextmanager
def measured(roots: Roots) -> Iterator[Usage]:
    """Fills in what was used within; `load` are our own children that ended meanwhile."""
    usage = Usage()
    before, load, busy, began = _seconds(roots), _ended_children(), _busy(), os.times().elapsed
    yield usage
    usage.lasted = os.times().elapsed - began
    after = _seconds(roots)
    usage.by_name = {name: after[name] - before[name] for name in before}
    usage.by_name["load"] = _ended_children() - load
    usage.machine = _busy() - busy


def machine() -> str:
    """The machine in a line, and how busy it is."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    models = [line.partition(": ")[2] for line in cpuinfo.splitlines() if "model name" in line]
    load, _, _ = os.getloadavg()
    return f"{os.cpu_count()} x {models[0] if models else 'cpu'}, load {load:.2f} at the start"


def _seconds(roots: Roots) -> dict[str, float]:
    return {name: _of_tree(process) for name, process in roots.items()}


def _of_tree(root: psutil.Process) -> float:
    return sum(map(_used, [root, *root.children(recursive=True)]))


def _used(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


def _ended_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _busy() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice
