"""Reads the product's own source for the law tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "makegood"
ROOMS_BY_HEIGHT = (  # low to high; rooms of one tuple stand beside each other
    ("ground",),
    ("people",),
    ("sense",),
    ("triage", "page", "amends", "words"),
    ("recover",),
    ("web",),
)
DOORS = ("web", "live", "devices", "intake", "console", "config")


def modules() -> Iterator[Path]:
    """Every hand-written module of the product, without tests and migrations."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text(), filename=str(path))


def room_of(path: Path) -> str:
    """The room a module lives in; empty for story.py."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where, as an editor opens it."""
    line = getattr(node, "lineno", 1)
    return f"{path.relative_to(ROOT)}:{line}"
