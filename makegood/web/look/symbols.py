"""The icons, read once from symbols.svg and drawn inline: no request, no sprite, any policy."""

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

SOURCE = Path(__file__).with_name("symbols.svg")
SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([\d. ]+)">(.*?)</symbol>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One drawing."""

    view_box: str
    body: str


@cache
def symbols() -> dict[str, Symbol]:
    """Every icon by name."""
    found = SYMBOL.findall(SOURCE.read_text(encoding="utf-8"))
    return {name: Symbol(view_box, body) for name, view_box, body in found}


def icon(name: str, css: str = "") -> str:
    """An icon beside words; it says nothing itself. Refuses a name that is not drawn."""
    return _drawn(name, f"icon {css}".strip())


def mark() -> str:
    """The Makegood mark."""
    return _drawn("mark", "mark")


def _drawn(name: str, css: str) -> str:
    if name not in symbols():
        raise LookupError(f"no icon is called {name!r}; see {SOURCE.name}")
    symbol = symbols()[name]
    return (
        f'<svg class="{escape(css)}" viewBox="{symbol.view_box}" aria-hidden="true">'
        f"{symbol.body}</svg>"
    )
