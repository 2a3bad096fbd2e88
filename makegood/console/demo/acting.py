"""What people do in the demo, in one call each; every call goes through the product's own verbs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from makegood.ground.ids import new_id
from makegood.page.access import latest_page
from makegood.page.duty.selftesting import allow_one_way, answer_test, ring_for_test
from makegood.page.hands import answering, receipts
from makegood.page.models import Page
from makegood.people.duty import end_duty, running_duty
from makegood.people.models import Role, Site, Staff
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case
from makegood.recover.steps.asking import promise_path
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.pressing import receive_press
from makegood.words.composing import Matter, first_draft
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter

LOOKS_AFTER = timedelta(seconds=4)


def come_on_duty(staff: Staff, site: Site, now: datetime) -> None:
    """They feel their pager; who is on duty already stays so."""
    if not running_duty(staff):
        test = ring_for_test(staff=staff, site=site, now=now)
        answer_test(test=test, felt=True, now=now)
        owner = Staff.objects.get(organisation_id=site.organisation_id, role=Role.OWNER)
        allow_one_way(staff=staff, site=site, by=owner, now=now)


def go_home(staff: Staff, now: datetime) -> None:
    """They end their duty, if they are on duty."""
    if running_duty(staff):
        end_duty(staff=staff, now=now)


def press(button: Touchpoint, now: datetime) -> Signal:
    """Somebody presses a button."""
    return receive_press(touchpoint=button, key=f"demo-{new_id()}", now=now)


def case_of(signal: Signal) -> Case:
    """The case a press belongs to; it has one as soon as triage has looked at it."""
    case = case_of_signal(signal)
    assert case, "triage has not looked at this press"
    return case


def page_of(signal: Signal) -> Page:
    """The page that asks somebody to come to who pressed."""
    page = latest_page(case_of(signal).pk)
    assert page, "nobody was paged for this press"
    return page


def take(page: Page, staff: Staff, now: datetime) -> None:
    """They look at their pager and say that they are going."""
    receipts.note_received(page=page, staff=staff, now=page.opened_at)
    receipts.note_seen(page=page, staff=staff, now=min(now, page.opened_at + LOOKS_AFTER))
    answering.going(page=page, staff=staff, now=now)


def take_note(about: UUID, staff: Staff, now: datetime) -> None:
    """A senior takes what rings about a matter of colleagues, and has seen it."""
    for page in Page.objects.open().filter(about=about).exclude(purpose=Page.Purpose.REACH):
        answering.going(page=page, staff=staff, now=now)
        answering.finish(page=page, staff=staff, now=now)


@dataclass(frozen=True)
class Said:
    """What a letter says: what it is about, what we did wrong, gave and promise."""

    about: str
    wrong: str
    given: Iterable[str] = ()
    promised: Iterable[str] = ()


def apologise(case: Case, sender: Staff, said: Said, now: datetime) -> None:
    """A letter of apology, signed; it leaves when the customer is awake."""
    draft = first_draft(
        Matter(
            customer_name=case.customer_name,
            sender_name=sender.first_name,
            about=said.about,
            what_went_wrong=said.wrong,
            given=tuple(said.given),
            promised=tuple(said.promised),
        )
    )
    write(case, sender, Letter.Kind.APOLOGY, draft.subject, draft.body, now)


def write(
    case: Case, sender: Staff, kind: Letter.Kind, subject: str, body: str, now: datetime
) -> None:
    """Any letter, signed and on its way, with the customer's promise page below."""
    letter = draft_letter(
        about=case.pk,
        customer=case.customer,
        sender=sender,
        kind=kind,
        subject=subject,
        body=body,
        link=promise_path(case),
        now=now,
    )
    send_letter(letter=letter, now=now)
