"""Conditions in words, for those who read the policy and do not write it. Pure.

What it cannot put in words it leaves as it is written: the policy never says less than it does.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from makegood.recover.policy.conditions import ALWAYS, Condition
from makegood.recover.policy.tokens import Misread, Sign, cut
from makegood.recover.policy.vocabulary import KINDS_OF_SIGNAL, TOPICS

ASKED: Final = {
    "verdict.needs_repair": ("something went wrong", "nothing went wrong"),
    "verdict.raw": ("nobody could judge it", "it could be judged"),
    "customer.known": ("we know who it is", "we do not know who it is"),
    "customer.messages_declined": ("they asked us not to write", "we may write to them"),
    "customer.regular": ("they come regularly", "they do not come regularly"),
    "visit.here": ("they are with us now", "they are not with us now"),
    "case.open": ("it joins an open case", "it begins a case"),
    "site.open": ("the place is open", "the place is closed"),
}
COUNTED: Final = {
    "signal.score": "they gave {} (of 5)",
    "signal.hour": "the hour is {}",
    "verdict.severity": "triage found severity {}",
    "customer.visits": "they have been with us {} times",
    "customer.failures": "we failed them {} times before",
    "customer.days_since_failure": "we failed them {} days ago",
    "visit.minutes_left": "they stay for {} minutes",
    "case.intensity": "it stands for {} signals",
    "case.severity": "the severity is {}",
    "case.days_open": "it has been open for {} days",
}
SAID_SHORTER: Final = {
    ("customer.failures", ">", "0"): "we failed them before",
    ("customer.failures", ">=", "1"): "we failed them before",
    ("customer.failures", "==", "0"): "we never failed them before",
}
AMOUNTS: Final = {
    "==": "{}", "!=": "not {}", "<": "less than {}", "<=": "{} or less", ">": "more than {}",
    ">=": "{} or more",
}  # fmt: skip
TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
REACTS: Final = {
    "voice": "they will tell us", "legs": "they may leave quietly",
    "revenge": "they may get back at us",
}  # fmt: skip
ABOUT: Final = {code: name[:1].lower() + name[1:] for code, name in TOPICS.items()} | {
    "treatment": "how we treated them", "away": "their staying away",
}  # fmt: skip
NAMED: Final[Mapping[str, Callable[[str], str]]] = {
    "signal.kind": lambda text: KINDS_OF_SIGNAL.get(text, text),
    "signal.fact": lambda text: f"the fact is {text}",
    "verdict.topic": lambda text: f"it is about {ABOUT.get(text, text)}",
    "verdict.reaction": lambda text: REACTS.get(text, text),
    "site.name": lambda text: f"the place is {text}",
}
NOT_SO: Final = "it is not so that "


class _Unsaid(Exception):
    """There are no words for this."""


@lru_cache(maxsize=1_024)
def in_words(condition: Condition) -> str:
    """`they are with us now, or the severity is 4 or more`; `always`; or the text as it is."""
    if condition == ALWAYS:
        return "always"
    try:
        signs = cut(condition.text)
        said, rest = _unless(signs) or _either(signs)
    except (_Unsaid, Misread, IndexError):
        return condition.text
    return condition.text if rest else said


Read = tuple[str, Sequence[Sign]]


def _unless(signs: Sequence[Sign]) -> Read | None:
    """`A && B && !C` alone: A, and B, unless C. None where an `or` would make that doubtful."""
    if any(sign.text == "||" for sign in signs):
        return None
    parts, rest = _several(signs, "&&", _one)
    *held, last = parts
    if rest or not held or not last.startswith(NOT_SO):
        return None
    return f"{', and '.join(held)}, unless {last.removeprefix(NOT_SO)}", rest


def _either(signs: Sequence[Sign]) -> Read:
    parts, rest = _several(signs, "||", _both)
    if len(parts) == 1:
        return parts[0], rest
    return f"{', '.join(parts[:-1])}, or {parts[-1]}", rest


def _both(signs: Sequence[Sign]) -> Read:
    parts, rest = _several(signs, "&&", _one)
    return ", and ".join(parts), rest


def _several(
    signs: Sequence[Sign], between: str, read: Callable[[Sequence[Sign]], Read]
) -> tuple[list[str], Sequence[Sign]]:
    said, rest = read(signs)
    parts = [said]
    while rest and rest[0].text == between:
        said, rest = read(rest[1:])
        parts.append(said)
    return parts, rest


def _one(signs: Sequence[Sign]) -> Read:
    first = signs[0]
    if first.text == "(":
        return _bracketed(signs)
    if first.text == "!":
        return _denied(signs[1:])
    if first.kind == "text" and signs[1].text == "in":
        return _chosen(first, signs[2]), signs[3:]
    if first.kind == "name" and len(signs) > 1 and signs[1].kind == "method":
        return _called(first, signs)
    if first.kind == "name" and len(signs) > 1 and signs[1].text == "in":
        return _one_of(first, signs[2:])
    if _is_span(signs):
        span = f"{signs[2].text} to {signs[6].text}"
        return COUNTED[first.text].format(span), signs[7:]
    if first.kind == "name" and len(signs) > 1 and signs[1].text in AMOUNTS:
        return _compared(first.text, signs[1].text, signs[2]), signs[3:]
    if len(signs) > 2 and signs[1].text in TURNED and signs[2].kind == "name":
        return _compared(signs[2].text, TURNED[signs[1].text], first), signs[3:]
    return _asked(first, 0), signs[1:]


def _is_span(signs: Sequence[Sign]) -> bool:
    """Whether it says `signal.score >= 1 && signal.score <= 3`: from one to another."""
    if len(signs) < 7 or [sign.text for sign in signs[1:6:2]] != [">=", "&&", "<="]:
        return False
    numbers = signs[2].kind == signs[6].kind == "number"
    return numbers and signs[0].text == signs[4].text and signs[0].text in COUNTED


def _bracketed(signs: Sequence[Sign]) -> Read:
    said, rest = _either(signs[1:])
    if rest[0].text != ")":
        raise _Unsaid
    return (f"either {said}" if ", or " in said else said), rest[1:]


def _denied(signs: Sequence[Sign]) -> Read:
    if signs[0].text == "(":
        said, rest = _bracketed(signs)
        return f"{NOT_SO}{said}", rest
    if len(signs) > 1 and signs[1].kind == "method":
        said, rest = _called(signs[0], signs)
        return f"{NOT_SO}{said}", rest
    return _asked(signs[0], 1), signs[1:]


def _asked(sign: Sign, denied: int) -> str:
    if sign.text not in ASKED:
        raise _Unsaid
    return ASKED[sign.text][denied]


def _compared(name: str, compare: str, with_: Sign) -> str:
    if with_.kind == "number":
        return _counted(name, compare, with_.text)
    if with_.text in ("true", "false") and compare in ("==", "!="):
        denied = (with_.text == "false") == (compare == "==")
        return _asked(Sign("name", name, 0), int(denied))
    if with_.kind != "text" or name not in NAMED:
        raise _Unsaid
    said = NAMED[name](with_.text[1:-1])
    return said if compare == "==" else f"{NOT_SO}{said}"


def _counted(name: str, compare: str, number: str) -> str:
    short = SAID_SHORTER.get((name, compare, number))
    if short:
        return short
    if name == "signal.weekday" and compare in ("==", "!=") and int(number) < len(WEEKDAYS):
        return f"it is {AMOUNTS[compare].format(WEEKDAYS[int(number)])}"
    if name not in COUNTED:
        raise _Unsaid
    return COUNTED[name].format(AMOUNTS[compare].format(number))


def _one_of(name: Sign, signs: Sequence[Sign]) -> Read:
    """`verdict.topic in ["food", "bill"]`."""
    end = next(n for n, sign in enumerate(signs) if sign.text == "]")
    texts = [sign.text[1:-1] for sign in signs[:end] if sign.kind == "text"]
    if signs[0].text != "[" or name.text not in NAMED or not texts:
        raise _Unsaid
    said = [NAMED[name.text](text) for text in texts]
    if name.text == "verdict.topic":
        said = [said[0], *(text.removeprefix("it is about ") for text in said[1:])]
    return " or ".join(said), signs[end + 1 :]


def _chosen(text: Sign, held: Sign) -> str:
    if held.text != "signal.topics":
        raise _Unsaid
    return f"they chose “{TOPICS.get(text.text[1:-1], text.text[1:-1])}”"


def _called(name: Sign, signs: Sequence[Sign]) -> Read:
    """`signal.words.contains("lawyer")`."""
    method, opened, text, closed = signs[1:5]
    if (name.text, method.text) != ("signal.words", "contains") or text.kind != "text":
        raise _Unsaid
    if (opened.text, closed.text) != ("(", ")"):
        raise _Unsaid
    return f"they say “{text.text[1:-1]}”", signs[5:]
