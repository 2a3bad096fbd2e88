"""Whether the tables can have changed since they were last brought up to date.

Asking Django takes two seconds of every start; comparing the code it would ask takes none.
"""

import hashlib
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).parents[2]


def fingerprint() -> str:
    """Of everything that decides the tables: our migrations and apps, and what is installed."""
    digest = hashlib.sha256()
    for file in [*sorted(PACKAGE.glob("**/migrations/*.py")), PACKAGE / "config" / "settings.py"]:
        digest.update(str(file.relative_to(PACKAGE)).encode())
        digest.update(file.read_bytes())
    for installed in sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info")):
        digest.update(installed.name.encode())
    return digest.hexdigest()


def up_to_date(mark: Path) -> bool:
    """Whether the database beside `mark` was migrated by this very code."""
    return mark.exists() and mark.read_text() == fingerprint()
