"""Every field of the policy document: its shape, what it means, an example and its default. Pure.

The parser reads by this description, the JSON Schema and the reference page are written from it,
and the editor shows its help. What is not described here is not in the document.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from makegood.recover.policy.defaults import (
    CLOSING,
    CONTACT,
    JOINING,
    REMINDERS,
    SECOND_FAILURE,
    SILENCE,
    TABLES,
    TRIGGERS,
    WAITING,
)
from makegood.recover.policy.ladders import LADDERS, PEOPLE
from makegood.recover.policy.plans import ANSWERABLE, AWAITED, BROUGHT_FORWARD_BY, NEEDED, TWELVE
from makegood.recover.policy.shapes import (
    Amounts,
    Choice,
    FactName,
    Field,
    Moment,
    Name,
    Number,
    Rows,
    Span,
    Table,
    Text,
    WakingHours,
    When,
)
from makegood.recover.policy.tables import FIRST
from makegood.recover.policy.vocabulary import REACTIONS

FORMAT: Final = 1
DAY: Final = timedelta(days=1)
HANDS: Final = {"human": "a person does it", "automatic": "the house does it by itself"}
_WHEN: Final = Field(
    When(), "The condition; a row without one is always true, so it stands last.",
    "customer.failures > 0",
)  # fmt: skip
_BECAUSE: Final = Field(
    Text(200), "The reason, as colleagues read it.", "We failed them before", default=None
)

TRIGGER: Final = Table({
    "says": Field(
        Text(120), "What happened, in your words.", "An answer is not good", required=True
    ),
    "when": Field(
        When(), "When this line begins a case.",
        'signal.kind == "rating" && verdict.needs_repair', required=True,
    ),
    "on": Field(
        FactName(), "A fact of the chronicle that begins it, instead of a signal.",
        "words.letter_failed", default=None,
    ),
})  # fmt: skip
SEVERITY_ROW: Final = Table({
    "when": _WHEN,
    "at_least": Field(Number(1, 5), "Raises the severity to this, if it is lower.", "4"),
    "exactly": Field(Number(1, 5), "Sets the severity to this, higher or lower.", "2"),
    "because": _BECAUSE,
})  # fmt: skip
LADDER_ROW: Final = Table(
    {
        "when": _WHEN,
        "use": Field(
            Name(), "The ladder that is rung, one of those below.", "senior", required=True
        ),
        "because": _BECAUSE,
    }
)
REMEDY_ROW: Final = Table({
    "when": _WHEN,
    "offer": Field(
        Amounts(), "How much to offer, from and to, in whole units of your currency.",
        "40 to 60", required=True,
    ),
    "first": Field(
        Rows(Choice(FIRST), most=4), "What to offer first, in this order.", "[matching, coupon]"
    ),
    "because": _BECAUSE,
})  # fmt: skip
LIMIT_ROW: Final = Table({
    "when": _WHEN,
    "on_duty": Field(Number(0, 999_999), "What a host may give on one case.", "60"),
    "manager": Field(Number(0, 999_999), "What a manager may give on one case.", "200"),
    "owner": Field(Number(0, 999_999), "What the owner may give on one case.", "1000"),
    "because": _BECAUSE,
})  # fmt: skip
RUNG: Final = Table({
    "who": Field(Choice(PEOPLE), "Who is rung.", "on_duty", required=True),
    "wait": Field(
        Span(timedelta(seconds=10), "Nobody answers that fast."),
        "How long we wait before we ring the next.", "40 seconds", required=True,
    ),
}, called="rung")  # fmt: skip
RUNGS: Final = Rows(RUNG, most=20, least=1)

_VARYING: Final = {
    "title": Field(Text(80), "The step as colleagues read it.", "Win back"),
    "who": Field(Choice(ANSWERABLE), "Who answers for it.", "manager"),
    "by": Field(
        Moment(), "When it is promised, counted from the opening of the case.", "1 day at 12:00"
    ),
    "after": Field(
        Choice(TWELVE), "Another step: “by” counts from its end, not from the opening.", "apologise"
    ),
    "evidence": Field(
        Text(400), "How we know that it was done, in words.", "A personal letter, sent"
    ),
    "needs": Field(
        Rows(Choice(NEEDED), most=6, least=1),
        "The facts that must be there before a person can end it.", "[call_logged]",
    ),
    "promise": Field(
        Text(200), "The promise, as the customer reads it; {who} is the colleague's first name.",
        "A written apology from {who}",
    ),
    "skip_when": Field(
        When(), "Left out when this is true, at the opening or when it falls due.",
        'verdict.reaction == "legs"',
    ),
    "because": Field(
        Text(200), "Why it is left out then, as colleagues read it.", "They asked us not to write"
    ),
}  # fmt: skip
VARIANT: Final = Table(_VARYING, called="variant")
STEP: Final = Table(
    {
        "title": replace(_VARYING["title"], example="Apologise", required=True),
        "hand": Field(
            Choice(HANDS), "Who does it: a person, or the house by itself.", "human", required=True
        ),
        "by": replace(_VARYING["by"], example="4 opening hours", required=True),
        "evidence": replace(_VARYING["evidence"], required=True),
        "needs": replace(_VARYING["needs"], default="[words]"),
        **{name: _VARYING[name] for name in ("who", "after", "promise", "skip_when", "because")},
        "awaits": Field(
            Choice(AWAITED), "What ends it by itself, as soon as it happens.", "apology_sent"
        ),
        "brought_forward_by": Field(
            Choice(BROUGHT_FORWARD_BY), "What makes it fall due earlier.", "visit_began"
        ),
        "variants": Field(
            Table({
                reaction: Field(
                    VARIANT, f"What differs for a customer who {meaning}; only that.",
                    "{who: manager, by: 2 days at 12:00}",
                )
                for reaction, meaning in REACTIONS.items()
            }),
            "How the step differs by reaction.", "{legs: {title: Win back}}",
        ),
    },
    called="step",
)  # fmt: skip

DOCUMENT: Final = Table({
    "makegood": Field(
        Number(FORMAT, FORMAT), "The format of the document.", "1", required=True
    ),
    "title": Field(Text(120), "What you call this policy.", "House policy", required=True),
    "triggers": Field(
        Rows(TRIGGER, least=1),
        "What begins a case. The first line that is true opens one, or joins the one that is open; "
        "if none is, nothing happens.",
        '[{says: Somebody presses, when: signal.kind == "press"}]', default=TRIGGERS,
    ),
    "joining": Field(
        Table({"same_place_within": Field(
            Span(), "Presses at one place this close together belong to one case.", "2 minutes",
            default="2 minutes",
        )}),
        "Which signals belong together.", "{same_place_within: 2 minutes}", default=JOINING,
    ),
    "tables": Field(
        Table({
            "severity": Field(
                Rows(SEVERITY_ROW), "How grave it is: the first row that is true corrects what "
                "triage says.", "[{when: customer.failures > 0, at_least: 4}]", default="[]",
            ),
            "ladder": Field(
                Rows(LADDER_ROW), "Whom we ring: the first row that is true; if none is, nobody "
                "is rung and the case waits in the list.",
                "[{when: visit.here, use: reach}]", default="[]",
            ),
            "remedies": Field(
                Rows(REMEDY_ROW), "What to offer first, and how much: the first row that is true.",
                "[{when: case.severity >= 4, offer: 40 to 60, first: [matching, coupon]}]",
                default="[]",
            ),
            "limits": Field(
                Rows(LIMIT_ROW), "How much may be given on one case without asking a senior: the "
                "first row that is true; without one the purse alone decides.",
                "[{when: case.severity >= 4, on_duty: 60, manager: 200}]", default="[]",
            ),
        }),
        "The decision tables.", "{ladder: [{when: visit.here, use: reach}]}", default=TABLES,
    ),
    "second_failure": Field(
        Table({
            "within": Field(Span(DAY, "A failure counts at least a day."),
                            "How long a failure counts for the next one.", "365 days",
                            default="365 days"),
            "ladder": Field(Name(), "The ladder that is rung, whatever the table says.", "senior",
                            default="senior"),
            "severity_at_least": Field(Number(1, 5), "The least severity then.", "4",
                                       default="4"),
        }),
        "When we fail a customer again, a senior comes.", "{within: 365 days, ladder: senior}",
        default=SECOND_FAILURE,
    ),
    "contact": Field(
        Table({
            "waking_hours": Field(WakingHours(), "When the house may write, by the clocks of the "
                                  "place.", "9:00 to 20:00", default="9:00 to 20:00"),
            "at_most": Field(Number(1, 100), "How many messages a customer gets at most.", "3",
                             default="3"),
            "within": Field(Span(DAY, "The budget is for a day at least."),
                            "Within what time that budget holds.", "30 days", default="30 days"),
            "callback_within": Field(Span(DAY, "Give them a day at least."),
                                     "How far ahead a customer may ask to be called.", "14 days",
                                     default="14 days"),
        }),
        "How often and when the house writes by itself.", "{at_most: 3, within: 30 days}",
        default=CONTACT,
    ),
    "waiting": Field(
        Table({"for_customer_at_most": Field(
            Span(DAY, "Give them a day at least."),
            "How long the clock stands still at most while we wait for something from them.",
            "14 days", default="14 days",
        )}),
        "Waiting for the customer stops the clock.", "{for_customer_at_most: 14 days}",
        default=WAITING,
    ),
    "silence": Field(
        Table({
            "after_visits": Field(Number(2, 100), "Who has been with us so often is missed.", "3",
                                  default="3"),
            "times_the_usual_gap": Field(Number(1, 20), "They stay away this many times longer "
                                         "than usual.", "2", default="2"),
            "at_least": Field(Span(DAY, "Nobody is missed after a day."),
                              "And at least this long.", "30 days", default="30 days"),
        }),
        "When a regular customer counts as staying away.", "{after_visits: 3}", default=SILENCE,
    ),
    "reminders": Field(
        Table({
            "before": Field(Span(), "How long before a promise is due people are reminded.",
                            "3 hours", default="3 hours"),
            "again_every": Field(
                Span(timedelta(hours=1), "That is a storm of reminders."),
                "How often they are reminded while it is late.", "1 day", default="1 day"),
            "senior_from": Field(Number(1, 100), "The reminder from which on a senior is rung.",
                                 "3", default="3"),
        }),
        "How promises are brought to mind.", "{before: 3 hours, again_every: 1 day}",
        default=REMINDERS,
    ),
    "closing": Field(
        Table({
            "wait_for_customer": Field(
                Span(timedelta(minutes=1), "This cannot be nothing."),
                "How long we wait for the customer's last word before a senior closes the case.",
                "14 days", default="14 days"),
            "attempts": Field(Number(1, 20), "After so many attempts to reach the customer a case "
                              "may be closed as lost.", "3", default="3"),
            "apart": Field(Span(), "How far apart these attempts must be.", "1 day",
                           default="1 day"),
        }),
        "How a case ends honestly.", "{wait_for_customer: 14 days, attempts: 3}", default=CLOSING,
    ),
    "ladders": Field(
        Table(
            {name: Field(RUNGS, meaning, "[{who: manager, wait: 60 seconds}]", required=True)
             for name, meaning in LADDERS.items()},
            others=RUNGS,
        ),
        "Whom we ring, in which order. A ladder begins again at its end, until somebody acts. "
        "You may add ladders of your own for the table above.",
        "{reach: [{who: on_duty, wait: 40 seconds}]}", required=True,
    ),
    "steps": Field(
        Table({kind: Field(STEP, meaning, "{title: Apologise, hand: human}", required=True)
               for kind, meaning in TWELVE.items()}),
        "The twelve steps, in this order.", "{apologise: {title: Apologise}}", required=True,
    ),
})  # fmt: skip
DEFINED: Final = (RUNG, STEP, VARIANT)  # said once in the schema, and referred to


def described(table: Table = DOCUMENT, path: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with its path: `tables.ladder[].use`, `steps.<step>.by`; each shape once."""
    for name, field in table.fields.items():
        here = f"{path}.{name}" if path else name
        yield here, field
        shape, inner = field.shape, here
        while isinstance(shape, Rows):
            shape, inner = shape.of, f"{inner}[]"
        if isinstance(shape, Table):
            yield from described(shape, inner)
