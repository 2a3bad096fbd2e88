"""Pressed, taken, reached in time, made good, apologised for; ninety days later she confirms."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from makegood.amends.gifts import Gift
from makegood.ground.money import Money
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.life.answering import customer_confirms, may_confirm
from makegood.recover.models import Step
from makegood.recover.steps.stepping import finish_step
from makegood.sense.access import invitation_by_token
from makegood.sense.inviting import answer_invitation
from makegood.sense.models import Touchpoint
from makegood.sense.visiting import note_visit
from tests.cast import facts_about
from tests.postbox import Postbox
from tests.stories.stage import Evening, Guest, evidence_of

pytestmark = pytest.mark.django_db

APOLOGY = """Dear Ana,

your main course came cold, and nobody came by for half an hour. That was our doing, and I am
sorry. You lost the first hour of your anniversary. From Friday a second cook stands at the pass.
I will tell you what came of it.

Bo"""

TWELVE = {  # step: what shows it, who ended it
    "validate": (["triage.signal_triaged"], None),
    "apologise": (["words.letter_sent"], "Bo"),
    "amends": (["amends.given", "amends.given"], "Bo"),
    "plan": (["recover.evidence_given"], "Cy"),
    "confirm": (["recover.correction_confirmed", "recover.evidence_given"], "Cy"),
    "reassure": (["page.customer_reached"], "Bo"),
    "contact": (["recover.call_logged", "recover.evidence_given"], "Cy"),
    "ask": (["sense.rating_given", "words.letter_sent"], "Bo"),
    "involve": (["recover.evidence_given"], "Cy"),
    "value": (["recover.evidence_given"], "Bo"),
    "appreciate": (["recover.evidence_given"], "Di"),
    "prove": (["recover.customer_confirmed"], None),
}


def test_from_the_press_to_the_customers_yes(
    full_house: Evening,
    table_14: Touchpoint,
    postbox: Postbox,
    bo: Staff,
    cy: Staff,
    di: Staff,
) -> None:
    ana = _the_evening(full_house, table_14, bo)
    _the_next_morning(full_house, ana, postbox)
    _the_weeks_after(full_house, ana, bo, cy)
    _the_months_after(full_house, ana, postbox, bo, cy, di)

    closure = customer_confirms(case=ana.case, now=full_house.now)

    assert closure.outcome == "confirmed"
    assert full_house.now - ana.signal.happened_at > timedelta(days=90)
    for step in ana.case.steps.all():
        shown_by, ended_by = TWELVE[step.kind]
        assert step.state == Step.State.DONE, step.kind
        assert sorted(evidence_of(step)) == shown_by, step.kind
        assert (step.ended_by.first_name if step.ended_by else None) == ended_by, step.kind
        assert not step.late, step.kind
    assert set(ana.is_told()) == {"mended"}
    assert facts_about(ana.case.pk)[-1] == "recover.case_closed"
    assert "recover.step_overdue" not in facts_about(ana.case.pk)
    _nothing_moves_any_more(full_house, ana)


def _the_evening(evening: Evening, table_14: Touchpoint, bo: Staff) -> Guest:
    """20:12:07 pressed, 20:12:19 taken, 20:14:02 there: two minutes before she would have left."""
    ana = evening.press(table_14)
    evening.later(seconds=7)
    ana.says("My main came cold and nobody came by.", topics=("food", "waiting"), name="Ana Ruiz")
    ana.leaves("ana.ruiz@guest.example")
    evening.later(seconds=5)
    evening.says(bo, "going", ana)
    evening.later(seconds=103)
    evening.says(bo, "with_customer", ana)
    assert ana.page.with_at
    assert ana.page.leaves_at
    assert ana.page.with_at < ana.page.leaves_at
    assert (ana.page.what, ana.page.who) == (
        "The food and waiting. “My main came cold and nobody came by.”",
        "Ana Ruiz",
    )
    evening.gives(bo, ana, Gift(name="Fresh main, now", worth=Money(0, "EUR")))
    evening.gives(bo, ana, Gift(name="Dessert and coffee, two", worth=Money(19_00, "EUR")))
    evening.later(minutes=5)
    evening.says(bo, "finish", ana)
    evening.later(minutes=30)
    evening.writes(bo, ana, APOLOGY)
    return ana


def _the_next_morning(evening: Evening, ana: Guest, postbox: Postbox) -> None:
    """The letter leaves when Ana is awake, from Bo, with her promise page."""
    assert postbox.taken == []
    evening.until_clock(9, days=1)
    (letter,) = postbox.taken
    assert letter["From"].startswith('"Bo Lindqvist, The Fairline Hotel"')
    assert letter["To"] == "Ana Ruiz <ana.ruiz@guest.example>"
    said = letter.get_body(("plain",))
    assert said
    assert "That was our doing" in said.get_content()
    assert "/m/" in said.get_content()
    assert ana.step("apologise").state == Step.State.DONE


def _the_weeks_after(evening: Evening, ana: Guest, bo: Staff, cy: Staff) -> None:
    """Cy plans and checks the change; Ana comes back on day 19 and Bo tells her himself."""
    evening.later(hours=6)
    _does(evening, ana, cy, "plan", "A second cook on the pass, Fridays and Saturdays.")
    evening.later(days=11)
    _does(evening, ana, cy, "confirm", "Photo of the rota; no plate stood longer than 4 minutes.")
    evening.until_clock(19, days=7)
    assert ana.customer
    note_visit(customer=ana.customer, site=evening.site, by=cy, now=evening.now)
    visit = Page.objects.open().get(about=ana.step("reassure").pk)
    assert (visit.place, visit.who) == (
        "Ana is here",
        "We failed Ana in November: the food",
    )
    evening.says(bo, "going", visit)
    evening.later(minutes=1)
    evening.says(bo, "with_customer", visit)
    evening.says(bo, "finish", visit)
    assert ana.step("reassure").note == "In person, at their visit"


def _the_months_after(
    evening: Evening, ana: Guest, postbox: Postbox, bo: Staff, cy: Staff, di: Staff
) -> None:
    """A call, a question, an invitation, something kept, a note; then we ask about our word."""
    evening.later(days=8)
    _does(evening, ana, cy, "contact", "Called: she was glad, and comes back in spring.")
    evening.later(days=10)
    question = postbox.taken[-1]
    assert question["Subject"] == "How did we handle it?"
    invitation = invitation_by_token(_token(question, "/r/"))
    answer_invitation(invitation=invitation, score=5, words="You kept at it.", now=evening.now)
    evening.later(days=18)
    _does(evening, ana, cy, "involve", "A seat at the tasting panel on 12 March.")
    evening.later(days=15)
    _does(evening, ana, bo, "value", "The window table, held for her next visit.")
    evening.later(days=10)
    _does(evening, ana, di, "appreciate", "A note by hand.")
    assert not may_confirm(ana.case)
    evening.until(ana.step("prove").due_at or evening.now)
    assert postbox.taken[-1]["Subject"] == "Did we keep our word?"
    evening.later(hours=12)


def _nothing_moves_any_more(evening: Evening, ana: Guest) -> None:
    before = facts_about(ana.case.pk)
    evening.later(days=60)
    assert facts_about(ana.case.pk) == before


def _does(evening: Evening, guest: Guest, staff: Staff, kind: str, words: str) -> None:
    if kind == "contact":
        evening.calls(staff, guest, words)
    finish_step(case=guest.case, kind=kind, words=words, by=staff, now=evening.now, checked=words)


def _token(message: EmailMessage, path: str) -> str:
    body = message.get_body(("plain",))
    assert body
    link: str = body.get_content().split(path)[1].split()[0]
    return link
