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
GROUPS: Final = {  # written with a name of the house's own: team:kitchen
    "team": "who of the team {name} is on duty",
    "skill": "who on duty has the skill {name}",
}
ALWAYS_SOMEBODY: Final = ("on_duty", "manager", "owner")  # whom a house can count on
FIRST: Final = "first"
EVERY: Final = "every"
HOW_MANY: Final = {
    FIRST: "one answer is enough",
    EVERY: "all of them are rung together; the first “going” goes, the others have to say that "
    "they know",
}


def whom(who: str) -> str:
    """Whom a rung names: “a manager”, “who of the team kitchen is on duty”."""
    kind, _, name = who.partition(":")
    return GROUPS[kind].format(name=name) if kind in GROUPS else PEOPLE[who]


@dataclass(frozen=True)
class Rung:
    """Who is rung, how long before the next rung, and whether one answer is enough."""

    who: str
    wait_seconds: int
    hands: str = FIRST

    @property
    def in_words(self) -> str:
        """Whom it names, and if all of them have to answer."""
        return whom(self.who) if self.hands == FIRST else f"{whom(self.who)}, every one"

    @property
    def group(self) -> tuple[str, str] | None:
        """The kind and the name of the group it names; None if it names none."""
        kind, _, name = self.who.partition(":")
        return (kind, name) if kind in GROUPS else None


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
                every = {"hands": EVERY} if rung.hands == EVERY else {}
                climbed.append({"who": who, "wait_seconds": rung.wait_seconds, **every})
        return climbed
