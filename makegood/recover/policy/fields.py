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
from makegood.recover.policy.ladders import GROUPS, HOW_MANY, LADDERS, PEOPLE
from makegood.recover.policy.plans import (
    ANSWERABLE,
    AWAITED,
    BROUGHT_FORWARD_BY,
    HAPPENINGS,
    NEEDED,
    TWELVE,
)
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
    Whom,
)
from makegood.recover.policy.tables import AHEAD_OF, FIRST
from makegood.recover.policy.vocabulary import REACTIONS

FORMAT: Final = 1
DAY: Final = timedelta(days=1)
HANDS: Final = {"human": "a person does it", "automatic": "the house does it by itself"}
_WHEN: Final = Field(
    When(), "When this row counts; a row without it is always true, so it stands last.",
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
        FactName(), "A fact that begins it, instead of something said: only then is `when` "
            "asked. The facts stand "
        "in the reference of facts.",
        "words.letter_failed", default=None,
    ),
})  # fmt: skip
SEVERITY_ROW: Final = Table({
    "when": _WHEN,
    "at_least": Field(Number(1, 5), "Raises what triage says to this, if it is lower.", "4"),
    "exactly": Field(Number(1, 5), "Sets it to this, whatever triage says; a case that is open "
    "already never "
                     "becomes less grave.", "2"),
    "because": _BECAUSE,
})  # fmt: skip
LADDER_ROW: Final = Table(
    {
        "when": _WHEN,
        "use": Field(
            Name(), "The ladder that is rung, one of those below.", "senior", required=True
        ),
        "ahead_of": Field(
            Choice(AHEAD_OF),
            "With `second_failure` this row holds also when we failed the customer before; "
            "without "
            "it, `second_failure.ladder` is rung then. For what must not wait: somebody is hurt, "
            "or "
            "stands here.",
            "second_failure",
        ),
        "because": _BECAUSE,
    }
)
REMEDY_ROW: Final = Table({
    "when": _WHEN,
    "offer": Field(
        Amounts(), "How much the screen suggests, from and to, in whole units of your currency.",
        "40 to 60", required=True,
    ),
    "first": Field(
        Rows(Choice(FIRST), most=4), "What it suggests first, in this order.", "[matching, coupon]"
    ),
    "because": _BECAUSE,
})  # fmt: skip
LIMIT_ROW: Final = Table({
    "when": _WHEN,
    "on_duty": Field(Number(0, 999_999), "How much a host may give without asking.", "60"),
    "manager": Field(Number(0, 999_999), "How much a manager may give without asking, and say "
    "yes to.", "200"),
    "owner": Field(Number(0, 999_999), "How much the owner gives without asking; their yes has "
    "no limit.", "1000"),
    "because": _BECAUSE,
})  # fmt: skip
RUNG: Final = Table({
    "who": Field(Whom(PEOPLE, tuple(GROUPS)), "Who is rung on this rung; if nobody can be, it is "
    "passed over. A team or a skill as the team screen names it, of those on duty.",
    "team:kitchen", required=True),
    "wait": Field(
        Span(timedelta(seconds=10), "Nobody answers that fast."),
        "How long they have before the next is rung.", "40 seconds", required=True,
    ),
    "hands": Field(
        Choice(HOW_MANY), "Whether one answer is enough. With `every`, it rings on for each of "
        "them, and rings them anew, until they said that they know, or the page has ended; the "
        "first “going” goes.",
        "every", default="first",
    ),
}, called="rung")  # fmt: skip
RUNGS: Final = Rows(RUNG, most=20, least=1)

_VARYING: Final = {
    "title": Field(Text(80), "The step as colleagues read it.", "Win back"),
    "who": Field(Choice(ANSWERABLE), "Who answers for it, and is reminded of it.", "manager"),
    "by": Field(
        Moment(), "The latest moment, counted from when the case began; an automatic step is "
            "done then.", "1 day at 12:00"
    ),
    "after": Field(
        Choice(TWELVE | HAPPENINGS), "A step above it, or something that happens: “by” counts "
            "from its end, or from the beginning of the case if the step was left out then.",
        "apologise"
    ),
    "evidence": Field(
        Text(400), "What colleagues should be able to show. It is for them to read; what is "
            "checked stands in "
        "`needs`.", "A personal letter, sent"
    ),
    "needs": Field(
        Rows(Choice(NEEDED), most=6, least=1),
        "What is checked before it can be ended, by a person or by itself.", "[call_logged]",
    ),
    "promise": Field(
        Text(200), "The promise, as the customer reads it; {who} is the first name of who "
            "answers for it, or "
        "“us” while nobody does. Without it they do not read of the step.",
        "A written apology from {who}",
    ),
    "skip_when": Field(
        When(), "Left out if this is true when the case begins, or when the step first comes up. "
            "What was "
        "left out then stays so. `true`: always.",
        'verdict.reaction == "legs"',
    ),
    "because": Field(
        Text(200), "Why it is left out then, for colleagues.", "They asked us not to write"
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
            Choice(AWAITED), "What ends it by itself, once all that it needs is there; if "
                "something is missing, a "
            "person ends it later.", "apology_sent"
        ),
        "brought_forward_by": Field(
            Choice(BROUGHT_FORWARD_BY), "When this happens a senior is rung to be there, and "
                "standing before them ends it. "
            "Its day stays.", "visit_began"
        ),
        "variants": Field(
            Table({
                reaction: Field(
                    VARIANT, f"What differs for a customer who {meaning}; what is not written "
                        "here stays as in the step.",
                    "{who: manager, by: 2 days at 12:00}",
                )
                for reaction, meaning in REACTIONS.items()
            }),
            "How the step differs by how the customer will probably react, as triage reads it "
            "when the case begins. What a variant does not name stays, `after` too.",
            "{legs: {title: Win back}}",
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
        "What begins a case. The first line that is true begins one, or adds to the one that is "
        "open; if none is, no case begins.",
        '[{says: Somebody presses, when: signal.kind == "press"}]', default=TRIGGERS,
    ),
    "joining": Field(
        Table({"same_place_within": Field(
            Span(),
                "Presses at one place that each come this close to the last are one case. What a "
                "customer we know says otherwise joins their open case, however late.",
                "2 minutes",
            default="2 minutes",
        )}),
        "Which signals belong together.", "{same_place_within: 2 minutes}", default=JOINING,
    ),
    "tables": Field(
        Table({
            "severity": Field(
                Rows(SEVERITY_ROW),
                    "How grave it is, 1 to 5: the first row that is true corrects what triage "
                    "says.", "[{when: customer.failures > 0, at_least: 4}]", default="[]",
            ),
            "ladder": Field(
                Rows(LADDER_ROW),
                    "By which ladder we ring: the first row that is true; if none is, nobody is "
                    "rung, and the case waits in the list of cases.",
                "[{when: visit.here, use: reach}]", default="[]",
            ),
            "remedies": Field(
                Rows(REMEDY_ROW),
                    "What the screen suggests to give: the first row that is true. Without one it"
                    " suggests nothing, and forbids nothing.",
                "[{when: case.severity >= 4, offer: 40 to 60, first: [matching, coupon]}]",
                default="[]",
            ),
            "limits": Field(
                Rows(LIMIT_ROW),
                    "How much may be given on one case without asking the next above: the first "
                    "row that is true. What the case was given unasked so far counts, for a "
                    "manager also what managers said yes to, and it must be left in the giver's "
                    "purse as well: the smaller of the two holds. Without a row the purse alone "
                    "decides.",
                "[{when: case.severity >= 4, on_duty: 60, manager: 200}]", default="[]",
            ),
        }),
        "The decision tables: how grave it is, whom we ring, what we suggest to give, and how "
        "much may be given.",
        "{ladder: [{when: visit.here, use: reach}]}", default=TABLES,
    ),
    "second_failure": Field(
        Table({
            "within": Field(Span(DAY, "A failure counts at least a day."),
                            "For how long after an earlier case of theirs began a new one counts "
                            "as failing them again; a case that was taken back does not count, "
                            "nor does staying away.", "365 days",
                            default="365 days"),
            "ladder": Field(Name(),
                "The ladder that is rung then, unless the row of the table goes ahead of it.",
                "senior",
                            default="senior"),
            "severity_at_least": Field(Number(1, 5), "How grave it is then at least.", "4",
                                       default="4"),
        }),
        "When we fail a customer we know again, a senior is rung first.",
            "{within: 365 days, ladder: senior}",
        default=SECOND_FAILURE,
    ),
    "contact": Field(
        Table({
            "waking_hours": Field(WakingHours(),
                "When the questions “ask” and “prove” may leave, by the customer's clock, or the "
                "place's if we do not know it. Letters of colleagues leave from 9:00 to 20:00.",
                "9:00 to 20:00", default="9:00 to 20:00"),
            "at_most": Field(Number(1, 100),
                "While the customer had so many letters lately (see `within`), a question of the "
                "house waits; those of colleagues count, and never wait for this.", "3",
                             default="3"),
            "within": Field(Span(DAY, "The budget is for a day at least."),
                            "How far back these letters are counted.", "30 days",
                            default="30 days"),
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
            "How long at most no promise becomes late while we wait for something from them; a "
            "colleague says that we do, their answer ends it.",
            "14 days", default="14 days",
        )}),
        "While we wait for the customer, and a colleague said so in the case, nothing becomes "
        "late.",
        "{for_customer_at_most: 14 days}",
        default=WAITING,
    ),
    "silence": Field(
        Table({
            "after_visits": Field(Number(2, 100),
                "Who has been with us at least so often may be missed.", "3",
                                  default="3"),
            "times_the_usual_gap": Field(Number(1, 20),
                "How many times their usual time between two visits must pass.", "2",
                default="2"),
            "at_least": Field(Span(DAY, "Nobody is missed after a day."),
                              "And how long it must be at least.", "30 days", default="30 days"),
        }),
        "When a regular customer counts as staying away.", "{after_visits: 3}", default=SILENCE,
    ),
    "reminders": Field(
        Table({
            "before": Field(Span(),
                "How long before a step is due whoever answers for it is reminded.",
                            "3 hours", default="3 hours"),
            "again_every": Field(
                Span(timedelta(hours=1), "That is a storm of reminders."),
                "How often they are reminded while it is late. What the customer was promised and"
                " is late for so long is a broken promise.", "1 day", default="1 day"),
            "senior_from": Field(Number(1, 100),
                "From which reminder on the ladder “overdue” is rung, not “remind”: 1 is the one "
                "before it is due, 2 the one when it is late.",
                                 "3", default="3"),
        }),
        "How promises are brought to mind.", "{before: 3 hours, again_every: 1 day}",
        default=REMINDERS,
    ),
    "closing": Field(
        Table({
            "wait_for_customer": Field(
                Span(timedelta(minutes=1), "This cannot be nothing."),
                "How long after the last question we wait for their word. Then a colleague is "
                "reminded to call, or to close the case as lost; nothing closes it by itself.",
                "14 days", default="14 days"),
            "attempts": Field(Number(1, 20),
                "On how many days they must have been called in vain, since they were last heard "
                "of, before the case may be closed because they cannot be reached.", "3",
                           default="3"),
            "apart": Field(Span(),
                "How far apart these days must be; calls of one day count once.", "1 day",
                           default="1 day"),
        }),
        "How a case ends: confirmed by the customer, or honestly lost.",
            "{wait_for_customer: 14 days, attempts: 3}", default=CLOSING,
    ),
    "ladders": Field(
        Table(
            {name: Field(RUNGS, meaning, "[{who: manager, wait: 60 seconds}]", required=True)
             for name, meaning in LADDERS.items()},
            others=RUNGS,
        ),
        "Whom we ring, in which order. A ladder begins again at its end, until somebody says that"
        " they are going. You may add ladders of your own for the table above.",
        "{reach: [{who: on_duty, wait: 40 seconds}]}", required=True,
    ),
    "steps": Field(
        Table({kind: Field(STEP, meaning, "{title: Apologise, hand: human}", required=True)
               for kind, meaning in TWELVE.items()}),
        "The twelve steps. All stand here; none waits for another unless `after` says so.",
        "{apologise: {title: Apologise}}", required=True,
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
