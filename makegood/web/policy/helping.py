"""Help for every field and every word of a condition, as the editor shows it beside the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from makegood.recover.policy.fields import described
from makegood.recover.policy.vocabulary import METHODS, NAMES, SIGNS
from makegood.recover.versions.followed import FACTS

_STEP: Final = re.compile(r"^steps\.[a-z]+\.")
_VARIANT: Final = re.compile(r"\.variants\.[a-z]+\.")
_LADDER: Final = re.compile(r"^ladders\.[a-z]+\[\]")


@dataclass(frozen=True)
class FieldHelp:
    """One field: where it stands (`*` for any name), what it means, what may stand there."""

    path: str
    help: str
    says: str
    example: str
    default: str
    required: bool


@dataclass(frozen=True)
class WordHelp:
    """One name of the vocabulary."""

    name: str
    type: str
    help: str
    texts: Sequence[tuple[str, str]]


@cache
def field_help() -> Sequence[FieldHelp]:
    """Every field once, in the order of the document."""
    found: dict[str, FieldHelp] = {}
    for path, field in described():
        here = _LADDER.sub("ladders.*[]", _VARIANT.sub(".variants.*.", _STEP.sub("steps.*.", path)))
        found.setdefault(
            here,
            FieldHelp(
                here, field.help, field.shape.says.replace("`", ""), field.example,
                field.default or "", field.required,
            ),
        )  # fmt: skip
    return tuple(found.values())


@cache
def vocabulary() -> Sequence[WordHelp]:
    """The names a condition may ask about."""
    return tuple(
        WordHelp(name.name, name.type, name.help, tuple((name.texts or {}).items()))
        for name in NAMES
    )


def grammar() -> dict[str, dict[str, str]]:
    """The signs and methods of conditions, and the facts a trigger may wait for with `on`."""
    return {
        "signs": dict(SIGNS),
        "methods": {f"{name}()": said for name, said in METHODS.items()},
        "facts": {fact.name: (fact.__doc__ or "").splitlines()[0] for fact in FACTS},
    }
