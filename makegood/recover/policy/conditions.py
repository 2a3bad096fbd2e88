"""Conditions in CEL over the vocabulary: checked when the policy is read, quick when it decides.

Pure. Before CEL sees a text it is cut into signs, and only those the vocabulary knows may be in it:
no comprehensions, maps, patterns, division or indexing. So a condition that is accepted costs a few
microseconds, whatever it is asked about, and always says yes or no.
"""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Final

from cel_expr_python import cel

from makegood.recover.policy.situation import Situation
from makegood.recover.policy.tokens import Misread, Sign, cut
from makegood.recover.policy.vocabulary import BY_NAME, NAMES, Name

__all__ = ["ALWAYS", "LONGEST", "Condition", "Misread", "compiled"]

LONGEST: Final = 400
LONGEST_TEXT: Final = 4_000
MOST_REMEMBERED: Final = 1_024
SHORT: Final = 80  # letters; what is longer hardly comes twice
TYPES: Final = {
    "text": cel.Type.STRING,
    "number": cel.Type.INT,
    "yes or no": cel.Type.BOOL,
    "list of texts": cel.Type.List(cel.Type.STRING),
}
SAID: Final = {
    "string": "a text", "int": "a number", "bool": "a yes or no", "list(string)": "a list of texts",
    "list(int)": "a list of numbers", "list(bool)": "a list", "list(dyn)": "an empty list",
}  # fmt: skip
_ENVIRONMENT: Final = cel.NewEnv(variables={name.name: TYPES[name.type] for name in NAMES})
_ERROR: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_OVERLOAD: Final = re.compile(r"found no matching overload for '(.+?)' applied to '(.+)'")
_UNWANTED: Final = re.compile(r"(?:extraneous|mismatched) input '(.*?)'")
_LARGEST: Final = 2**62


@dataclass(frozen=True)
class Condition:
    """A checked condition; `reads` are the names it looks at. The same words are the same one."""

    text: str
    reads: tuple[str, ...]
    _expression: cel.Expression = field(repr=False, compare=False)
    _remembered: dict[Hashable, bool] = field(default_factory=dict, repr=False, compare=False)

    def holds(self, situation: Situation) -> bool:
        """Whether it is true of `situation`."""
        values = self._seen(situation)
        known = self._remembered.get(values)
        if known is not None:
            return known
        answer = self._ask(situation)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        if "signal.words" not in self.reads or len(situation.signal.words) <= SHORT:
            self._remembered[values] = answer
        return answer

    @cached_property
    def _seen(self) -> Callable[[Situation], Hashable]:
        """Takes all that the condition reads from a situation: the same value, the same answer."""
        return attrgetter(*self.reads) if self.reads else lambda _: None

    def _ask(self, situation: Situation) -> bool:
        data = {name: _plain(attrgetter(name)(situation)) for name in self.reads}
        answer = self._expression.eval(_ENVIRONMENT.Activation(data)).value()
        if not isinstance(answer, bool):
            raise TypeError(f"{self.text} answered {answer!r}")
        return answer


@lru_cache(maxsize=2_048)
def compiled(text: str) -> Condition:
    """The condition that `text` says; raises Misread with the place and the remedy."""
    signs = cut(text)
    try:
        expression = _ENVIRONMENT.compile(text)
    except RuntimeError as error:
        raise _misread(text, str(error)) from error
    if expression.return_type() != cel.Type.BOOL:
        raise Misread(
            f"This is {SAID.get(_name_of(expression), 'a value')}, not a yes or no.",
            'Compare it with something: signal.kind == "press".',
        )
    _check_texts(signs)
    read = {sign.text for sign in signs if sign.kind == "name"}
    return Condition(text, tuple(name for name in BY_NAME if name in read), expression)


def _plain(value: object) -> object:
    """`value` as CEL takes it: bounded, and readable as UTF-8."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT].encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return [_plain(one) for one in value[:100]]
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_LARGEST, min(_LARGEST, value))
    return value


def _name_of(expression: cel.Expression) -> str:
    return str(expression.return_type().name()).lower()


def _misread(text: str, said: str) -> Misread:
    found = _ERROR.search(said)
    if not found:
        return Misread("This condition is too complicated.", "Split it into two rows.")
    line, column, why = int(found[1]), int(found[2]), found[3]
    place = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    overload = _OVERLOAD.search(why)
    if overload:
        sign = overload[1].strip("_").replace("_", " ").replace("@", "") or overload[1]
        kinds = [SAID.get(kind, "something else") for kind in _arguments(overload[2])]
        return Misread(
            f"“{sign}” does not go with {' and '.join(kinds)}.",
            "Compare texts with texts in quotes, and numbers with numbers.",
            place,
        )
    unwanted = _UNWANTED.search(why)
    if (unwanted[1] if unwanted else why) == "<EOF>" or "at '<EOF>'" in why:
        return Misread("The condition stops too early.", "Write what is missing at its end.", place)
    if unwanted:
        return Misread(f"“{unwanted[1]}” is not expected here.", "Look at what stands before it.",
                       place)  # fmt: skip
    return Misread("This is not readable as a condition.", "Look at what stands before it.", place)


def _arguments(said: str) -> list[str]:
    inner = said.removeprefix("(").removesuffix(")")
    target, dot, rest = inner.partition(").(") if inner.startswith("(") else ("", "", inner)
    kinds = re.findall(r"list\([^)]*\)|\w+", rest)
    return [*re.findall(r"list\([^)]*\)|\w+", target), *kinds] if dot else kinds


def _check_texts(signs: list[Sign]) -> None:
    """Refuses a comparison that can never be true: `signal.kind == "pres"`."""
    for place, sign in enumerate(signs):
        name = BY_NAME.get(sign.text) if sign.kind == "name" else None
        if name and name.texts is not None:
            for text in _compared_with(signs, place):
                _check_text(name, text)


def _compared_with(signs: list[Sign], place: int) -> list[Sign]:
    before, after = signs[max(0, place - 2) : place], signs[place + 1 :]
    texts: list[Sign] = []
    if len(before) == 2 and before[1].text in ("==", "!=", "in") and before[0].kind == "text":
        texts.append(before[0])
    if after and after[0].text in ("==", "!="):
        texts += [sign for sign in after[1:2] if sign.kind == "text"]
    if len(after) > 1 and after[0].text == "in" and after[1].text == "[":
        for sign in after[2:]:
            if sign.text == "]":
                break
            texts += [sign] if sign.kind == "text" else []
    return texts


def _check_text(name: Name, text: Sign) -> None:
    value = text.text[1:-1]
    if name.texts is not None and value not in name.texts:
        raise Misread.unknown(value, f"{name.name} is never", tuple(name.texts), text.place)


ALWAYS: Final = compiled("true")
