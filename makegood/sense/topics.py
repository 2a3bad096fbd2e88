"""What can have gone wrong, as customers choose it and colleagues read it. Pure."""

from collections.abc import Iterable
from typing import Final

from makegood.ground.refusals import Invalid

UNSAID: Final = "unsaid"

CHIPS: Final = {  # offered after the press, in this order
    "food": "The food",
    "waiting": "Waiting",
    "bill": "The bill",
    "noise": "Noise",
    "treatment": "How we treated you",
    "other": "Something else",
}
OURS: Final = {  # what colleagues choose from when we notice it ourselves
    "food": CHIPS["food"],
    "waiting": CHIPS["waiting"],
    "room": "The room",
    "bill": CHIPS["bill"],
    "noise": CHIPS["noise"],
    "treatment": CHIPS["treatment"],
    "safety": "Illness or injury",
    "other": CHIPS["other"],
}
BROKEN_PROMISE: Final = "promise"
AWAY: Final = "away"
NAMES: Final = (
    CHIPS
    | OURS
    | {BROKEN_PROMISE: "A broken promise", AWAY: "Not seen for long", UNSAID: "Not said yet"}
)


def chosen(codes: Iterable[str]) -> list[str]:
    """The chosen chips, each once, as we order them; refuses one we never offered."""
    wanted = set(codes)
    if wanted - set(CHIPS):
        raise Invalid("Please choose from the list, or use your own words.", field="topics")
    return [code for code in CHIPS if code in wanted]


def chosen_by_us(code: str) -> str:
    """The topic of something we noticed ourselves; refuses one that is not in the list."""
    if code not in OURS:
        raise Invalid(f"Choose what it was about: {', '.join(OURS)}.", field="topic")
    return code


def in_words(codes: Iterable[str]) -> str:
    """Topics as one phrase: The food, waiting and the bill."""
    names = [NAMES.get(code, code) for code in codes]
    rest = [name[0].lower() + name[1:] for name in names[1:]]
    if len(rest) > 1:
        return f"{', '.join([names[0], *rest[:-1]])} and {rest[-1]}"
    return " and ".join([*names[:1], *rest])
