"""The story: which fact wakes which room. The whole product on one page.

A press is a waiting signal; triage gives it a verdict; recover opens a case, which rings a page;
what the page, the purse and the letters achieve is evidence for the case's twelve steps.
"""

from makegood.amends import facts as amends
from makegood.page import facts as page
from makegood.page import ringing
from makegood.people import facts as people
from makegood.recover import evidence, opening, remarks, telling
from makegood.recover import facts as recover
from makegood.sense import facts as sense
from makegood.triage import facts as triage
from makegood.words import facts as words

HEARD = {
    # something went wrong
    triage.SignalTriaged: [opening.open_or_join],
    sense.RemarkAdded: [remarks.hear_remark],
    sense.PressCancelled: [remarks.hear_cancellation],
    # somebody comes
    people.DutyBegan: [ringing.ring_pages_nobody_heard],
    page.PageOpened: [telling.tell_customer],
    page.NobodyReached: [telling.tell_customer],
    page.PageTaken: [telling.tell_customer],
    page.GoingExpired: [telling.tell_customer],
    page.CustomerReached: [evidence.note_reached, telling.tell_customer],
    page.CustomerLeft: [evidence.note_left, telling.tell_customer],
    page.PageEnded: [telling.tell_customer],
    # it is made good
    amends.AmendsAsked: [remarks.ask_senior],
    amends.AmendsDecided: [remarks.hear_decision],
    amends.AmendsGiven: [evidence.note_amends, telling.tell_customer],
    amends.NothingGiven: [evidence.note_nothing_given],
    words.LetterSent: [evidence.note_letter],
    words.LetterFailed: [remarks.hear_letter_failed],
    words.ReplyReceived: [remarks.hear_reply],
    # months later
    sense.VisitBegan: [evidence.note_visit],
    sense.RatingGiven: [evidence.note_rating],
}

QUIET = {  # facts nobody reacts to; a law test keeps both lists complete
    sense.PressReceived, sense.ComplaintReceived, people.DutyEnded, people.CustomerRecognised,
    page.RungReached, page.PageDeclined, page.PageCancelled, page.SelfTestFelt,
    amends.AmendsTakenBack, amends.CouponRedeemed,
    recover.CaseOpened, recover.SignalJoined, recover.EvidenceGiven, recover.StepDone,
    recover.StepSkipped, recover.StepOverdue, recover.CallbackAsked, recover.CaseHandedOver,
    recover.CaseClosed, recover.CaseReopened,
}  # fmt: skip
