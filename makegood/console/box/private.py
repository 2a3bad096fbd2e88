"""Files only their owner can read."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write such a file; it is there whole or not at all."""
    half = path.with_name(path.name + ".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.rename(path)
