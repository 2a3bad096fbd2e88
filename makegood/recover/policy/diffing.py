"""What one policy says otherwise than another, sentence by sentence, as a manager reads it. Pure.

A sentence is `lead`, what was struck out, what stands there now, and `tail`: “a manager is rung
~~60 seconds~~ **50 seconds** after who is on duty.” What is new has nothing before, what is gone
has nothing after.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from makegood.recover.policy import rowwise
from makegood.recover.policy.conditions import ALWAYS, Condition
from makegood.recover.policy.ladders import Ladder, Rung, whom
from makegood.recover.policy.model import Policy
from makegood.recover.policy.phrasing import in_words as in_words_of
from makegood.recover.policy.plans import ANSWERABLE, AWAITED, BROUGHT_FORWARD_BY, NEEDED, Plan
from makegood.recover.policy.tables import AHEAD_OF, FIRST
from makegood.recover.policy.timing import in_words
from makegood.recover.policy.vocabulary import REACTIONS

Words = Callable[[Any], str]


@dataclass(frozen=True)
class Change:
    """One difference: its `place` in the document, and the sentence that says it."""

    place: str
    lead: str
    before: str
    after: str
    tail: str = ""

    @property
    def chapter(self) -> str:
        """The chapter of the document it belongs to."""
        return self.place.partition(".")[0]

    @property
    def words(self) -> str:
        """The sentence as plain text: `60 seconds → 50 seconds`."""
        value = " → ".join(filter(None, (self.before, self.after)))
        said = " ".join(filter(None, (self.lead, value, self.tail)))
        kind = "" if self.before and self.after else "New: " if self.after else "Gone: "
        return f"{kind}{said}"


@dataclass(frozen=True)
class Said:
    """How a sentence about one field is put: what stands before and after its value."""

    lead: str
    words: Words = str
    tail: str = ""
    of: Words | None = None  # how to get at the value; None: it is the field of that name


def differences(before: Policy, after: Policy) -> tuple[Change, ...]:
    """What `after` says otherwise than `before`, in the order of the document."""
    return tuple(_differences(before, after))


def _differences(before: Policy, after: Policy) -> Iterator[Change]:
    yield from _fields("", _TITLE, before, after)
    yield from _rows("triggers", before.triggers, after.triggers)
    yield from _fields("joining", _JOINING, before, after)
    for table in ("severity", "ladder", "remedies", "limits"):
        old, new = getattr(before.tables, table), getattr(after.tables, table)
        yield from _rows(f"tables.{table}", old, new)
    for chapter, said in _CHAPTERS.items():
        yield from _fields(chapter, said, getattr(before, chapter), getattr(after, chapter))
    yield from _ladders(before, after)
    for kind, plan in before.steps.items():
        yield from _step(plan, after.steps[kind])


def _fields(place: str, said: dict[str, Said], before: Any, after: Any) -> Iterator[Change]:
    for name, sentence in said.items():
        read = sentence.of or attrgetter(name)
        old, new = read(before), read(after)
        if old != new:
            where = f"{place}.{name}" if place else name
            was, is_ = sentence.words(old), sentence.words(new)
            if was == is_:  # two conditions of which we say the same: then as they are written
                was, is_ = (str(getattr(value, "text", value)) for value in (old, new))
            yield Change(where, sentence.lead, was, is_, sentence.tail)


def _rows(place: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    """A line is the same when its condition is, or what it says; else when it takes its place."""
    name = place.rpartition(".")[2]
    whole, said = _WHOLE_ROW[name], _ROWS[name]
    for pair in rowwise.paired(before, after, _identity):
        here = f"{place}.{pair.place}"
        if pair.before is None:
            yield Change(here, "", "", _line(whole, pair.after))
        elif pair.after is None:
            yield Change(here, "", _line(whole, pair.before), "")
        else:
            if pair.moved:
                moved = _line(whole, pair.after)
                yield Change(
                    f"{here}.order", f"“{moved}” stands in line",
                    str(pair.was + 1), str(pair.place + 1), "(the first line that is true counts)",
                )  # fmt: skip
            for field, sentence in said.items():
                yield from _fields(
                    here, {field: _about(sentence, pair.after)}, pair.before, pair.after
                )


def _identity(row: Any) -> str:
    says = getattr(row, "says", "")
    return str(says or row.when.text)


def _about(sentence: Said, row: Any) -> Said:
    """`sentence` about the row as it is now."""
    lead = sentence.lead.format(if_=_if(row.when), says=getattr(row, "says", ""), what=_what(row))
    return replace(sentence, lead=f"{lead[:1].upper()}{lead[1:]}")


def _if(when: Condition) -> str:
    return "Otherwise" if when == ALWAYS else f"If {in_words_of(when)},"


def _when(when: Condition | None) -> str:
    return "never" if when is None else in_words_of(when)


def _line(whole: str, row: Any) -> str:
    return whole.format(if_=_if(row.when), row=row, what=_what(row), when=_when(row.when)).strip()


def _what(row: Any) -> str:
    """What a row of a table decides."""
    match type(row).__name__:
        case "SeverityRow":
            return f"the severity is {_severity(row)}"
        case "LadderRow":
            return f"we ring by “{row.use}”"
        case "RemedyRow":
            return f"we offer {row.words}"
        case "LimitRow":
            return _limits(row)
    return ""


def _severity(row: Any) -> str:
    return f"exactly {row.exactly}" if row.exactly is not None else f"at least {row.at_least}"


def _limits(row: Any) -> str:
    told = {"a host": row.on_duty, "a manager": row.manager, "the owner": row.owner}
    parts = [f"{who} may give {amount}" for who, amount in told.items() if amount is not None]
    return ", ".join(parts)


def _ladders(before: Policy, after: Policy) -> Iterator[Change]:
    for name in dict.fromkeys([*before.ladders, *after.ladders]):
        old, new = before.ladders.get(name), after.ladders.get(name)
        place = f"ladders.{name}"
        if old is None or new is None:
            yield Change(
                place,
                f"The ladder “{name}”:",
                _rungs(old) if old else "",
                _rungs(new) if new else "",
            )
        else:
            yield from _rungs_changed(name, old.rungs, new.rungs)


def _rungs(ladder: Ladder) -> str:
    return ", then ".join(
        f"{rung.in_words} for {_wait(rung.wait_seconds)}" for rung in ladder.rungs
    )


def _rungs_changed(name: str, before: Sequence[Rung], after: Sequence[Rung]) -> Iterator[Change]:
    for pair in rowwise.paired(before, after, lambda rung: rung.who):
        place = f"ladders.{name}.{pair.place}"
        on = f"On the ladder “{name}”"
        if pair.before is None or pair.after is None:
            old = pair.before.in_words if pair.before else ""
            new = pair.after.in_words if pair.after else ""
            [waited] = [rung.wait_seconds for rung in (pair.before, pair.after) if rung]
            yield Change(place, f"{on}, rung {pair.place + 1} is", old, new, f"for {_wait(waited)}")
            continue
        if pair.moved:
            yield Change(
                f"{place}.order", f"{on}, {whom(pair.after.who)} is rung as number",
                str(pair.was + 1), str(pair.place + 1),
            )  # fmt: skip
        if pair.before.in_words != pair.after.in_words:
            old, new = pair.before.in_words, pair.after.in_words
            yield Change(f"{place}.who", f"{on}, rung {pair.place + 1} is", old, new)
        if pair.before.wait_seconds != pair.after.wait_seconds:
            last = pair.place + 1 == len(after)
            then = "all begins again" if last else f"{whom(after[pair.place + 1].who)} is rung"
            yield Change(
                f"{place}.wait", f"{on}, {then}", _wait(pair.before.wait_seconds),
                _wait(pair.after.wait_seconds), f"after {whom(pair.after.who)}",
            )  # fmt: skip


def _step(before: Plan, after: Plan) -> Iterator[Change]:
    place = f"steps.{after.kind}"
    base = list(_plan(place, _number(after), before, after))
    yield from base
    told = {(_last(change.place), change.before, change.after) for change in base}
    for reaction, meaning in REACTIONS.items():
        subject = f"{_number(after)} for a customer who {meaning},"
        varied = _plan(
            f"{place}.variants.{reaction}", subject,
            before.for_reaction(reaction), after.for_reaction(reaction),
        )  # fmt: skip
        for change in varied:
            if (_last(change.place), change.before, change.after) not in told:
                yield change


def _last(place: str) -> str:
    return place.rpartition(".")[2]


def _number(plan: Plan) -> str:
    return f"Step {plan.position}, {plan.title[:1].lower()}{plan.title[1:]},"


def _plan(place: str, subject: str, before: Plan, after: Plan) -> Iterator[Change]:
    for name, sentence in _PLAN.items():
        about = replace(sentence, lead=f"{subject} {sentence.lead}")
        yield from _fields(place, {name: about}, before, after)


def _wait(seconds: int) -> str:
    return in_words(timedelta(seconds=seconds))


def _one_of(texts: Any, empty: str) -> Words:
    return lambda value: texts.get(value, value) if value else empty


def _listed(texts: Any, empty: str) -> Words:
    return lambda values: "; ".join(texts[value] for value in values) or empty


def _quoted(empty: str) -> Words:
    return lambda text: f"“{text}”" if text else empty


def _amount(value: int | None) -> str:
    return "what the purse holds" if value is None else f"{value:,}"


_BECAUSE: Final = Said("{if_} {what}; the reason reads", _quoted("nothing"))
_TITLE: Final = {"title": Said("The policy is called", _quoted("nothing"))}
_JOINING: Final = {
    "same_place_within": Said("Presses at one place belong together within", in_words)
}
_WHOLE_ROW: Final = {
    "triggers": "“{row.says}” begins a case: {when}",
    "severity": "{if_} {what}",
    "ladder": "{if_} {what}",
    "remedies": "{if_} {what}",
    "limits": "{if_} {what}",
}
_ROWS: Final[dict[str, dict[str, Said]]] = {
    "triggers": {
        "says": Said("The line reads", _quoted("nothing")),
        "when": Said("“{says}” begins a case when", _when),
        "on": Said("“{says}” waits for the fact", _quoted("none, but for any signal")),
    },
    "severity": {
        "when": Said("{what} when", _when),
        "severity": Said("{if_} the severity is", of=_severity),
        "because": _BECAUSE,
    },
    "ladder": {
        "when": Said("{what} when", _when),
        "use": Said("{if_} we ring by the ladder", _quoted("none")),
        "ahead_of": Said("{if_} we ring by that ladder ahead of", _one_of(AHEAD_OF, "nothing")),
        "because": _BECAUSE,
    },
    "remedies": {
        "when": Said("{what} when", _when),
        "offer": Said("{if_} we offer", of=attrgetter("words")),
        "first": Said("{if_} we offer first", _listed(FIRST, "nothing in particular")),
        "because": _BECAUSE,
    },
    "limits": {
        "when": Said("{what} when", _when),
        "on_duty": Said("{if_} a host may give on one case", _amount),
        "manager": Said("{if_} a manager may give on one case", _amount),
        "owner": Said("{if_} the owner may give on one case", _amount),
        "because": _BECAUSE,
    },
}
_CHAPTERS: Final[dict[str, dict[str, Said]]] = {
    "second_failure": {
        "within": Said("A failure counts for the next one for", in_words),
        "ladder": Said("When we fail somebody again, we ring by the ladder", _quoted("none")),
        "severity_at_least": Said("When we fail somebody again, the severity is at least"),
    },
    "contact": {
        "waking": Said("The house writes from", lambda waking: waking.words),
        "at_most": Said("A customer gets at most", tail="messages by the house"),
        "within": Said("That number of messages is for", in_words),
        "callback_within": Said("A customer may ask to be called up to", in_words, "ahead"),
    },
    "waiting": {"for_customer_at_most": Said("We wait for the customer at most", in_words)},
    "silence": {
        "after_visits": Said("A customer is missed who came", tail="times or more"),
        "times_the_usual_gap": Said("They stay away when it is", tail="times their usual gap"),
        "at_least": Said("They stay away when it is at least", in_words),
    },
    "reminders": {
        "before": Said("People are reminded", in_words, "before a promise is due"),
        "again_every": Said("While it is late they are reminded every", in_words),
        "senior_from": Said("A senior is rung from reminder number"),
    },
    "closing": {
        "wait_for_customer": Said("We wait for the customer's last word for", in_words),
        "attempts": Said("A case may be closed as lost after", tail="attempts to reach them"),
        "apart": Said("Such attempts are at least apart by", in_words),
    },
}
_PLAN: Final = {
    "title": Said("is called", _quoted("nothing")),
    "automatic": Said("is done by", lambda alone: "the house by itself" if alone else "a person"),
    "who": Said("is answered for by", _one_of(ANSWERABLE, "nobody")),
    "by": Said("is by", lambda by: by.words),
    "after": Said("is counted from", _one_of({}, "the opening of the case")),
    "awaits": Said("ends by itself when", _one_of(AWAITED, "nothing happens: a person ends it")),
    "brought_forward_by": Said("falls due earlier when", _one_of(BROUGHT_FORWARD_BY, "never")),
    "evidence": Said("is shown by", _quoted("nothing")),
    "needs": Said("needs", _listed(NEEDED, "nothing")),
    "promise": Said("is promised as", _quoted("nothing the customer reads")),
    "skip_when": Said("is left out", _when),
    "because": Said("is left out because", _quoted("no reason")),
}
