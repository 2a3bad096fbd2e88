"""Whom we ring, and how long we wait before we ring the next. Pure."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

LADDERS: Final = {  # those every policy has; a house may add its own
    "reach": "A customer waits for a person.",
    "senior": "We failed this customer before, or they may get back at us.",
    "decide": "A colleague asks for more than they may give.",
    "remind": "A promise is due.",
    "overdue": "A promise that reminders did not help.",
    "call": "A customer asked to be called now.",
}
PEOPLE: Final = {
    "on_duty": "who is on duty at the place",
    "manager": "a manager",
    "owner": "the owner",
    "case_owner": "whoever has the case in hand",
    "who_promised": "who answers for the step",
}


@dataclass(frozen=True)
class Rung:
    """Who is rung, and how long before the next rung."""

    who: str
    wait_seconds: int


@dataclass(frozen=True)
class Ladder:
    """Rungs from the first to the last; the page room repeats them until somebody acts."""

    rungs: tuple[Rung, ...]

    def climb(self, *, case_owner: UUID | None, who_promised: str = "") -> list[dict[str, object]]:
        """The rungs as pages take them, with `case_owner` and `who_promised` put to names."""
        climbed: list[dict[str, object]] = []
        for rung in self.rungs:
            who = who_promised or "case_owner" if rung.who == "who_promised" else rung.who
            if who == "case_owner":
                who = f"staff:{case_owner}" if case_owner else "on_duty"
            if not climbed or climbed[-1]["who"] != who:
                climbed.append({"who": who, "wait_seconds": rung.wait_seconds})
        return climbed
