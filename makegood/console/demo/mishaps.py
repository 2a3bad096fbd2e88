"""What went wrong at the Fairline Hotel: `mishaps.yaml`, read."""

from datetime import time
from pathlib import Path
from typing import Final, Literal

import msgspec
from ruamel.yaml import YAML


class Mishap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One failure: told in the customer's words, owned in ours, corrected by somebody."""

    who: str
    days_ago: int
    at: str
    place: str
    topics: list[str]
    words: str
    wrong: str
    host: str
    given: list[str] = []
    change: str = "Nobody leaves the table before the plates are right"
    shown_by: str = "Counted for a week: not once."
    ending: Literal["confirmed", "lost"] = "confirmed"
    score: int = 5
    undone: list[str] = []

    @property
    def clock(self) -> time:
        """The time of day at the site."""
        return time.fromisoformat(self.at)

    @property
    def email(self) -> str:
        """Where we may write to them."""
        return f"{'.'.join(self.who.lower().removeprefix('the ').split())}@guest.example"


def _read() -> list[Mishap]:
    text = (Path(__file__).parent / "mishaps.yaml").read_text("utf-8")
    return msgspec.convert(YAML(typ="safe").load(text), list[Mishap])


LONG_AGO, *MISHAPS = _read()
WHOLE: Final = (LONG_AGO, *MISHAPS)
