"""Where every hand counts: those who do not go say that they know who does."""

from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.page.channels.screen import sending as screen
from makegood.page.delivery.silencing import silence_one
from makegood.page.facts import PageKnown
from makegood.page.hands.receipts import note_answered
from makegood.page.holding import hold, note_answer, over, yet_to_know
from makegood.page.models import Answer, Device, Page
from makegood.page.telling import tell
from makegood.people.models import Staff


def know(*, page: Page, staff: Staff, now: datetime, device: Device | None = None) -> Page:
    """It stops ringing for somebody who was rung together with whoever goes.

    Again, or from somebody nobody waits for, or while nobody goes, it changes nothing. Refuses
    `over`.
    """
    with transaction.atomic():
        page = hold(page)
        if not page.is_open:
            raise over(page)
        if is_asked_to_know(page, staff):
            note_known(page, staff, device, now=now)
    return page


def is_asked_to_know(page: Page, staff: Staff) -> bool:
    """Whether a colleague has the page, and this person was rung with them and said nothing."""
    taken = page.state in Page.IN_HAND_STATES and not page.is_in_hand_of(staff)
    return taken and staff in yet_to_know(page)


def note_known(page: Page, staff: Staff, device: Device | None, *, now: datetime) -> None:
    """Writes it down, silences them, and tells whoever goes."""
    note_answered(page, staff, device, now=now)
    note_answer(page, Answer.Kind.KNOWS, staff=staff, now=now)
    silence_one(page, staff, because="known", now=now)
    hand = [page.taken_by_id] if page.taken_by_id else []
    screen.tell_state(page, hand, hand=page.taken_by, now=now)
    fact = PageKnown(matter=page.about, purpose=page.purpose, staff_id=staff.pk)
    tell(page, fact, now=now, by=chronicle.staff_actor(staff.pk))
