"""The policy as forms: which fields a chapter asks for, each with its help, from `fields`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from makegood.ground.refusals import NotFound
from makegood.recover.policy.conditions import Misread, compiled
from makegood.recover.policy.editing import Value
from makegood.recover.policy.fields import DOCUMENT
from makegood.recover.policy.ladders import LADDERS, whom
from makegood.recover.policy.phrasing import in_words
from makegood.recover.policy.plans import TWELVE
from makegood.recover.policy.shapes import (
    Choice,
    Field,
    Number,
    Rows,
    Shape,
    Table,
    Text,
    When,
    Whom,
)
from makegood.recover.policy.vocabulary import REACTIONS


@dataclass(frozen=True)
class Chapter:
    """A part of the document that is edited on one page."""

    name: str
    title: Promise | str
    paths: tuple[str, ...]


ALL: Final = (
    Chapter("begins", gettext_lazy("It begins when"), ("triggers", "joining")),
    Chapter("severity", gettext_lazy("How grave it is"), ("tables.severity",)),
    Chapter("whom", gettext_lazy("Whom we ring"), ("tables.ladder",)),
    Chapter("ladders", gettext_lazy("The ladders"), ("ladders",)),
    Chapter("offers", gettext_lazy("What we offer"), ("tables.remedies",)),
    Chapter("limits", gettext_lazy("Who may give how much"), ("tables.limits",)),
    Chapter("guard", gettext_lazy("When we fail somebody again"), ("second_failure",)),
    Chapter("contact", gettext_lazy("How often we write"), ("contact", "waiting")),
    Chapter("ends", gettext_lazy("How it ends"), ("closing",)),
    Chapter("care", gettext_lazy("Reminders and silence"), ("reminders", "silence")),
)
NEW_ROW: Final[Mapping[str, Mapping[str, Value]]] = {
    "triggers": {"says": "What happened", "when": 'signal.kind == "complaint"'},
    "tables.severity": {"when": "customer.failures > 0", "at_least": "4"},
    "tables.ladder": {"when": "case.severity >= 4", "use": "reach"},
    "tables.remedies": {"when": "case.severity >= 4", "offer": "20 to 40"},
    "tables.limits": {"when": "case.severity >= 4", "on_duty": "40"},
    "rung": {"who": "manager", "wait": "2 minutes"},
}
LABELS: Final[Mapping[str, Promise]] = {
    "says": gettext_lazy("In your words"), "when": gettext_lazy("When"),
    "on": gettext_lazy("Fact"), "at_least": gettext_lazy("At least"),
    "exactly": gettext_lazy("Exactly"), "because": gettext_lazy("Because"),
    "ahead_of": gettext_lazy("Goes ahead of"),
    "use": gettext_lazy("Ladder"), "offer": gettext_lazy("Offer"),
    "first": gettext_lazy("First"), "on_duty": gettext_lazy("A host"),
    "manager": gettext_lazy("A manager"), "owner": gettext_lazy("The owner"),
    "who": gettext_lazy("Who"), "hands": gettext_lazy("Who answers"),
    "wait": gettext_lazy("Wait"), "by": gettext_lazy("By"),
    "title": gettext_lazy("Called"), "hand": gettext_lazy("Done by"),
    "evidence": gettext_lazy("Shown by"), "needs": gettext_lazy("Needs"),
    "promise": gettext_lazy("Promised as"), "after": gettext_lazy("Counted from the end of"),
    "awaits": gettext_lazy("Ends by itself when"), "skip_when": gettext_lazy("Left out when"),
    "brought_forward_by": gettext_lazy("Falls due earlier when"),
    "within": gettext_lazy("Within"), "ladder": gettext_lazy("Ladder"),
    "severity_at_least": gettext_lazy("Severity at least"),
    "waking_hours": gettext_lazy("Waking hours"), "at_most": gettext_lazy("Messages at most"),
    "callback_within": gettext_lazy("A call within"),
    "for_customer_at_most": gettext_lazy("We wait at most"),
    "after_visits": gettext_lazy("Visits before"),
    "times_the_usual_gap": gettext_lazy("Times the usual gap"),
    "before": gettext_lazy("Before it is due"), "again_every": gettext_lazy("Again every"),
    "senior_from": gettext_lazy("A senior from reminder"),
    "wait_for_customer": gettext_lazy("For their last word"),
    "attempts": gettext_lazy("Attempts"), "apart": gettext_lazy("Apart"),
    "same_place_within": gettext_lazy("At one place within"),
}  # fmt: skip
TITLES: Final[Mapping[str, Promise]] = {
    "triggers": gettext_lazy("What begins a case"),
    "joining": gettext_lazy("What belongs together"),
    "tables.severity": gettext_lazy("Severity, 1 to 5"),
    "tables.ladder": gettext_lazy("Which ladder"),
    "tables.remedies": gettext_lazy("How much, and what first"),
    "tables.limits": gettext_lazy("On one case, without asking"),
    "second_failure": gettext_lazy("A second failure"),
    "contact": gettext_lazy("What the house writes by itself"),
    "waiting": gettext_lazy("Waiting for the customer"),
    "silence": gettext_lazy("Staying away"),
    "reminders": gettext_lazy("Reminders"),
    "closing": gettext_lazy("Closing a case"),
}
REACTING: Final[Mapping[str, Promise]] = {
    "voice": gettext_lazy("For those who tell us"),
    "legs": gettext_lazy("For those who leave quietly"),
    "revenge": gettext_lazy("For those who get back at us"),
}
SHORT_TEXT: Final = 100  # letters; what may be longer gets more room
_INDEX: Final = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Control:
    """One field of a form: what it is called, its help, and what is written there."""

    path: str
    label: str
    help: str
    example: str
    kind: str
    value: str = ""
    chosen: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = ()
    required: bool = False
    wrong: str = ""

    @property
    def id(self) -> str:
        """Its name in the page."""
        return self.path.replace(".", "-")

    @property
    def said(self) -> str:
        """A condition in words; empty if it cannot be read, or says it best itself."""
        try:
            words = in_words(compiled(self.value)) if self.kind == "when" and self.value else ""
        except Misread:
            return ""
        return "" if words == self.value else words


@dataclass(frozen=True)
class RowForm:
    """One row of a table, with its place."""

    path: str
    number: int
    controls: Sequence[Control]
    is_last: bool


@dataclass(frozen=True)
class Group:
    """What is edited together: one table of the document, or a list of rows."""

    path: str
    title: str
    help: str
    controls: Sequence[Control] = ()
    rows: Sequence[RowForm] = ()
    is_list: bool = False
    folded: bool = False
    wrong: str = ""

    @property
    def id(self) -> str:
        """Its name in the page."""
        return self.path.replace(".", "-")


@dataclass(frozen=True)
class Wrong:
    """The field that was refused, by path, and why."""

    path: str = ""
    message: str = ""


@dataclass(frozen=True)
class Typed:
    """What the form shows: what the document says, unless something was typed and refused.

    `groups`: the teams and skills of the house, as rungs name them.
    """

    written: Mapping[str, Any]
    posted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wrong: Wrong = Wrong()
    groups: Sequence[str] = ()


def chapter_named(name: str) -> Chapter:
    """A chapter by its name; each step is one: `contact-step`. NotFound if there is none."""
    for chapter in ALL:
        if chapter.name == name:
            return chapter
    kind = name.removesuffix("-step")
    if kind not in TWELVE or kind == name:
        raise NotFound
    number = list(TWELVE).index(kind) + 1
    title = _("Step %(n)d, %(name)s") % {"n": number, "name": kind}
    return Chapter(name, title, (f"steps.{kind}",))


def groups_of(chapter: Chapter, typed: Typed) -> list[Group]:
    """The forms of a chapter, filled in."""
    found: list[Group] = []
    for path in chapter.paths:
        if path == "ladders":
            names = [*LADDERS, *(n for n in _at(typed.written, path) or {} if n not in LADDERS)]
            found += [_list(f"ladders.{name}", typed) for name in names]
        elif isinstance(_shape(path), Rows):
            found.append(_list(path, typed))
        else:
            found += _table(path, typed)
    return found


def controls_of(groups: Sequence[Group]) -> Iterator[Control]:
    """Every field of the forms."""
    for group in groups:
        yield from group.controls
        for row in group.rows:
            yield from row.controls


def place_of(field_name: str) -> str:
    """The path of a field as an error names it: `tables.ladder[2].use` is `tables.ladder.1.use`."""
    return _INDEX.sub(lambda found: f".{int(found[1]) - 1}", field_name)


def new_row(path: str) -> Mapping[str, Value]:
    """What a fresh row of the list at `path` says, until somebody changes it."""
    return NEW_ROW["rung" if path.startswith("ladders.") else path]


def may_hold_rows(path: str) -> bool:
    """Whether rows may be added at `path`."""
    return path in NEW_ROW or bool(re.fullmatch(r"ladders\.[a-z][a-z0-9_]{0,39}", path))


def _list(path: str, typed: Typed) -> Group:
    shape = _shape(path)
    rows = _at(typed.written, path) or []
    table = shape.of if isinstance(shape, Rows) else None
    forms = [
        RowForm(
            path=f"{path}.{n}",
            number=n + 1,
            controls=list(_controls(table, f"{path}.{n}", typed)),
            is_last=n + 1 == len(rows),
        )
        for n in range(len(rows))
    ]
    name = path.removeprefix("ladders.")
    title = str(TITLES[path]) if path in TITLES else _("Ladder “%(name)s”") % {"name": name}
    help_ = _field(path).help if path in TITLES else LADDERS.get(name, "")
    wrong = typed.wrong.message if typed.wrong.path in (path, *(row.path for row in forms)) else ""
    return Group(path, title, help_, rows=forms, is_list=True, wrong=wrong)


def _table(path: str, typed: Typed) -> Iterator[Group]:
    table = _shape(path)
    title = str(TITLES[path]) if path in TITLES else _("The step")
    wrong = typed.wrong.message if typed.wrong.path == path else ""
    controls = list(_controls(table, path, typed))
    yield Group(path, title, _field(path).help, controls=controls, wrong=wrong)
    inner = table.fields if isinstance(table, Table) else {}
    if "variants" in inner:
        for reaction in REACTIONS:
            here = f"{path}.variants.{reaction}"
            yield Group(
                path=here,
                title=str(REACTING[reaction]),
                help=_field(here).help,
                controls=list(_controls(_shape(here), here, typed)),
                folded=not _at(typed.written, here) and not typed.wrong.path.startswith(here),
                wrong=typed.wrong.message if typed.wrong.path == here else "",
            )


def _controls(table: Shape | None, path: str, typed: Typed) -> Iterator[Control]:
    fields = table.fields if isinstance(table, Table) else {}
    plain = [(name, one) for name, one in fields.items() if not isinstance(one.shape, Table)]
    for name, one in sorted(plain, key=lambda named: isinstance(named[1].shape, Rows)):
        yield _control(name, one, f"{path}.{name}", typed)


def _control(name: str, one: Field, path: str, typed: Typed) -> Control:
    standing = _at(typed.written, path)
    said = typed.posted.get(path)
    if isinstance(one.shape, Rows):
        chosen = said if said is not None else standing if isinstance(standing, list) else ()
        choice = one.shape.of
        texts = choice.texts if isinstance(choice, Choice) else {}
        kind, value, options = "checks", "", list(texts.items())
    else:
        chosen, options = (), []
        value = said[-1] if said else standing if isinstance(standing, str) else ""
        kind = "when" if isinstance(one.shape, When) else "words"
        kind = "long" if isinstance(one.shape, Text) and one.shape.longest > SHORT_TEXT else kind
        kind = "number" if isinstance(one.shape, Number) else kind
        if isinstance(one.shape, Choice):
            kind, options = "choice", list(one.shape.texts.items())
        if isinstance(one.shape, Whom):
            kind, options = "choice", _whom(one.shape, value, typed.groups)
    return Control(
        path=path,
        label=str(LABELS.get(name, name)),
        help=one.help,
        example=one.example,
        kind=kind,
        value=value,
        chosen=[text for text in chosen if text],
        options=options,
        required=one.required,
        wrong=typed.wrong.message if typed.wrong.path == path else "",
    )


def _whom(shape: Whom, value: str, groups: Sequence[str]) -> list[tuple[str, str]]:
    """The words, the groups of the house, and one that is written though nobody is of it."""
    known = {who.casefold() for who in groups} | set(shape.texts)
    named = value.partition(":")[0] in shape.groups
    unknown = [value] if named and value.casefold() not in known else []
    here = [value if who.casefold() == value.casefold() else who for who in groups]
    return [*shape.texts.items(), *((who, whom(who)) for who in [*here, *unknown])]


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(data, list):
            data = data[int(part)] if part.isdigit() and int(part) < len(data) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def _field(path: str) -> Field:
    """How the document describes `path`."""
    shape: Shape = DOCUMENT
    found: Field | None = None
    for part in path.split("."):
        if isinstance(shape, Rows):
            shape, found = shape.of, None
        elif isinstance(shape, Table):
            if part not in shape.fields and shape.others is None:
                raise NotFound
            found = shape.fields.get(part)
            shape = found.shape if found else shape.others or shape
    if found is None:
        raise NotFound
    return found


def _shape(path: str) -> Shape:
    if path.startswith("ladders."):
        return _field("ladders.reach").shape
    return _field(path).shape
