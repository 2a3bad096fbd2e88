"""The shapes a value of the document can have: each reads it, and says so as a JSON Schema. Pure.

One description serves the parser, the schema that editors use and the reference page, so that they
cannot disagree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Any, Final, Protocol

from ruamel.yaml import YAML

from makegood.recover.policy import conditions, document, timing
from makegood.recover.policy.conditions import Condition, compiled
from makegood.recover.policy.contact import Waking
from makegood.recover.policy.document import Piece, did_you_mean
from makegood.recover.policy.timing import By, in_words, read_by, read_span

Schema = dict[str, Any]
_OFFER: Final = re.compile(r"nothing|([0-9]{1,6})(?: to ([0-9]{1,6}))?")
_WAKING: Final = re.compile(r"([0-9]{1,2}):([0-9]{2}) to ([0-9]{1,2}):([0-9]{2})")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FACT: Final = re.compile(r"[a-z]+\.[a-z_]{1,60}")


class Shape(Protocol):
    """What a value looks like."""

    @property
    def says(self) -> str:
        """What may stand here, in a few words."""
        ...

    def read(self, piece: Piece) -> Any:
        """The value; raises PolicyError."""
        ...

    def schema(self) -> Schema:
        """The same as a JSON Schema."""
        ...


@dataclass(frozen=True)
class Text:
    """Words."""

    longest: int = 200

    @property
    def says(self) -> str:
        return f"words, up to {self.longest} letters"

    def read(self, piece: Piece) -> str:
        return " ".join(piece.word(longest=self.longest).split())

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


@dataclass(frozen=True)
class Number:
    """A whole number."""

    low: int
    high: int

    @property
    def says(self) -> str:
        return f"{self.low}" if self.low == self.high else f"a number, {self.low} to {self.high:,}"

    def read(self, piece: Piece) -> int:
        return piece.number(low=self.low, high=self.high)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Choice:
    """One of a few words, each with its meaning."""

    texts: Mapping[str, str]

    @property
    def says(self) -> str:
        return "one of " + ", ".join(f"`{text}`" for text in self.texts)

    def read(self, piece: Piece) -> str:
        return piece.one_of(tuple(self.texts))

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.texts)}


@dataclass(frozen=True)
class Whom:
    """One of a few words, or one of `groups` with a name of the house's own: team:kitchen."""

    texts: Mapping[str, str]
    groups: Sequence[str]
    longest: int = 80

    @property
    def says(self) -> str:
        named = ", ".join(f"`{group}:` with its name" for group in self.groups)
        return f"{Choice(self.texts).says}, {named}"

    def read(self, piece: Piece) -> str:
        text = " ".join(piece.word().split())
        group, colon, name = (part.strip() for part in text.partition(":"))
        if colon and group in self.groups:
            if not name:
                raise piece.refuse(f"“{text}” names nobody.", f"Write {group}:kitchen.")
            if len(name) > self.longest:
                raise piece.refuse("No name is that long.", f"Keep it under {self.longest}.")
            return f"{group}:{name}"
        if text not in self.texts:
            raise piece.refuse(f"“{text}” is not known here.", self._remedy(group, name))
        return text

    def schema(self) -> Schema:
        pattern = f"^({'|'.join(self.groups)}):.*\\S.*$"
        return {"anyOf": [Choice(self.texts).schema(), {"type": "string", "pattern": pattern}]}

    def _remedy(self, group: str, name: str) -> str:
        near = get_close_matches(group, self.groups, n=1) if name else []
        if near:
            return f"Did you mean “{near[0]}:{name}”?"
        return did_you_mean(group, [*self.texts, *(f"{group}:<name>" for group in self.groups)])


@dataclass(frozen=True)
class Name:
    """A name of the house's own."""

    says = "a name in small letters"

    def read(self, piece: Piece) -> str:
        _well_named(piece.word(), piece)
        return piece.word()

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_NAME.pattern}$"}


@dataclass(frozen=True)
class FactName:
    """The name of a fact of the chronicle."""

    says = "the name of a fact, like `words.letter_failed`"

    def read(self, piece: Piece) -> str:
        name = piece.word()
        if not _FACT.fullmatch(name):
            raise piece.refuse(
                f"“{name}” is not the name of a fact.",
                "Write its room, a dot and what happened: words.letter_failed.",
            )
        return name

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_FACT.pattern}$"}


@dataclass(frozen=True)
class Span:
    """A length of time."""

    at_least: timedelta = timedelta()
    too_short: str = ""

    @property
    def says(self) -> str:
        least = f", {in_words(self.at_least)} or more" if self.at_least else ""
        return f"a length of time, like `14 days`{least}"

    def read(self, piece: Piece) -> timedelta:
        try:
            span = read_span(piece.word())
        except ValueError as error:
            raise piece.refuse(f"“{piece.word()}” is not a length of time.", str(error)) from error
        if span < self.at_least:
            raise piece.refuse(self.too_short, f"Use {in_words(self.at_least)} or more.")
        return span

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^({timing.SPAN})$"}


@dataclass(frozen=True)
class Moment:
    """When something is promised."""

    says = "a moment, like `1 day at 12:00` or `4 opening hours`"

    def read(self, piece: Piece) -> By:
        try:
            return read_by(piece.word())
        except ValueError as error:
            raise piece.refuse(f"“{piece.word()}” is not a time.", str(error)) from error

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^({timing.MOMENT})$"}


@dataclass(frozen=True)
class WakingHours:
    """From when until when, on one day."""

    says = "two times of day, like `9:00 to 20:00`"

    def read(self, piece: Piece) -> Waking:
        found = _WAKING.fullmatch(piece.word())
        try:
            if not found:
                raise ValueError
            begin, end = (
                time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])),
            )  # fmt: skip
        except ValueError:
            raise piece.refuse(
                f"“{piece.word()}” are not hours of a day.", "Say it like “9:00 to 20:00”."
            ) from None
        if end <= begin:
            raise piece.refuse("The day ends before it begins.", "Say it like “9:00 to 20:00”.")
        return Waking(begin, end)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_WAKING.pattern}$"}


@dataclass(frozen=True)
class Amounts:
    """How much to offer: (low, high)."""

    says = "an amount in your currency, like `20`, `40 to 60` or `nothing`"

    def read(self, piece: Piece) -> tuple[int, int]:
        found = _OFFER.fullmatch(piece.word())
        if not found:
            raise piece.refuse(
                f"“{piece.word()}” is not an amount.",
                "Say it like “20”, “40 to 60” or “nothing”, without the currency.",
            )
        low = int(found[1] or 0)
        high = int(found[2]) if found[2] else low
        if high < low:
            raise piece.refuse("The larger amount stands first.", f"Write “{high} to {low}”.")
        return low, high

    def schema(self) -> Schema:
        return {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 999_999},
                {"type": "string", "pattern": f"^({_OFFER.pattern})$"},
            ]
        }


@dataclass(frozen=True)
class When:
    """A condition."""

    says = "a condition, see below"

    def read(self, piece: Piece) -> Condition:
        try:
            return compiled(piece.word(longest=10 * conditions.LONGEST))
        except conditions.Misread as error:
            raise piece.refuse(error.why, error.remedy, inside=error.place) from error

    def schema(self) -> Schema:
        return {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": conditions.LONGEST},
                {"type": "boolean"},
            ]
        }


@dataclass(frozen=True)
class Rows:
    """A list."""

    of: Shape
    most: int = 40
    least: int = 0

    @property
    def says(self) -> str:
        return f"a list, up to {self.most} lines"

    def read(self, piece: Piece) -> list[Any]:
        items = piece.items(most=self.most)
        if len(items) < self.least:
            raise piece.refuse("This list is empty.", "Begin each line with “- ”.")
        return [self.of.read(item) for item in items]

    def schema(self) -> Schema:
        return {
            "type": "array",
            "items": self.of.schema(),
            "minItems": self.least,
            "maxItems": self.most,
        }


@dataclass(frozen=True)
class Field:
    """One field of a table: its shape, what it means, an example, and what holds without it.

    `default` is written as in the document; None: nothing holds, or it must be written.
    """

    shape: Shape
    help: str
    example: str
    default: str | None = None
    required: bool = False


class Told(dict[str, Any]):
    """The values of a table by name, and the pieces they stand in."""

    def __init__(self, piece: Piece) -> None:
        super().__init__()
        self.piece = piece
        self.pieces: dict[str, Piece] = {}

    def where(self, name: str) -> Piece:
        """The piece of `name`, or of the whole table if it is not written."""
        return self.pieces.get(name, self.piece)


@dataclass(frozen=True)
class Table:
    """Names with values: those of `fields`, and of `others` any further name may have."""

    fields: Mapping[str, Field]
    others: Shape | None = None
    most: int = 30
    called: str = ""

    says = "names with values"

    def read(self, piece: Piece) -> Told:
        known = () if self.others else tuple(self.fields)
        required = [name for name, field in self.fields.items() if field.required]
        told = Told(piece)
        told.pieces = piece.table(known=known, required=required)
        if len(told.pieces) > max(self.most, len(self.fields)):
            raise piece.refuse("There are too many.", f"Keep it to {self.most}.")
        for name, field in self.fields.items():
            if name in told.pieces:
                told[name] = field.shape.read(told.pieces[name])
            elif field.default is not None:
                path = f"{piece.path}.{name}" if piece.path else name
                told[name] = field.shape.read(document.read(field.default, path))
        for name, other in told.pieces.items():
            if name not in self.fields and self.others:
                told[name] = self.others.read(_well_named(name, other))
        return told

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.called}"} if self.called else self.definition()

    def definition(self) -> Schema:
        """The schema in full, also of a table that is defined once and referred to."""
        properties = {
            name: field.shape.schema() | _described(field) for name, field in self.fields.items()
        }
        schema: Schema = {
            "type": "object",
            "properties": properties,
            "additionalProperties": self.others.schema() if self.others else False,
        }
        if self.others:
            schema["propertyNames"] = {"pattern": f"^{_NAME.pattern}$"}
        required = [name for name, field in self.fields.items() if field.required]
        return schema | ({"required": required} if required else {})


def _well_named(name: str, piece: Piece) -> Piece:
    if not _NAME.fullmatch(name):
        raise piece.refuse(f"“{name}” is not a usable name.", "Use small letters, digits and “_”.")
    return piece


def _described(field: Field) -> Schema:
    said: Schema = {"description": field.help, "examples": [_value(field.example)]}
    return said if field.default is None else said | {"default": _value(field.default)}


def _value(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)
