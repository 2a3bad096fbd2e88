"""The policy document as a Markdown page: every field, and the words a condition may use."""

import re
from collections.abc import Mapping

from makegood.recover.policy.conditions import LONGEST
from makegood.recover.policy.fields import DOCUMENT, described
from makegood.recover.policy.ladders import HOW_MANY, LADDERS, PEOPLE
from makegood.recover.policy.plans import AWAITED, NEEDED, TWELVE
from makegood.recover.policy.shapes import Field, Table
from makegood.recover.policy.starters import starters
from makegood.recover.policy.tables import FIRST
from makegood.recover.policy.vocabulary import METHODS, NAMES, SIGNS

TEAMS_AND_SKILLS = {
    "team:kitchen": "who of the team *kitchen* is on duty",
    "skill:german": "who is on duty and has the skill *German*, as the team screen says",
}
HEAD = """# The policy document

One YAML document says what begins a case, whom we ring, what is promised to a customer we failed,
by when, by whom, and how it ends. Publishing it makes a version; a case keeps the one it began on.
`makegood/recover/policy/starters/` holds complete documents to begin with:

{starters}
What a document leaves out holds as the last column says. The same description as a JSON Schema, for
your editor: `docs/reference/policy.schema.json`, on a running house `/policy/schema.json`.

This page is written by `makegood reference policy`; `bin/check` fails when it is out of date.

## How things are said

- **A length of time**: `30 seconds`, `2 minutes`, `3 hours`, `1 day`, `2 weeks`; two years at most.
- **A due time**: `at once`, `3 hours`, `14 days`, `1 day at 12:00`. It counts from when the case
  began, or from the end of the step named in `after`, by the calendar and the clocks of the place.
  `1 day at 12:00` is noon of tomorrow's date: 12 to 36 hours away. Days keep the time of day, also
  when the clocks change.
- **Opening time**: `4 opening hours` run only while the place is open. `2 opening days at 12:00`:
  today is not counted; of the days that follow, on which the place opens, the second, at noon, or
  the nearest moment of that day's hours. A place without opening hours is always open.
- **A condition**: see [below](#conditions).

## Who is rung, and what happens when nobody can be

- **Nobody on duty.** While nobody at all is on duty at the place, nobody is rung, at any hour, and
  nobody at home either. A customer who pressed reads so at once and may ask to be called. Whoever
  comes on duty next is rung in that moment for all that waits, the most pressing first.
- **Managers and owners.** Those on duty are rung; if none of them is, all of them are, on the
  phones they are signed in on. Where there is no manager, the rung is passed over and the owner is
  next.
- **One at a time, or together.** Of `on_duty`, a team or a skill one person is rung after the
  other, free before busy, longest without a page first. Managers, owners, and all whom a rung with
  `hands: every` names, are rung together. With `every` the first *going* is who goes; it rings on
  for each of the others, and rings them anew after the pauses of rounds, until they said that they
  know, or the page has ended.
- **Teams and skills** are the words of the team screen; capitals do not matter. Where nobody of
  them is on duty, or nobody at all has that team or skill, the rung is passed over; reading and
  publishing say so. A ladder that names a team or a skill has a rung for `on_duty`, `manager` or
  `owner` as well.
- **Until when.** A ladder begins again at its end until somebody says *going*; *can't* rings the
  next at once. A round lasts a minute at least; from the sixth on they pause, up to 15 minutes.
  Whoever said *going* and does not arrive is rung again after some minutes.
- **A pager is an open page** in a browser. A phone that sleeps may stay silent; then the next rung
  is rung. See `docs/known-limits.md`.
- **Whose case it is.** Whoever went to the customer first, stood before them or had them on the
  line; it can be handed over. Until then whoever is on duty is reminded, and the promises speak of
  “us”.
- **What was not rung**, because no row of the table was true, waits in the list of cases. It is
  not rung later by itself; its promises are reminded of like any other.

## What counts as what

- **A failure** is a case that was not taken back. Staying away is none. A new failure while the
  case of an earlier one is open joins it, and rings anew if nobody is being rung.
- **What joins.** Presses at one place, each close to the last; and whatever else a customer we
  know says while a case of theirs is open. A press by somebody we do not know joins by place only.
- **Late, and broken.** A promise is late when its moment has passed. If it is late by
  `reminders.again_every`, a person was to keep it and the customer knows of it, it is broken: a
  signal of its own that joins the case. It counts as no second failure.
- **The last question** leaves on the day of `prove`, done or not. *Yes* closes the case. *It is
  not right* rings the ladder `senior`, opens the case again if it was closed, and the question is
  asked once more. No answer: a colleague is reminded, and nothing closes by itself.
- **Asked not to write.** Whoever declined messages gets neither of the two questions by letter;
  the last one stands on their page all the same.
- **A step that was left out** when the case began stays so, also if the case becomes graver.

## Fields
"""
CONDITIONS = f"""
## Conditions

Conditions are written in CEL, the Common Expression Language, with the names and signs below and
nothing else: `signal.kind == "rating" && signal.score >= 1 && signal.score <= 2`. What nobody
knows is 0, empty or false, so a condition always says yes or no. A condition has at most {LONGEST}
letters, ten brackets inside each other, numbers below 1,000,000, and no patterns, loops or
divisions, so that it can never take long. Put it on lines of its own with `when: >-` if it grows,
and into single quotes if it holds `: ` or ` #`.
"""


_REPEATS = re.compile(r"(^ladders\.|^steps\.|\.variants\.)\w+")


def page() -> str:
    """The whole page."""
    return "".join([
        HEAD.format(starters=_starters()),
        *(_chapter(name, field) for name, field in DOCUMENT.fields.items()),
        CONDITIONS,
        _names(),
        _texts("Signs", SIGNS, "sign"),
        _texts("Questions about texts and lists", METHODS, "question"),
        "\n## Words with a meaning\n",
        _texts("The ladders every house has", LADDERS, "ladder"),
        _texts("The twelve steps", TWELVE, "step"),
        _texts("Who is rung", PEOPLE | TEAMS_AND_SKILLS, "who"),
        _texts("How many of them have to answer (`hands`)", HOW_MANY, "hands"),
        _texts("What may end a step by itself (`awaits`)", AWAITED, "awaits"),
        _texts("What is checked before a step can end (`needs`)", NEEDED, "needs"),
        _texts("What is offered first (`first`)", FIRST, "first"),
    ])  # fmt: skip


def _starters() -> str:
    lines = (f"- `{one.name}.yaml`, {one.title}. {one.sentence}\n" for one in starters().values())
    return "".join(lines)


def _chapter(name: str, field: Field) -> str:
    must = " It must be written." if field.required else ""
    says = "" if isinstance(field.shape, Table) else f" {_capital(field.shape.says)}."
    head = f"\n### {name}\n\n{field.help}{must}{says}\n"
    rows = _rows_of(name)
    if not rows:
        return f"{head}\n    {name}: {field.example}\n"
    table = "\n| field | what stands there | what it means | example | without it |\n"
    told = head + table + "| --- | --- | --- | --- | --- |\n" + "".join(map(_row, rows.items()))
    return told + _without(name, field)


def _rows_of(chapter: str) -> dict[str, Field]:
    """The fields of a chapter by path; of shapes that repeat, the first stands for all as `*`."""
    rows: dict[str, Field] = {}
    for path, field in described():
        if path.startswith((f"{chapter}.", f"{chapter}[")):
            rows.setdefault(_REPEATS.sub(r"\1*", path), field)
    return {path: field for path, field in rows.items() if not path.endswith(".*")}


def _without(name: str, field: Field) -> str:
    if field.default is None or "\n" not in field.default:
        return ""
    lines = "".join(f"      {line}\n" for line in field.default.splitlines())
    return f"\nWithout this chapter:\n\n    {name}:\n{lines}"


def _row(row: tuple[str, Field]) -> str:
    path, field = row
    default = f"`{field.default}`" if field.default is not None else "nothing"
    without = "must be written" if field.required else default
    cells = (f"`{path}`", field.shape.says, field.help, f"`{field.example}`", without)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _names() -> str:
    rows = "".join(
        f"| `{name.name}` | {name.type} | {name.help}{_only(name.texts)} |\n" for name in NAMES
    )
    return f"\n### Names\n\n| name | type | what it means |\n| --- | --- | --- |\n{rows}"


def _only(texts: Mapping[str, str] | None) -> str:
    if texts is None:
        return ""
    return " " + ", ".join(f"`{text}` ({_small(said)})" for text, said in texts.items()) + "."


def _texts(title: str, texts: Mapping[str, str], column: str) -> str:
    rows = "".join(
        f"| `{_cell(text)}` | {_cell(_capital(said))} |\n" for text, said in texts.items()
    )
    return f"\n### {title}\n\n| {column} | what it means |\n| --- | --- |\n{rows}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
