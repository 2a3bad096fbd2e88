"""A first draft of an apology, to be made personal by whoever signs it. Pure.

The order is what research found to work: responsibility, repair, regret, what changes, what comes
next; it never asks for forgiveness (Lewicki, Polin & Lount 2016).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from makegood.people.calling import called
from makegood.words.phrasebook import phrasebook

LONGEST_SUBJECT = 160


@dataclass(frozen=True)
class Matter:
    """What a draft is made of. `what_went_wrong` is our sentence ("your main course came cold"),
    `their_words` the customer's own, quoted; `about` is what the subject names ("your dinner on 21
    November"). Gifts and promises are noun phrases ("a fresh main course"). `noticed`: what we
    noticed before they had to tell us. `away`: they stay away, and we know of nothing wrong."""

    customer_name: str = ""
    sender_name: str = ""
    about: str = ""
    what_went_wrong: str = ""
    their_words: str = ""
    noticed: str = ""
    away: bool = False
    given: Sequence[str] = ()
    promised: Sequence[str] = ()


@dataclass(frozen=True)
class Draft:
    """A subject and a body; the signature is added when the letter leaves."""

    subject: str
    body: str


def first_draft(matter: Matter, *, language: str = "en") -> Draft:
    """A sincere first draft; never empty, never doubting, in the first person."""
    say = phrasebook(language).draft
    if matter.away:
        parts = [_greeting(matter, say), say["away"], _last(matter, say)]
        return Draft(say["away_subject"], "\n\n".join(parts))
    paragraphs = [
        _greeting(matter, say),
        _responsibility(matter, say),
        _repair(matter, say),
        say["regret"],
        _promises(matter, say),
        _last(matter, say),
    ]
    about = _one_line(matter.about)
    subject = say["subject"].format(about=about) if about else say["subject_unknown"]
    return Draft(subject[:LONGEST_SUBJECT], "\n\n".join(paragraphs))


def _greeting(matter: Matter, say: Mapping[str, str]) -> str:
    first_name = called(matter.customer_name)
    return say["greeting"].format(customer=first_name) if first_name else say["greeting_unknown"]


def _responsibility(matter: Matter, say: Mapping[str, str]) -> str:
    if what := _one_line(matter.what_went_wrong).rstrip("."):
        return say["went_wrong"].format(what=what[:1].upper() + what[1:])
    if words := _one_line(matter.their_words).replace("“", "‘").replace("”", "’"):
        ended = words if words[-1] in ".!?…" else f"{words}."
        return say["told_us"].format(words=ended)
    if noticed := _one_line(matter.noticed).rstrip("."):
        return say["noticed"].format(what=noticed[:1].upper() + noticed[1:])
    return say["went_wrong_unknown"]


def _repair(matter: Matter, say: Mapping[str, str]) -> str:
    things = [_one_line(thing).rstrip(".") for thing in matter.given if thing.strip()]
    if not things:
        return say["nothing_given"]
    return _listed(say["given"], things)


def _promises(matter: Matter, say: Mapping[str, str]) -> str:
    promised = [_one_line(promise).rstrip(".") for promise in matter.promised if promise.strip()]
    if not promised:
        return say["nothing_promised"]
    return _listed(say["promised"], promised)


def _last(matter: Matter, say: Mapping[str, str]) -> str:
    sender = _one_line(matter.sender_name)
    return say["last_named"].format(sender=sender) if sender else say["last"]


def _listed(opening: str, items: Sequence[str]) -> str:
    return "\n".join([opening, *(f"– {item}" for item in items)])


def _one_line(text: str) -> str:
    return " ".join(text.split())
