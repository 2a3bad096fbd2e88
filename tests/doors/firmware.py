"""Our firmware in processes of MicroPython's unix port, as it runs on a device."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

from tests.doors.serving import PATIENCE
from tests.patience import until
from tests.running import Running

PROGRAM = Path(sys.executable).with_name("micropython")
FIRMWARE = Path(__file__).parents[2] / "devices" / "firmware"


class Firmware(Running):
    """One device: its program, its flash, and what is seen and felt of it. `with` it."""

    def __init__(self, program: str, flash: Path, **settings: Any) -> None:
        self._program = FIRMWARE / f"{program}.py"
        self._flash = flash
        (flash / "settings.json").write_text(json.dumps(settings))
        self.seen: list[tuple[str, Any]] = []

    def __enter__(self) -> Self:
        try:
            self.begin()
        except BaseException:
            self.cut_power()
            raise
        return self

    def begin(self) -> None:
        """Power."""
        paths = f"{FIRMWARE / 'unix'}:{FIRMWARE}:.frozen"
        self._process = subprocess.Popen(
            [str(PROGRAM), str(self._program)],
            cwd=self._flash,
            env=os.environ | {"MICROPYPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()
        self.see("begun")

    def stop(self) -> None:
        """No power."""
        self.cut_power()

    def cut_power(self) -> None:
        """No power, without a word."""
        self._process.kill()
        self._process.wait(PATIENCE)
        self._watching.join(PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        self.seen.clear()

    def do(self, *words: str) -> None:
        """What somebody does to it: press, yes, no, offline, online."""
        assert self._process.stdin
        for word in words:
            self._process.stdin.write(f"{word}\n")

    def see(self, what: str, times: int = 1) -> Any:
        """How it is shown for the so-manieth time."""
        try:
            return until(lambda: self._shown(what, times), patience=PATIENCE)[-1]
        except AssertionError as error:
            raise AssertionError(f"no {what}, but {self.seen[-20:]}") from error

    def shows(self) -> tuple[str, Any]:
        """What its display or light shows now."""
        return [one for one in tuple(self.seen) if one[0] != "shake"][-1]

    def _shown(self, what: str, times: int) -> list[Any] | None:
        shown = [how for seen, how in tuple(self.seen) if seen == what]
        return shown[:times] if len(shown) >= times else None

    def _watch(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            try:
                said = json.loads(line)
            except ValueError:
                self.seen.append(("broken", line))
            else:
                self.seen.append((said["what"], said["how"]))
