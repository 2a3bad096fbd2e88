"""The story: which fact wakes which room. The whole product on one page.

A press is a waiting signal; triage gives it a verdict; recover opens a case, which rings a page;
what the page, the purse and the letters achieve is evidence for the case's twelve steps.
"""

from collections.abc import Sequence, Set

from makegood.amends import facts as amends, starting
from makegood.ground.chronicle import Fact, Reaction
from makegood.page import facts as page
from makegood.page.duty import covering, tending
from makegood.page.rungs import ringing
from makegood.people import facts as people
from makegood.recover import facts as recover, holding, knowing, telling
from makegood.recover.beginning import opening
from makegood.recover.life import remarks, resuming as waiting, worsening
from makegood.recover.noticing import triggers as policy
from makegood.recover.steps import evidence
from makegood.recover.versions import publishing
from makegood.sense import facts as sense, following
from makegood.triage import facts as triage, revising
from makegood.words import facts as words

PAGE_MOVES = (page.PageOpened, page.NobodyReached, page.PageTaken, page.PageHandedOver,
              page.PageEnded, page.PageCancelled)  # fmt: skip

HEARD: dict[type[Fact], Sequence[Reaction]] = {  # a house opens
    people.OrganisationFounded: [publishing.put_default_in_force, starting.stock_first_site],
    people.SiteAdded: [starting.stock_site],
    people.StaffJoined: [starting.open_purse_of_newcomer],
    # something went wrong
    triage.SignalTriaged: [waiting.hear_again, opening.open_or_join],
    recover.SignalJoined: [remarks.hear_who_joined],
    sense.RemarkAdded: [revising.revise_verdict, remarks.hear_remark, knowing.name_on_questions],
    sense.ContactLeft: [revising.revise_verdict, remarks.hear_contact, knowing.name_on_questions],
    triage.VerdictRevised: [worsening.hear_revision],
    people.CustomersJoined: [following.follow_customer, remarks.follow_customer],
    sense.PressCancelled: [remarks.hear_cancellation],
    sense.IncidentTakenBack: [remarks.hear_incident_taken_back],
    **{fact: [tending.look_after] for fact in tending.NEWS_OF_HARDWARE},
    # somebody comes
    people.DutyBegan: [ringing.ring_pages_nobody_heard, covering.tell_colleagues],
    people.DutyEnded: [covering.leave_nobody_waiting, covering.tell_colleagues],
    **{fact: [telling.tell_customer] for fact in PAGE_MOVES},
    page.GoingExpired: [evidence.note_nobody_came, telling.tell_customer],
    page.CustomerReached: [evidence.note_reached, telling.tell_customer],
    page.CustomerLeft: [evidence.note_left, telling.tell_customer],
    # it is made good
    amends.AmendsAsked: [remarks.ask_senior],
    amends.AmendsDecided: [remarks.hear_decision],
    amends.AmendsGiven: [evidence.note_amends, telling.tell_customer],
    amends.AmendsTakenBack: [evidence.note_taken_back, telling.tell_customer],
    amends.NothingGiven: [evidence.note_nothing_given],
    amends.CouponRedeemed: [evidence.note_redeemed],
    words.LetterSent: [evidence.note_letter, waiting.wait_for_answer],
    words.LetterFailed: [evidence.note_letter_failed, remarks.hear_letter_failed],
    words.ReplyReceived: [evidence.note_reply, remarks.hear_reply],
    # months later
    sense.VisitBegan: [evidence.note_visit],
    sense.RatingGiven: [evidence.note_rating, remarks.hear_changed_answer],
}
for fact, hear in waiting.WORDS.items():  # any word of the customer ends our waiting for one
    HEARD[fact] = [*HEARD.get(fact, ()), hear]
for fact in policy.TRIGGERS:  # the policy may say of any of these that it begins a case
    HEARD[fact] = [*HEARD.get(fact, ()), policy.hear_any]
HELD_FIRST = [holding.hold_matter]  # whose rows are locked before anything that is about them

QUIET: Set[type[Fact]] = {  # facts nobody reacts to; a law test keeps both lists complete
    *people.QUIET, *sense.QUIET, *page.QUIET, words.LetterQueued, recover.CaseOpened,
    recover.EvidenceGiven, recover.StepDone, recover.StepFellDue, recover.SecondFailureSeen,
    recover.PolicyPublished, *recover.DRAFTING, *recover.RUNNING, recover.CaseClosed,
    amends.AmendsLapsed,
}  # fmt: skip
