"""Who covers a site has changed: its screens say so, and nobody waits for whoever went."""

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.page.access import pages_ringing_for
from makegood.page.channels.screen import sending as screen
from makegood.page.facts import GoingExpired
from makegood.page.hands.answering import cant, hand_over
from makegood.page.hands.ending import end_pages
from makegood.page.holding import hold_those_free
from makegood.page.models import Page
from makegood.page.rungs.climbing import Reason, ring_again
from makegood.people.facts import DutyBegan, DutyEnded
from makegood.people.models import Duty, Staff

WENT_OFF_DUTY = "Went off duty"


def tell_colleagues(entry: Entry, fact: DutyBegan | DutyEnded) -> None:
    """Reaction: the pagers on duty at the site, and its floor board, know who is there now."""
    running = Duty.objects.running().filter(site_id=fact.site_id)
    told = {*running.values_list("staff_id", flat=True), fact.staff_id}
    screen.tell_cover(
        fact.site_id,
        sorted(told),
        what=entry.name,
        organisation_id=entry.organisation_id,
        now=entry.at,
    )


def leave_nobody_waiting(entry: Entry, fact: DutyEnded) -> None:
    """Reaction: customers whom the leaver was going to, or is being asked to go to, get the next.

    Who took over the duty takes over the way there; without an heir the page rings again at once.
    Whoever stands with a customer stays with them, and a promise taken stays taken.
    """
    leaver = Staff.objects.get(pk=fact.staff_id)
    heir = Staff.objects.filter(pk=fact.handed_to_id).first() if fact.handed_to_id else None
    asked = [page.pk for page in pages_ringing_for(leaver)]
    visits = Page.objects.filter(site_id=fact.site_id, purpose__in=Page.VISITS)
    concerned = visits.filter(pk__in=asked) | visits.filter(taken_by=leaver, state=Page.State.GOING)
    for page in hold_those_free(concerned):
        if page.taken_by_id != leaver.pk:
            cant(page=page, staff=leaver, now=entry.at, note=WENT_OFF_DUTY)
        elif heir:
            hand_over(page=page, staff=leaver, to=heir, now=entry.at)
        else:
            _ring_again(page, leaver, entry)
    end_pages(about=entry.about, purpose=Page.Purpose.REMIND, now=entry.at)  # of ways they lost


def _ring_again(page: Page, leaver: Staff, cause: Entry) -> None:
    fact = GoingExpired(matter=page.about, purpose=page.purpose, staff_id=leaver.pk)
    reason = Reason(fact, by=chronicle.staff_actor(leaver.pk), caused_by=cause.pk)
    ring_again(page, now=cause.at, reason=reason)
