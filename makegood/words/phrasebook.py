"""Reads a language's phrases (`phrases/en.yaml`) and turns each into a bounded pattern.

A phrase is plain words with a few signs, explained at the top of the file. No sign repeats without
a bound, so no text can make a pattern slow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

LANGUAGES = ("en",)
SPACE = r"[ \t\n\u00a0]{1,3}"
WORD = r"[\w'’-]{1,30}"
SIGNS = {
    "<word>": WORD,
    "<words>": rf"(?:{SPACE}{WORD}){{0,3}}",
    "<clause>": r"[^.,;:!?\n]{0,120}",
    "<sentence>": r"[^.!?\n]{0,150}?",
    "[[": "(?P<mark>",
    "]]": ")",
    "(": "(?:",
    "}": ")",
    ".": r"\.",
    "'": "['’]",
    "’": "['’]",
}
TOKEN = re.compile(r"<\w+>|\[\[|\]\]|\{(?P<name>\w+):| {1,9}|[(}.'’]")
UNBOUNDED = re.compile(r"[*+]")


class PhraseWrong(ValueError):
    """A phrase of the book uses a sign that is not allowed."""


@dataclass(frozen=True)
class Phrase:
    """One way to say it wrong; `say` is what to write instead, with the phrase's named parts."""

    pattern: re.Pattern[str]
    say: str = ""


@dataclass(frozen=True)
class Fault:
    """One kind of note: why it is made, what to do, and the phrases that show it."""

    kind: str
    why: str
    advice: str
    phrases: tuple[Phrase, ...]
    too_early: bool = False


@dataclass(frozen=True)
class Phrasebook:
    """Everything the linter and the composer know of one language."""

    language: str
    the_customer: str
    customer_object: str
    faults: tuple[Fault, ...]
    labels: Mapping[str, str]
    shown_by: Mapping[str, tuple[re.Pattern[str], ...]]
    draft: Mapping[str, str]


@lru_cache
def phrasebook(language: str = "en") -> Phrasebook:
    """The book of `language`, or the English one where we have none yet."""
    known = language.split("-")[0] if language.split("-")[0] in LANGUAGES else LANGUAGES[0]
    text = (resources.files("makegood.words") / "phrases" / f"{known}.yaml").read_text("utf-8")
    book: dict[str, Any] = YAML(typ="safe").load(text)
    return Phrasebook(
        language=book["language"],
        the_customer=book["the_customer"],
        customer_object=book["customer_object"],
        faults=tuple(_fault(kind, fault) for kind, fault in book["notes"].items()),
        labels=book["parts"],
        shown_by={
            part: tuple(pattern_of(phrase) for phrase in phrases)
            for part, phrases in book["shown_by"].items()
        },
        draft=book["draft"],
    )


def pattern_of(phrase: str) -> re.Pattern[str]:
    """The pattern of a phrase; refuses unbounded repetition."""
    if UNBOUNDED.search(phrase):
        raise PhraseWrong(f"* and + have no bound: {phrase}")
    body = TOKEN.sub(_sign, phrase)
    return re.compile(rf"(?<![\w’'])(?:{body})(?![\w])", re.IGNORECASE)


def _sign(token: re.Match[str]) -> str:
    if name := token["name"]:
        return f"(?P<{name}>"
    return SPACE if token[0].isspace() else SIGNS[token[0]]


def _fault(kind: str, fault: Mapping[str, Any]) -> Fault:
    return Fault(
        kind=kind,
        why=fault["why"],
        advice=fault["advice"],
        phrases=tuple(Phrase(pattern_of(p["find"]), p.get("say", "")) for p in fault["phrases"]),
        too_early=fault.get("too_early", False),
    )
