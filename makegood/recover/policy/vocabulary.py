"""The words a condition may use, each with its type and what it means. Pure.

The help is what a manager reads beside the editor and in `docs/reference/policy.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from makegood.sense import topics

Type = Literal["text", "number", "yes or no", "list of texts"]
KINDS_OF_SIGNAL: Final = {
    "press": "the customer pressed a button",
    "rating": "they answered how it was",
    "complaint": "they told a colleague",
    "review": "they wrote in public",
    "incident": "we noticed it ourselves",
    "promise": "we broke a promise",
    "silence": "they stay away",
}
REACTIONS: Final = {
    "voice": "tells us",
    "legs": "leaves quietly",
    "revenge": "gets back at us",
}
TOPICS: Final = dict(topics.NAMES)


@dataclass(frozen=True)
class Name:
    """One name: its type, what it means, and the only texts it can hold, if they are few."""

    name: str
    type: Type
    help: str
    texts: Mapping[str, str] | None = None


NAMES: Final = (
    Name("signal.kind", "text", "How we know that something went wrong.", KINDS_OF_SIGNAL),
    Name("signal.score", "number", "The stars or points they gave, 1 to 5; 0 if they gave none, "
        "so write signal.score >= 1 && before <=."),
    Name("signal.topics", "list of texts", "What they chose as having gone wrong.", TOPICS),
    Name(
        "signal.words", "text",
        "What they said, in small letters and without accents; empty if they said nothing.",
    ),
    Name("signal.hour", "number", "The hour of the day at the place, 0 to 23."),
    Name("signal.weekday", "number", "The day of the week there: 0 is Monday, 6 is Sunday."),
    Name("signal.fact", "text", "The fact that begins it, for a trigger with “on”; else empty."),
    Name("verdict.topic", "text", "The gravest thing that went wrong, as triage read it.", TOPICS),
    Name("verdict.severity", "number", "How bad triage found it, 1 to 5."),
    Name("verdict.reaction", "text", "How this customer will probably react.", REACTIONS),
    Name("verdict.needs_repair", "yes or no", "Whether triage finds that something went wrong."),
    Name("verdict.raw", "yes or no", "Whether triage failed, and took it as it came; a person "
        "should look."),
    Name("customer.known", "yes or no", "Whether we know who it is."),
    Name("customer.visits", "number", "How often they have been with us, as far as it was noted; "
        "an order is a visit too."),
    Name(
        "customer.failures", "number",
        "How many cases of theirs began earlier, within second_failure.within, the open one not "
        "counted.",
    ),
    Name("customer.days_since_failure", "number", "Days since we failed them last; -1: never, so "
        "write >= 0 && before <."),
    Name("customer.messages_declined", "yes or no", "Whether they asked us not to write."),
    Name("customer.regular", "yes or no", "Whether they have been with us five times or more."),
    Name("visit.here", "yes or no", "Whether the customer is with us now: a button or card was "
        "pressed, or their visit is not over."),
    Name("visit.minutes_left", "number", "For how many minutes they will probably stay."),
    Name("case.open", "yes or no", "Whether the signal joins a case that is open already."),
    Name("case.intensity", "number", "How many signals the case stands for, this one included."),
    Name(
        "case.severity", "number",
        "How grave the case is, 1 (small) to 5. In the severity table: before this signal, 0 if "
        "new.",
    ),
    Name("case.days_open", "number", "For how many days the case has been open."),
    Name("site.name", "text", "The name of the place, as you gave it."),
    Name("site.open", "yes or no", "Whether the place is open now, by its opening hours."),
)  # fmt: skip
BY_NAME: Final[Mapping[str, Name]] = {name.name: name for name in NAMES}
METHODS: Final = {
    "contains": 'Whether a text contains another: signal.words.contains("lawyer").',
    "startsWith": 'Whether a text begins with another: site.name.startsWith("Harbour").',
    "endsWith": 'Whether a text ends with another: site.name.endsWith("Bar").',
    "size": "How many letters a text or how many values a list has: signal.words.size() > 200.",
}
SIGNS: Final = {
    "== !=": "Is the same, is not the same.",
    "< <= > >=": "Is less, at most, more, at least; for numbers.",
    "&&": "And: both are true.",
    "||": "Or: one of them is true.",
    "!": "Not: !customer.known.",
    "in": 'Is one of: verdict.topic in ["food", "bill"]; "food" in signal.topics.',
    "? :": "If, else: customer.regular ? signal.score <= 3 : signal.score <= 2.",
    "+ -": "Plus and minus, for numbers.",
    "( )": "What belongs together.",
}
