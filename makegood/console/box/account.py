"""Who runs PostgreSQL: ourselves, or a system user when we are root (it refuses root)."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from makegood.console.box.failures import BoxFailed

NAMES = ("postgres", "makegood")


class Account(msgspec.Struct, frozen=True):
    """A user's ids, and what they mean for a child process and for a file."""

    uid: int
    gid: int
    other: bool

    def as_child(self) -> dict[str, Any]:
        """Arguments for `subprocess` to start a child under this account."""
        if not self.other:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give the file or directory to this account."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def reaches(self, directory: Path) -> bool:
        """Whether this account may enter the directory."""
        if not self.other:
            return True
        enter = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]
        entered = subprocess.run(enter, check=False, capture_output=True, **self.as_child())
        return entered.returncode == 0


def of_postgres() -> Account:
    """The account PostgreSQL runs under; as root a system user, made when there is none."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    entry = next(filter(None, map(_find, NAMES)), None) or _create(NAMES[-1])
    return Account(entry.pw_uid, entry.pw_gid, other=True)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create(name: str) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        raise BoxFailed(
            "PostgreSQL does not run as root, and there is no useradd to make a system user "
            "for it: create a user named makegood, or run this as an ordinary user."
        )
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", name]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    entry = _find(name)
    if made.returncode != 0 or entry is None:
        raise BoxFailed(f"No system user for PostgreSQL could be made: {made.stderr.strip()}")
    return entry
