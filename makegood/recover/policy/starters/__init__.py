"""Complete policies to begin with, one per trade: each can be used as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

DEFAULT: Final = "hotel"
_SAID: Final = {
    "hotel": (
        "Hotel or restaurant",
        "Somebody is with the guest before they leave; amends on the spot, then at the next visit.",
    ),
    "shop": (
        "Online shop",
        "Nobody stands before the customer: replacement first, refunds by the book, answers "
        "due in opening hours.",
    ),
    "clinic": (
        "Clinic or salon",
        "Care first, discretion always: a call from the one in charge, and no vouchers for harm.",
    ),
}


@dataclass(frozen=True)
class Starter:
    """A policy to begin with: its name, the trade it is for, and in one sentence how it differs."""

    name: str
    title: str
    sentence: str
    text: str


@cache
def starters() -> Mapping[str, Starter]:
    """All of them by name, the default first."""
    return MappingProxyType({
        name: Starter(name, title, sentence, _text(name))
        for name, (title, sentence) in _SAID.items()
    })  # fmt: skip


def _text(name: str) -> str:
    return (Path(__file__).parent / f"{name}.yaml").read_text("utf-8")
