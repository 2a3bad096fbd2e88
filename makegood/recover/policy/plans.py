"""What the policy says about each of the twelve steps, and how it differs by reaction. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from makegood.recover.policy.conditions import Condition
from makegood.recover.policy.timing import By

TWELVE: Final = {
    "validate": "Take it seriously: it happened, and it is ours.",
    "apologise": "Say sorry, and take responsibility first.",
    "amends": "Give something that fits what went wrong.",
    "plan": "Decide what will change, and who changes it.",
    "confirm": "Check that the change was made.",
    "reassure": "Tell them what changed, in person or by letter.",
    "contact": "Call them, and listen.",
    "ask": "Ask how we handled it.",
    "involve": "Invite them to help us do better.",
    "value": "Keep something for their next visit.",
    "appreciate": "Thank them, months later, by hand.",
    "prove": "Ask whether we kept our word; their yes closes the case.",
}
KINDS: Final = tuple(TWELVE)
CORRECTION_DONE: Final = "correction.done"
NEXT_VISIT: Final = "next_visit"
REPLY: Final = "reply"
HAPPENINGS: Final = {
    CORRECTION_DONE: "what changed was confirmed",
    NEXT_VISIT: "they are with us again",
    REPLY: "they wrote back",
}
AWAITED: Final = {
    "verdict_given": "triage has judged it",
    "apology_sent": "a written apology has left",
    "amends_given": "something was given",
    "amends_redeemed": "they used the coupon we gave",
    "news_sent": "a letter about what changed has left",
    "question_sent": "the question how we did has left",
    "rating_given": "they answered it",
    "reply_received": "they wrote back",
    "visit_began": "they are with us again",
    "call_logged": "a call was logged in which they were reached",
    "customer_confirmed": "they say that we kept our word",
}
NEEDED: Final = {
    "words": "what was done, in a few words",
    "apology_sent": "a written apology has left, and did not come back",
    "news_sent": "a letter about what changed has left, and did not come back",
    "letter_sent": "any letter to them has left, and did not come back",
    "letter_delivered": "the same as letter_sent: what did not come back has arrived",
    "call_logged": "a call was logged in which they were reached",
    "customer_reached": "somebody stood before them, or had them on the line",
    "amends_given": "something was given",
    "amends_redeemed": "they used the coupon we gave",
    "visit_seen": "they were with us again",
    "reply_received": "they wrote back",
    "plan_done": "the step “plan” is done",
    "correction_confirmed": "what changed was counted, seen or photographed",
}
BROUGHT_FORWARD_BY: Final = {"visit_began": "they are with us again"}
AUTOMATIC_HANDS: Final = ("validate", "ask", "prove")
ANSWERABLE: Final = {
    "on_duty": "who is on duty at the place",
    "manager": "a manager",
    "owner": "the owner",
    "case_owner": "whoever has the case in hand",
}


@dataclass(frozen=True)
class Plan:
    """What the policy says about one of the twelve steps, for every reaction or for one.

    `needs`: the facts a person's evidence must include. `skip_when` holds: the step is left out,
    `because`. `variants`: the same step as it is for customers who react otherwise.
    """

    kind: str
    position: int
    title: str
    automatic: bool
    by: By
    who: str
    after: str
    awaits: str
    brought_forward_by: str
    evidence: str
    promise: str
    needs: tuple[str, ...] = ("words",)
    skip_when: Condition | None = None
    because: str = ""
    variants: Mapping[str, "Plan"] = field(default_factory=lambda: MappingProxyType({}))

    def for_reaction(self, reaction: str) -> "Plan":
        """The plan for a customer who reacts like this."""
        return self.variants.get(reaction, self)


@dataclass(frozen=True)
class Reminders:
    """When people are reminded of a promise, and from which reminder on a senior is."""

    before: timedelta
    again_every: timedelta
    senior_from: int
