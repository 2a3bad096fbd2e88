"""Making the embedded PostgreSQL's data directory, with its two roles and their passwords."""

import secrets
import shutil
import subprocess
from pathlib import Path

from makegood.console.box.account import Account
from makegood.console.box.failures import BoxFailed
from makegood.console.box.private import write_private
from makegood.console.box.programs import Programs

SUPERUSER = "postgres"
ROLE = "makegood"
DATABASE = "makegood"


def make(home: Path, installed: Programs, account: Account, *, durable: bool) -> None:
    """Make `home/data` under another name and rename it when it is whole.

    The roles are made in single-user mode, so nobody can connect before they have passwords.
    """
    unfinished = home / "making"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    for role in (SUPERUSER, ROLE):
        write_private(_password_file(home, role), secrets.token_hex(24))
    handed_over = home / "initdb.password"
    write_private(handed_over, password(home, SUPERUSER))
    account.own(handed_over)
    command = [installed.path("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "-A", "scram-sha-256", "--data-checksums"]
    command += [f"--pwfile={handed_over}", *([] if durable else ["--no-sync"])]
    _run(command, account)
    handed_over.unlink()
    _run(
        [installed.path("postgres"), "--single", "-D", str(unfinished), SUPERUSER],
        account,
        f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS "
        f"PASSWORD '{password(home, ROLE)}'\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}\n",
    )
    unfinished.rename(home / "data")


def password(home: Path, role: str) -> str:
    """The password of a role, kept beside the data."""
    return _password_file(home, role).read_text()


def _password_file(home: Path, role: str) -> Path:
    return home / f"{role}.password"


def _run(command: list[str], account: Account, said: str = "") -> None:
    done = subprocess.run(
        command, input=said, check=False, capture_output=True, text=True, **account.as_child()
    )
    if done.returncode != 0 or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
        raise BoxFailed(f"PostgreSQL could not be set up:\n{done.stderr[-2000:]}")
