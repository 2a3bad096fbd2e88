"""A colleague reads the apology before it leaves. Pure: text in, notes and parts out.

Nothing is blocked. The weights of the parts are those research found for what makes an apology
work: taking responsibility first, the offer of repair second (Lewicki, Polin & Lount 2016).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from makegood.words.phrasebook import Fault, Phrase, Phrasebook, phrasebook

LONGEST_READ = 20_000  # what is beyond is not read; nobody reads it either
WEIGHTS = {"sorry": 3, "happened": 3, "cost": 1, "ours": 6, "change": 5, "next": 3}
BEFORE_FORGIVENESS = ("ours", "change")
COST_OF_A_NOTE = 5
QUOTE = re.compile(r"“[^”]{0,2000}”")


@dataclass(frozen=True)
class Note:
    """A remark on `text[start:end]`: its kind, why in words, what to do, and a text to use instead
    (empty where only the writer can know it)."""

    start: int
    end: int
    kind: str
    why: str
    advice: str
    instead: str = ""


@dataclass(frozen=True)
class Report:
    """What the colleague says: notes in the order of the text, which parts are there, a score."""

    notes: tuple[Note, ...]
    parts: Mapping[str, bool]
    labels: Mapping[str, str]
    score: int

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of the parts that are not there yet."""
        return tuple(self.labels[part] for part, there in self.parts.items() if not there)


def lint(
    text: str, customer_name: str = "", *, language: str = "en", our_doing: str = ""
) -> Report:
    """Reads an apology. `our_doing`, a sentence that says what we did, is offered for excuses."""
    book = phrasebook(language)
    read = text[:LONGEST_READ]
    found_at = {part: _first(read, book.shown_by[part]) for part in WEIGHTS}
    parts = {part: place is not None for part, place in found_at.items()}
    notes = _without_overlaps(_notes(read, book, customer_name, our_doing, found_at))
    return Report(
        notes=notes,
        parts=parts,
        labels={
            part: book.labels[part].format(customer=customer_name or book.customer_object)
            for part in WEIGHTS
        },
        score=_score(parts, len(notes)),
    )


def _notes(
    text: str,
    book: Phrasebook,
    customer_name: str,
    our_doing: str,
    found_at: Mapping[str, int | None],
) -> Iterator[Note]:
    own_words = QUOTE.sub(lambda quote: "\N{MIDDLE DOT}" * len(quote[0]), text)
    customer = customer_name or book.the_customer
    for fault in book.faults:
        for phrase in fault.phrases:
            for match in phrase.pattern.finditer(own_words):
                start, end = _span(match)
                if fault.too_early and not _too_early(start, found_at):
                    continue
                yield Note(
                    start=start,
                    end=end,
                    kind=fault.kind,
                    why=fault.why.format(customer=customer),
                    advice=fault.advice.format(customer=customer),
                    instead=_instead(fault, phrase, match, start, our_doing),
                )


def _span(match: re.Match[str]) -> tuple[int, int]:
    """What to mark: the phrase, or its marked part, without the spaces around."""
    group = "mark" if "mark" in match.re.groupindex else 0
    start, end, marked = match.start(group), match.end(group), match[group]
    start += len(marked) - len(marked.lstrip())
    return start, max(start + 1, end - (len(marked) - len(marked.rstrip())))


def _instead(fault: Fault, phrase: Phrase, match: re.Match[str], start: int, our_doing: str) -> str:
    if fault.kind == "excuse":
        return our_doing.strip().rstrip(".")
    said = phrase.say.format(**match.groupdict()) if phrase.say else ""
    return said[:1].upper() + said[1:] if match.string[start].isupper() else said


def _too_early(start: int, found_at: Mapping[str, int | None]) -> bool:
    places = [found_at[part] for part in BEFORE_FORGIVENESS]
    return any(place is None or place > start for place in places)


def _first(text: str, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    found = [match.start() for pattern in patterns if (match := pattern.search(text))]
    return min(found, default=None)


def _without_overlaps(notes: Iterator[Note]) -> tuple[Note, ...]:
    """The longest note wins where two mark the same words."""
    kept: list[Note] = []
    taken = bytearray(LONGEST_READ)
    for note in sorted(notes, key=lambda n: (n.start - n.end, n.start, n.instead == "")):
        if not any(taken[note.start : note.end]):
            taken[note.start : note.end] = b"\1" * (note.end - note.start)
            kept.append(note)
    return tuple(sorted(kept, key=lambda note: note.start))


def _score(parts: Mapping[str, bool], notes: int) -> int:
    weighed = sum(weight for part, weight in WEIGHTS.items() if parts[part])
    return max(0, round(100 * weighed / sum(WEIGHTS.values())) - COST_OF_A_NOTE * notes)
