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
NAMES: Final = CHIPS | {  # what triage may find besides
    "safety": "Illness or injury",
    "room": "The room",
    UNSAID: "Not said yet",
}


def chosen(codes: Iterable[str]) -> list[str]:
    """The chosen chips, each once, as we order them; refuses one we never offered."""
    wanted = set(codes)
    if wanted - set(CHIPS):
        raise Invalid("Please choose from the list, or use your own words.", field="topics")
    return [code for code in CHIPS if code in wanted]


def in_words(codes: Iterable[str]) -> str:
    """Topics as one phrase: The food, waiting and the bill."""
    names = [NAMES.get(code, code) for code in codes]
    rest = [name[0].lower() + name[1:] for name in names[1:]]
    if len(rest) > 1:
        return f"{', '.join([names[0], *rest[:-1]])} and {rest[-1]}"
    return " and ".join([*names[:1], *rest])
