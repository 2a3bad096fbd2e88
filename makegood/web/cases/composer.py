"""The apology being written: whose it is, what a colleague notes, when it leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.amends.access import amends_about
from makegood.ground.ids import new_id
from makegood.people.models import Staff
from makegood.recover.models import Case
from makegood.recover.record.promises import promises_of
from makegood.sense.models import Signal
from makegood.sense.naming import in_a_sentence
from makegood.sense.topics import AWAY
from makegood.web.cases.whose import Whose, first_signal, noticed_by_us, their_words
from makegood.words.access import letters_about
from makegood.words.composing import Draft, Matter, first_draft
from makegood.words.linter import Note, Report, lint
from makegood.words.models import Letter
from makegood.words.writing import ON_THEIR_WAY, leaves_at

PROMISED_NEXT = ("plan", "confirm", "reassure")
WRITTEN_BY_PEOPLE = (Letter.Kind.APOLOGY, Letter.Kind.NEWS, Letter.Kind.QUESTION)
State = Literal["writing", "waiting", "rest"]


@dataclass(frozen=True)
class Marked:
    """One note as the page shows it; the places count as a browser counts them."""

    note: Note
    words: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """What its "Use" button says, so that it is found again after more was typed."""
        return f"{self.note.kind}:{' '.join(self.words.split())}"


@dataclass(frozen=True)
class Reading:
    """What a colleague says of a text."""

    report: Report
    notes: Sequence[Marked]

    @property
    def marks(self) -> str:
        """The marked places: `12-30 44-60`."""
        return " ".join(f"{note.start}-{note.end}" for note in self.notes)

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """What an apology is made of, and whether it is there."""
        return [(self.report.labels[part], there) for part, there in self.report.parts.items()]


@dataclass(frozen=True)
class Written:
    """What somebody typed, or what we put before them."""

    subject: str
    body: str
    kind: str = Letter.Kind.APOLOGY.value
    to: str = ""
    key: str = ""


@dataclass(frozen=True)
class Composer:
    """Everything the composer shows. `seen` is how far the writer knows the letters of the case."""

    state: State
    written: Written
    reading: Reading
    sender: Staff
    letter: Letter | None
    begun_by: Staff | None
    seen: str
    leaves: str
    leaves_at: str
    is_first: bool


def composer_for(
    case: Case, whose: Whose, staff: Staff, now: datetime, *, typed: Written | None = None
) -> Composer:
    """The composer as `staff` finds it; `typed` is kept above all."""
    letters = letters_of(case)
    mine = my_draft(letters, staff)
    left = [letter for letter in letters if letter.state in ON_THEIR_WAY]
    waiting = next((one for one in reversed(left) if one.state != Letter.State.SENT), None)
    theirs = _draft_of_a_colleague(letters, staff, left)
    shown = mine or theirs
    written = typed or _written(case, whose, staff, shown, is_first=not left, now=now)
    state: State = "writing"
    if typed is None and not mine and (left or case.standing_closure):
        state = "waiting" if waiting else "rest"
    return Composer(
        state=state,
        written=written,
        reading=read(written.body, whose),
        sender=waiting.sender if state == "waiting" and waiting else staff,
        letter=waiting if state == "waiting" else mine,
        begun_by=theirs.sender if theirs and not mine and typed is None else None,
        seen=seen(letters),
        leaves=when_it_leaves(case, staff, whose, now),
        leaves_at=_later(case, staff, now),
        is_first=not left,
    )


def letters_of(case: Case) -> list[Letter]:
    """The letters people wrote for a case, drafts too; not what the house asks by itself."""
    letters = [one for one in letters_about(case.pk) if one.kind in WRITTEN_BY_PEOPLE]
    if not any(one.kind == Letter.Kind.QUESTION for one in letters):
        return letters
    asked_by_itself = set(case.steps.exclude(asked_at=None).values_list("asked_at", flat=True))
    return [
        one
        for one in letters
        if one.kind != Letter.Kind.QUESTION or one.drafted_at not in asked_by_itself
    ]


def my_draft(letters: Iterable[Letter], staff: Staff) -> Letter | None:
    """What `staff` is writing, or what could not be delivered; nothing they have written since."""
    own = [letter for letter in letters if letter.sender_id == staff.pk]
    last = own[-1] if own else None
    unsent = (Letter.State.DRAFT, Letter.State.FAILED)
    return last if last and last.state in unsent and last.body else None


def seen(letters: Iterable[Letter]) -> str:
    """The moment of the latest change to any of the letters."""
    return max((letter.drafted_at.isoformat() for letter in letters), default="")


def read(text: str, whose: Whose) -> Reading:
    """What a colleague notes."""
    language = whose.customer.language if whose.customer else ""
    report = lint(text, whose.first_name, language=language or "en")
    notes = [
        Marked(
            note,
            text[note.start : note.end],
            _as_browsers_count(text[: note.start]),
            _as_browsers_count(text[: note.end]),
        )
        for note in report.notes
    ]
    return Reading(report, notes)


def when_it_leaves(case: Case, sender: Staff, whose: Whose, now: datetime) -> str:
    """At once, or in the customer's waking hours."""
    moment = leaves_at(Letter(customer=case.customer, sender=sender), now)
    if moment <= now:
        return _("Leaves as soon as you send it.")
    local = timezone.localtime(moment)
    same_day = local.date() == timezone.localtime(now).date()
    words = {"name": whose.called, "time": date_format(local, "G:i"),
             "day": date_format(local, "l")}  # fmt: skip
    if same_day:
        return _("Leaves at %(time)s, in the waking hours of %(name)s.") % words
    return _("Leaves %(day)s at %(time)s, in the waking hours of %(name)s.") % words


def _later(case: Case, sender: Staff, now: datetime) -> str:
    """At which time it leaves if it is sent at night: `9:00`; empty while they are awake."""
    moment = leaves_at(Letter(customer=case.customer, sender=sender), now)
    return date_format(timezone.localtime(moment), "G:i") if moment > now else ""


def _written(
    case: Case, whose: Whose, staff: Staff, shown: Letter | None, *, is_first: bool, now: datetime
) -> Written:
    if shown:
        return Written(shown.subject, shown.body, shown.kind, shown.to, new_id().hex)
    draft = _first(case, whose, staff, now) if is_first else _another(case, whose)
    return Written(draft.subject, draft.body, key=new_id().hex)


def _first(case: Case, whose: Whose, staff: Staff, now: datetime) -> Draft:
    page = promises_of(case, now)
    day = date_format(page.happened_on, "j F")
    place = in_a_sentence(case.place)
    about = _("%(place)s on %(day)s") % {"place": place, "day": day}
    first = first_signal(case)
    if first and first.kind == Signal.Kind.REVIEW:
        about = _("your review of %(day)s") % {"day": day}
    return first_draft(
        Matter(
            customer_name=whose.name,
            sender_name=staff.first_name,
            about=about,
            their_words=their_words(case),
            noticed=noticed_by_us(case),
            away=case.topic == AWAY,
            given=[_as_thing(amends.name) for amends in amends_about(case.pk)],
            promised=[
                promise.words
                for promise in page.promises
                if promise.kind in PROMISED_NEXT and promise.state in ("now", "ahead", "late")
            ],
        )
    )


def _another(case: Case, whose: Whose) -> Draft:
    """Just how to begin: what follows is theirs to say."""
    name = whose.first_name
    greeting = _("Dear %(name)s,") % {"name": name} if name else _("Good day,")
    return Draft(_("Our promises to you"), f"{greeting}\n\n")


def _draft_of_a_colleague(
    letters: Sequence[Letter], staff: Staff, left: Sequence[Letter]
) -> Letter | None:
    """What a colleague began; nothing that a letter has overtaken."""
    since = max((letter.drafted_at for letter in left), default=None)
    drafts = [
        letter
        for letter in letters
        if letter.state == Letter.State.DRAFT and letter.sender_id != staff.pk and letter.body
        if since is None or letter.drafted_at > since
    ]
    return drafts[-1] if drafts else None


def _as_thing(name: str) -> str:
    return name[:1].lower() + name[1:]


def _as_browsers_count(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
