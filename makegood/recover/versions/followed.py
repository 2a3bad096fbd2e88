"""Facts a policy may follow: each can begin a case, when a trigger says `on:` and its name."""

from typing import Final

from makegood.amends import facts as amends
from makegood.ground.chronicle import Fact
from makegood.page import facts as page
from makegood.people import facts as people
from makegood.recover import facts as recover
from makegood.sense import facts as sense
from makegood.words import facts as words

FACTS: Final[tuple[type[Fact], ...]] = (
    people.MessagesDeclined,
    sense.VisitBegan,
    page.NobodyReached,
    page.PageDeclined,
    page.GoingExpired,
    page.CustomerLeft,
    amends.NothingGiven,
    amends.AmendsTakenBack,
    amends.CouponRedeemed,
    words.LetterFailed,
    words.ReplyReceived,
    recover.StepOverdue,
    recover.StepSkipped,
    recover.CallbackDue,
    recover.CustomerNotContent,
    recover.HandlingRated,
    recover.CaseReopened,
)
NAMES: Final = frozenset(fact.name for fact in FACTS)
