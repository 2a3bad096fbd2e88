"""Cuts a condition into signs and refuses what the vocabulary does not know. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from makegood.recover.policy.document import did_you_mean
from makegood.recover.policy.vocabulary import BY_NAME, METHODS

LONGEST: Final = 400
DEEPEST: Final = 10
_SIGN: Final = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<number>[0-9]{1,6}(?![\w.]))
    |(?P<text>"[^"\\\n\r]*"|'[^'\\\n\r]*')
    |(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],+\-?:])
    """,
    re.VERBOSE,
)
_WORDS: Final = ("true", "false", "in")
_INSTEAD: Final = {
    "and": "Write “&&” for and.", "or": "Write “||” for or.", "not": "Write “!” for not.",
    "is": "Write “==”.", "yes": "Write “true”.", "no": "Write “false”.",
    "=": "Write “==” to compare.", "&": "Write “&&” for and.", "|": "Write “||” for or.",
    "“": 'Use straight quotes: "press".', "”": 'Use straight quotes: "press".',
    "‘": 'Use straight quotes: "press".', "’": 'Use straight quotes: "press".',
    '"': "Close the quotes, and use no backslash.", "'": "Close the quotes, and use no backslash.",
    "/": "There is no division; a comment goes after “#”, outside of the condition.",
    "*": "There is no multiplication.", "%": "There is no division.", "{": "There are no maps.",
    "≤": "Write “<=”.", "≥": "Write “>=”.", "≠": "Write “!=”.",
}  # fmt: skip


class Misread(ValueError):
    """A condition that cannot be used: why, the remedy, and the place inside its text."""

    def __init__(self, why: str, remedy: str, place: int = 0) -> None:
        super().__init__(f"{why} {remedy}")
        self.why = why
        self.remedy = remedy
        self.place = place

    @classmethod
    def unknown(cls, word: str, why: str, known: Sequence[str], place: int) -> "Misread":
        """There is no such word; did you mean another?"""
        return cls(f"{why} “{word[:60]}”.", did_you_mean(word, known), place)


@dataclass(frozen=True)
class Sign:
    """One sign of a condition: a name, number, text, method, word or sign, and where it stands."""

    kind: str
    text: str
    place: int


def cut(text: str) -> list[Sign]:
    """The signs of `text`; raises Misread at the first that may not be there."""
    if len(text) > LONGEST:
        raise Misread(
            "This condition is too long.", f"Keep it under {LONGEST} characters.", LONGEST
        )
    signs: list[Sign] = []
    place = 0
    while place < len(text):
        found = _SIGN.match(text, place)
        if not found:
            raise _unreadable(text, place)
        if found.lastgroup != "space":
            signs.append(Sign(found.lastgroup or "", found.group(), place))
        place = found.end()
    if not signs:
        raise Misread("A condition is needed here.", 'Write one: signal.kind == "press".')
    return _checked(signs)


def _unreadable(text: str, place: int) -> Misread:
    sign = text[place]
    if sign.isdigit():
        return Misread("This number is not usable.", "Use whole numbers below 1,000,000.", place)
    remedy = _INSTEAD.get(sign, "Remove it.")
    return Misread(f"“{sign if sign.isprintable() else '?'}” is not used here.", remedy, place)


def _checked(signs: list[Sign]) -> list[Sign]:
    checked: list[Sign] = []
    depth = 0
    for place, sign in enumerate(signs):
        after = signs[place + 1].text if place + 1 < len(signs) else ""
        if sign.kind == "name":
            checked += _named(sign, called=after == "(")
            continue
        if sign.kind == "text" and place and signs[place - 1].kind == "text":
            raise Misread("Two texts stand side by side.", "Put a sign between them.", sign.place)
        depth += sign.text in ("(", "[")
        depth -= sign.text in (")", "]")
        if depth > DEEPEST:
            raise Misread("Too many brackets inside each other.", "Split it into two rows.",
                          sign.place)  # fmt: skip
        if sign.text == "[" and checked and _ends_value(checked[-1]):
            raise Misread("One value of a list cannot be picked.", 'Ask: "food" in signal.topics.',
                          sign.place)  # fmt: skip
        checked.append(sign)
    return checked


def _ends_value(sign: Sign) -> bool:
    return sign.kind in ("name", "text", "number", "method") or sign.text in (")", "]")


def _named(sign: Sign, *, called: bool) -> list[Sign]:
    if sign.text in _WORDS:
        return [Sign("word", sign.text, sign.place)]
    if not called:
        return [_known(sign)]
    target, dot, method = sign.text.rpartition(".")
    if method not in METHODS:
        where = sign.place + len(target) + len(dot)
        raise Misread.unknown(method, "Nothing is called", tuple(METHODS), where)
    begin = [_known(Sign("name", target, sign.place))] if dot else []
    return [*begin, Sign("method", method, sign.place + len(target) + len(dot))]


def _known(sign: Sign) -> Sign:
    if sign.text in BY_NAME:
        return sign
    if sign.text.lower() in _INSTEAD:
        raise Misread(f"“{sign.text}” is not used here.", _INSTEAD[sign.text.lower()], sign.place)
    if "." not in sign.text and any(name.endswith(f".{sign.text}") for name in BY_NAME):
        full = next(name for name in BY_NAME if name.endswith(f".{sign.text}"))
        raise Misread(f"There is no “{sign.text}” alone.", f"Did you mean “{full}”?", sign.place)
    inside = [name for name in BY_NAME if name.startswith(f"{sign.text}.")]
    if inside:
        raise Misread(f"“{sign.text}” has several sides.", f"Name one: {', '.join(inside)}.",
                      sign.place)  # fmt: skip
    raise Misread.unknown(sign.text, "There is no", tuple(BY_NAME), sign.place)
