"""`bin/bench footprint`: what the idle stack holds in memory, and how soon a start serves a page.

Starts `makegood up` twice in one data directory, with its embedded PostgreSQL: from nothing, and
then warm, as on every later day. Memory is read once the stack has been left alone for a while:
PSS, which counts a page shared by several processes once. "Alone" is the sum as it would be if
nobody else on this machine used the same libraries.
"""

import argparse
import contextlib
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.rig import box, memory, usage
from bench.rig.box import Box

AIM_MEGABYTES, AIM_SECONDS = 350, 5


def main() -> None:
    """Measures both starts, then the memory of the second."""
    options = _options()
    print(usage.machine(), flush=True)
    with box.workplace() as base:
        with _started(base / "var") as (_, cold):
            print(f"first start, from nothing, to the first page: {cold:5.1f} s", flush=True)
        with _started(base / "var") as (warm_box, warm):
            verdict = "met" if warm <= AIM_SECONDS else "missed"
            print(
                f"warm start to the first page:               {warm:5.1f} s"
                f"   (aim {AIM_SECONDS} s: {verdict})",
                flush=True,
            )
            time.sleep(options.idle)
            _report(warm_box)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench footprint", description=__doc__)
    parser.add_argument("--idle", type=float, default=30, help="seconds to leave it alone first")
    return parser.parse_args()


@contextlib.contextmanager
def _started(data: Path) -> Iterator[tuple[Box, float]]:
    """A running box, and after how many seconds it had shown the page that greets a visitor."""
    with Box(data) as started:
        with urllib.request.urlopen(f"http://127.0.0.1:{started.port}/") as page:
            page.read()
        yield started, time.monotonic() - started.began


def _report(started: Box) -> None:
    parts = {name: [root, *root.children(recursive=True)] for name, root in started.roots().items()}
    parts["up"] = [started.itself]
    total = 0.0
    print("\nidle, MB (PSS):")
    for name, processes in sorted(parts.items()):
        held = sum(map(memory.proportional, processes))
        total += held
        print(f"  {name:<10} {held:7.1f}   {len(processes)} processes")
    everybody = [process for processes in parts.values() for process in processes]
    alone = memory.alone(everybody)
    verdict = "met" if alone <= AIM_MEGABYTES else "missed"
    print(f"  {'all':<10} {total:7.1f}   {len(everybody)} processes")
    print(f"  {'alone':<10} {alone:7.1f}   (aim {AIM_MEGABYTES} MB: {verdict})")


if __name__ == "__main__":
    main()
