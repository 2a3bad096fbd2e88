"""What processes hold in memory, each shared page counted once (Linux)."""

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

KILO = 1024
MEGA = 1024 * 1024
MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ ([0-9a-f]+) (\S+) (\d+) *(.*)$")
NOT_FILES = ("/dev/zero", "/dev/shm", "/SYSV", "/memfd")  # shared memory looks like a file


def proportional(process: psutil.Process) -> float:
    """PSS in megabytes: a page that n processes map counts for 1/n in each."""
    return _rolled_up(process)["Pss"] / MEGA


def alone(processes: Iterable[psutil.Process]) -> float:
    """Megabytes of all of them, if nobody else shared the files (libraries) that they map."""
    own, files = 0, dict[tuple[str, ...], int]()
    for process in processes:
        sizes = _rolled_up(process)
        own += sizes["Pss_Anon"] + sizes["Pss_Shmem"]
        for file, size in _files(process):
            files[file] = max(size, files.get(file, 0))
    return (own + sum(files.values())) / MEGA


def _rolled_up(process: psutil.Process) -> dict[str, int]:
    return dict(_sizes(_read(process, "smaps_rollup").splitlines()[1:]))


def _files(process: psutil.Process) -> Iterator[tuple[tuple[str, ...], int]]:
    """Each mapped part of a file, and how much of it is in memory as in the file."""
    file: tuple[str, ...] | None = None
    sizes: dict[str, int] = {}
    for line in [*_read(process, "smaps").splitlines(), "0-0 ---p 0 0:0 0 "]:
        mapping = MAPPING.match(line)
        if mapping is None:
            sizes |= _sizes([line])
            continue
        if file and sizes["Rss"] > sizes["Anonymous"]:
            yield file, sizes["Rss"] - sizes["Anonymous"]
        offset, device, inode, name = mapping.groups()
        is_file = inode != "0" and not name.startswith(NOT_FILES)
        file, sizes = ((device, inode, offset) if is_file else None), {}


def _sizes(lines: Iterable[str]) -> Iterator[tuple[str, int]]:
    for line in lines:
        name, _, size = line.partition(":")
        if size.endswith(" kB"):
            yield name, int(size.split()[0]) * KILO


def _read(process: psutil.Process, name: str) -> str:
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{process.pid}/{name}").read_text()
    return ""
