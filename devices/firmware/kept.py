"""Presses on flash until they are heard: bounded, and whole after a power cut. MicroPython.

A line each: its key, when it was made, and a checksum, so that one that was cut off is known. What
was heard is left out when the file is written anew, under another name, and renamed.
"""

import binascii
import json
import os
import time

MOST = 64


class Kept:
    """The presses nobody has acknowledged, oldest first. The oldest make room for new ones."""

    def __init__(self, path, *, most=MOST):
        self._path = path
        self._most = most
        self._boot = binascii.hexlify(os.urandom(6)).decode()
        self._count = 0
        self._uptime = 0
        self._ticks = time.ticks_ms()
        self._presses = self._load()

    def __len__(self):
        return len(self._presses)

    def add(self):
        """One press, made now; it is on flash when this returns."""
        self._count += 1
        press = {
            "key": f"{self._boot}-{self._count}",
            "up": self.uptime(),
            "at": int(time.time()),
        }
        self._presses.append(press)
        if len(self._presses) > self._most:
            del self._presses[0]
            self._write_anew()
        else:
            self._append(press)

    def first(self):
        """The oldest, as our server reads it; None when there is none."""
        if not self._presses:
            return None
        press = self._presses[0]
        said = {"key": press["key"]}
        ago = self._ago(press)
        if ago is not None:
            said["seconds_ago"] = ago
        return said

    def heard(self, key):
        """This one is safe elsewhere."""
        self._presses = [press for press in self._presses if press["key"] != key]
        self._write_anew()

    def uptime(self):
        """Seconds since we began. Ask often: the clock beneath begins anew after some days."""
        now = time.ticks_ms()
        self._uptime += time.ticks_diff(now, self._ticks)
        self._ticks = now
        return self._uptime // 1000

    def _ago(self, press):
        """How long ago it was made; None when a power cut lies between and no clock was set."""
        if press["key"].startswith(self._boot):
            return self.uptime() - press["up"]
        now = int(time.time())
        if clock_is_set(press["at"]) and clock_is_set(now):
            return max(0, now - press["at"])
        return None

    def _load(self):
        presses = []
        try:
            with open(self._path) as file:
                for line in file:
                    words, _, check = line.rstrip("\n").rpartition(" ")
                    if words and check == _checksum(words):
                        presses.append(json.loads(words))
        except OSError:
            return []
        return presses[-self._most :]

    def _append(self, press):
        with open(self._path, "a") as file:
            file.write(_line(press))

    def _write_anew(self):
        with open(self._path + ".new", "w") as file:
            for press in self._presses:
                file.write(_line(press))
        os.rename(self._path + ".new", self._path)


def clock_is_set(seconds):
    """Whether a clock's time may be believed; one that was never set begins in 1970 or 2000."""
    return time.gmtime(seconds)[0] >= 2025


def _line(press):
    words = json.dumps(press)
    return f"{words} {_checksum(words)}\n"


def _checksum(words):
    return f"{binascii.crc32(words.encode()) & 0xFFFFFFFF:08x}"
