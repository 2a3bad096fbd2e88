"""One box per data directory: the lock that says so, and the secret made at its first start."""

import fcntl
import os
import secrets
from pathlib import Path

from makegood.config import env
from makegood.console.box.failures import BoxFailed
from makegood.console.box.private import write_private


def take(data: Path) -> int:
    """Lock the data directory for as long as this process lives; returns the lock's descriptor."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise BoxFailed(
            f"The data directory {data} cannot be written ({error.strerror}): give it to this "
            "user, or set MAKEGOOD_DATA to a directory of your own."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise BoxFailed(
            f"A box is already running in {data} (process {holder}). Stop it with Ctrl-C where it "
            "runs, or start a second one with --data and --port of its own."
        ) from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def secret(data: Path) -> str:
    """The secret of this box, made when there is none yet."""
    file = env.secret_file(data)
    if not file.exists():
        write_private(file, secrets.token_hex(32) + "\n")
    return file.read_text().strip()
