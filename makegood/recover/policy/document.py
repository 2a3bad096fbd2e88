"""Reads a YAML document piece by piece, and knows the line and column of everything it refuses.

Pure. Scalars stay words until somebody asks for a number or a duration, so that `12:00` is never
a sexagesimal number and `no` never a boolean; nothing is constructed, so nothing can be executed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from makegood.ground.refusals import Invalid

LONGEST_DOCUMENT = 64_000
DEEPEST_NESTING = 8


class PolicyError(Invalid):
    """A policy that cannot be published: where, which field, what is wrong, and the remedy."""

    def __init__(self, why: str, *, line: int, column: int, field: str, remedy: str) -> None:
        where = f"Line {line}, column {column}"
        what = f"{field}: {why}" if field else why
        super().__init__(f"{where}. {what} {remedy}".strip(), field=field or "document")
        self.why = why
        self.line = line
        self.column = column
        self.remedy = remedy


@dataclass(frozen=True)
class Piece:
    """One value of the document, with the path that leads to it."""

    node: Node
    path: str = ""
    source: str = ""

    def refuse(self, why: str, remedy: str = "", *, inside: int | None = None) -> PolicyError:
        """The error to raise about this very place, or about a letter `inside` its words."""
        mark = self.node.start_mark
        line, column = mark.line, mark.column
        if inside is not None and isinstance(self.node, ScalarNode):
            line, column = where_inside(self.node, inside, self.source)
        return PolicyError(why, line=line + 1, column=column + 1, field=self.path, remedy=remedy)

    def table(
        self, *, known: Sequence[str] = (), required: Iterable[str] = ()
    ) -> dict[str, "Piece"]:
        """Named values; refuses names that are unknown (unless any will do), doubled or missing."""
        if not isinstance(self.node, MappingNode):
            raise self.refuse(
                "Names with values are needed here.",
                f"Use: {', '.join(known)}." if known else "Write “name: value”.",
            )
        found: dict[str, Piece] = {}
        for key, value in self.node.value:
            name = self._at(key, self.path).word()
            here = f"{self.path}.{name}" if self.path else name
            if known and name not in known:
                raise self._at(key, here).refuse(
                    "There is no such field.", did_you_mean(name, known)
                )
            if name in found:
                raise self._at(key, here).refuse("It is said twice.", "Keep one of the two.")
            found[name] = self._at(value, here)
        for name in required:
            if name not in found:
                raise self.refuse(f"“{name}” is missing.", f"Add a line “{name}: …”.")
        return found

    def items(self, *, most: int = 100) -> list["Piece"]:
        """The values of a list."""
        if not isinstance(self.node, SequenceNode):
            raise self.refuse("A list is needed here.", "Begin each line with “- ”.")
        if len(self.node.value) > most:
            raise self.refuse("This list is too long.", f"Keep it to {most} lines.")
        return [
            self._at(value, f"{self.path}[{place}]")
            for place, value in enumerate(self.node.value, 1)
        ]

    def word(self, *, longest: int = 400) -> str:
        """Plain text, not empty."""
        text = self.node.value.strip() if isinstance(self.node, ScalarNode) else ""
        if not text:
            raise self.refuse("Words are needed here.", "Write some text after the colon.")
        if any(not (letter.isprintable() or letter in "\n\t") for letter in text):
            raise self.refuse("This holds something unreadable.", "Type it again by hand.")
        if len(text) > longest:
            raise self.refuse("This text is too long.", f"Keep it under {longest} characters.")
        return str(text)

    def number(self, *, low: int, high: int) -> int:
        """A whole number between `low` and `high`."""
        text = self.word()
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise self.refuse(f"“{text}” is not a whole number.", f"Use {low} to {high}.")
        if not low <= int(text) <= high:
            raise self.refuse(f"{text} is out of bounds.", f"Use {low} to {high}.")
        return int(text)

    def one_of(self, choices: Sequence[str]) -> str:
        """One of a few known words."""
        text = self.word()
        if text not in choices:
            raise self.refuse(f"“{text}” is not known here.", did_you_mean(text, choices))
        return text

    def _at(self, node: Node, path: str) -> "Piece":
        return Piece(node, path, self.source)


def read(text: str, path: str = "") -> Piece:
    """The document as one piece; refuses what is no YAML, too long, too deep or self-referring."""
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST_DOCUMENT:
        raise _whole("The document is too long.", f"Keep it under {LONGEST_DOCUMENT:,} characters.")
    try:
        node = compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PolicyError(
            f"This is not readable as YAML: {error.problem or error.context}.",
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
            field="",
            remedy="Look at the colons and the indentation of this line and the one above.",
        ) from error
    except (YAMLError, ValueError) as error:
        raise _whole("This is not readable as YAML.", "Remove unprintable characters.") from error
    if node is None:
        raise _whole("The document is empty.", "Begin with the default policy.")
    return Piece(node, path, text)


@lru_cache(maxsize=8)  # an edit asks for the same text again and again
def compose(text: str) -> Node | None:
    """The nodes of the document, which are shared: nobody changes them. None: it is empty.

    Raises PolicyError for what is nested too deeply or refers to itself, YAMLError or ValueError
    for what is no YAML.
    """
    _check_shape(text)
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    return node


def where_inside(node: ScalarNode, place: int, source: str) -> tuple[int, int]:
    """Line and column (from 0) in `source` of the letter at `place` of the words of `node`.

    `word` takes the space off their ends, so `place` counts from the first letter that is none.
    Line breaks, indentation, quotes and backslashes that only the document has are passed over.
    """
    value = str(node.value)
    place += len(value) - len(value.lstrip())
    at, end = int(node.start_mark.index), int(node.end_mark.index)
    if node.style in ("|", ">"):
        at = source.find("\n", at) + 1
    elif node.style in ("'", '"'):
        at += 1
    for letter in value[:place]:
        while at < end and source[at] != letter and not (letter.isspace() and source[at] == "\n"):
            at += 1
        at += 1
    wanted = value[place : place + 1]
    while at < end and wanted and not wanted.isspace() and source[at] != wanted:
        at += 1
    at = min(at, end)
    begin = source.rfind("\n", 0, at) + 1
    return source.count("\n", 0, at), at - begin


def _check_shape(text: str) -> None:
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += type(event).__name__ in ("MappingStartEvent", "SequenceStartEvent")
        depth -= type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent")
        if isinstance(event, AliasEvent) or depth > DEEPEST_NESTING:
            mark = event.start_mark
            why = "Aliases are not used here." if depth <= DEEPEST_NESTING else "Nested too deeply."
            raise PolicyError(
                why, line=mark.line + 1, column=mark.column + 1, field="", remedy="Write it out."
            )


def _whole(why: str, remedy: str) -> PolicyError:
    return PolicyError(why, line=1, column=1, field="", remedy=remedy)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The remedy for an unknown word: the one that is nearest, or all there are."""
    near = get_close_matches(word, known, n=1)
    return f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(known)}."
