"""Every fact as a Markdown page: what it says, what it carries, which rooms it wakes."""

import inspect
from itertools import groupby

from makegood import story
from makegood.ground.chronicle import Fact, Reaction

HEAD = """# Facts

What the chronicle knows: each fact is written once, in the transaction that made it true, with the
moment, who (`customer`, `system` or a colleague), what it is about and the fact that caused it.
`makegood/story.py` says which room reacts; facts that wake nobody are kept all the same.

This page is written by `makegood reference facts`; `bin/check` fails when it is out of date.
"""


def page() -> str:
    """All facts by room, in the order they are declared."""
    declared = (*story.HEARD, *story.QUIET)
    by_line = sorted(declared, key=lambda fact: (_room(fact), inspect.getsourcelines(fact)[1]))
    return HEAD + "".join(_section(room, list(facts)) for room, facts in groupby(by_line, _room))


def _room(fact: type[Fact]) -> str:
    return fact.name.partition(".")[0]


def _section(room: str, facts: list[type[Fact]]) -> str:
    rows = "".join(
        f"| `{fact.name}` | {_words(fact)} | {_carries(fact)} | {_wakes(fact)} |\n"
        for fact in facts
    )
    head = "| fact | what it says | carries | wakes |\n| --- | --- | --- | --- |\n"
    return f"\n## {room}\n\n{head}{rows}"


def _words(fact: type[Fact]) -> str:
    return " ".join((fact.__doc__ or "").split())


def _carries(fact: type[Fact]) -> str:
    return ", ".join(f"`{field}`" for field in fact.__struct_fields__)


def _wakes(fact: type[Fact]) -> str:
    return ", ".join(f"`{_reaction(react)}`" for react in story.HEARD.get(fact, ()))


def _reaction(react: Reaction) -> str:
    module, name = getattr(react, "__module__", ""), getattr(react, "__name__", "")
    return f"{module.removeprefix('makegood.')}.{name}"
