"""What nobody told us: the kitchen was late, a review, a promise broken twice, a regular away."""

from datetime import timedelta

import pytest

from makegood.amends.gifts import Gift
from makegood.ground import chronicle
from makegood.ground.money import Money
from makegood.page.models import Page
from makegood.people.contacts import EMAIL, Contact
from makegood.people.models import Customer, Staff
from makegood.people.recognising import recognise
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case, Step
from makegood.recover.record.storytelling import story_of
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.placing import place_touchpoint
from makegood.sense.reporting import Happening, Whom, report_incident, take_back
from makegood.sense.reviewing import Written, note_review
from makegood.sense.visiting import note_visit
from tests.stories.stage import Evening, Guest, rung

pytestmark = pytest.mark.django_db


def guest_called(evening: Evening, name: str) -> Customer:
    first = name.split()[0].lower()
    return recognise(
        organisation_id=evening.site.organisation_id,
        contacts=[Contact(EMAIL, f"{first}@guest.example")],
        name=name,
        by=chronicle.SYSTEM,
        now=evening.now,
    )


def late_kitchen(evening: Evening, *, minutes_ago: int) -> Happening:
    return Happening(
        what="Dinner came forty minutes late.",
        topic="waiting",
        place="Restaurant",
        happened_at=evening.now - timedelta(minutes=minutes_ago),
        key=f"kitchen-{minutes_ago}",
    )


def test_the_kitchen_was_late_and_nobody_complained(full_house: Evening, cy: Staff) -> None:
    """Three guests are told before they say a word; nobody runs, for they have gone home."""
    names = ("Ana Ruiz", "Peter Vos", "Ines Calvo")
    whom = [Whom(guest_called(full_house, name)) for name in names]
    report_incident(
        site=full_house.site, happening=late_kitchen(full_house, minutes_ago=300), whom=whom,
        by=cy, now=full_house.now,
    )  # fmt: skip
    full_house.later(seconds=1)
    cases = list(Case.objects.order_by("pk"))
    assert [case.customer_name for case in cases] == list(names)
    assert {(case.place, case.topic, case.severity, case.reaction) for case in cases} == {
        ("Restaurant", "food", 2, "legs")
    }
    assert not Page.objects.exists()
    guest = Guest(full_house, Signal.objects.get(customer__name="Ana Ruiz"))
    told = story_of(guest.case)[0]
    assert f"{told.lead} {told.words}" == (
        "We noticed it ourselves at Restaurant. Dinner came forty minutes late."
    )
    full_house.writes(cy, guest, "Your dinner came forty minutes late. That was our doing.")
    full_house.until_clock(9, 1, days=1)
    assert guest.step("apologise").state == Step.State.DONE


def test_who_still_sits_there_is_reached_at_once(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    table_7 = place_touchpoint(
        site=full_house.site, place="Table 7", dwell_minutes=45, now=full_house.now
    )
    report_incident(
        site=full_house.site, happening=late_kitchen(full_house, minutes_ago=20),
        whom=[Whom(touchpoint=table_7), Whom(touchpoint=table_14)], by=bo, now=full_house.now,
    )  # fmt: skip
    full_house.later(seconds=1)
    page = Page.objects.get()  # table 14 is gone after four minutes
    assert (page.place, page.purpose) == ("Table 7", Page.Purpose.REACH)
    assert Case.objects.get(touchpoint=table_14).leaves_at is None
    pressed = full_house.press(table_7)  # and now they say so themselves
    full_house.later(seconds=1)
    assert pressed.case.place == "Table 7"


def test_it_was_not_so(full_house: Evening, ana: Customer, bo: Staff, cy: Staff) -> None:
    """Taken back within the minute: the cases that were only this end, with the reason."""
    incident = report_incident(
        site=full_house.site, happening=late_kitchen(full_house, minutes_ago=300),
        whom=[Whom(ana)], by=cy, now=full_house.now,
    )  # fmt: skip
    full_house.later(seconds=30)
    case = Case.objects.get()
    take_back(incident=incident, by=cy, now=full_house.now)
    closure = case.standing_closure
    assert closure
    assert (closure.outcome, closure.reason) == ("withdrawn", "Cy took back what was reported.")
    assert not case.steps.waiting().exists()


def test_a_two_star_review(full_house: Evening) -> None:
    """It is out in public; whoever wrote it is called as they call themselves there."""
    signal = note_review(
        site=full_house.site,
        written=Written(
            source="Google", key="g-1", stars=2, author="Ana R.",
            words="Cold soup, and an hour for it.",
            written_at=full_house.now - timedelta(days=1),
        ),
        now=full_house.now,
    )  # fmt: skip
    full_house.later(seconds=1)
    case = case_of_signal(signal)
    assert case
    assert (case.place, case.severity, case.reaction) == ("Review on Google", 4, "revenge")
    page = Page.objects.get(about=case.pk)
    assert page.purpose == Page.Purpose.CALL
    assert story_of(case)[0].lead == "Ana wrote about us on Google, 2 of 5"
    again = note_review(
        site=full_house.site,
        written=Written(source="Google", key="g-1", stars=2, written_at=full_house.now),
        now=full_house.now,
    )
    assert again == signal


def test_a_happy_review_opens_nothing(full_house: Evening) -> None:
    written = Written(source="Google", key="g-2", stars=5, written_at=full_house.now)
    note_review(site=full_house.site, written=written, now=full_house.now)
    full_house.later(seconds=1)
    assert not Case.objects.exists()


def test_a_promise_broken_twice_goes_to_cy(
    full_house: Evening, table_14: Touchpoint, bo: Staff, cy: Staff, mina: Staff
) -> None:
    """Nobody apologises. At ten Bo is reminded; a day later our word is broken."""
    guest = full_house.press(table_14)
    guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "going", guest)
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    full_house.gives(bo, guest, Gift(name="Dessert", worth=Money(900, "EUR")))
    before = guest.case.severity
    full_house.until_clock(12, 1, days=1)
    assert not Signal.objects.filter(kind="promise").exists()

    full_house.until_clock(12, 1, days=1)
    signal = Signal.objects.get(kind="promise")
    assert case_of_signal(signal) == guest.case
    assert signal.words == "Apologise, promised for 22 November, 10:00."
    assert guest.case.severity == 5 > before
    first = Page.objects.filter(opened_at=signal.received_at).earliest("pk")
    assert [name for name, _ in rung(first)][:1] == ["Cy"]
    assert (first.purpose, first.leaves_at) == ("call", None)  # she left the evening before last
    told = [moment.lead for moment in story_of(guest.case)]
    assert "We broke our word" in told

    full_house.until_clock(12, 1, days=5)  # once per step, however long it lasts
    steps = list(Signal.objects.filter(kind="promise").values_list("words", flat=True))
    assert len([words for words in steps if words.startswith("Apologise")]) == 1


def test_a_regular_stays_away(full_house: Evening, ana: Customer) -> None:
    """Six visits, one every other week, then none: a case in the list, and nobody is rung."""
    for _ in range(6):
        note_visit(customer=ana, site=full_house.site, by=None, now=full_house.now)
        full_house.later(days=14)
    full_house.later(days=120)
    signal = Signal.objects.get()  # one, and no broken promise: she knows of none
    assert (signal.kind, signal.customer) == ("silence", ana)
    assert signal.words.startswith("Came 6 times, about every 14 days; last here on ")
    case = case_of_signal(signal)
    assert case
    assert (case.topic, case.reaction, case.severity) == ("away", "legs", 2)
    assert signal.received_at.astimezone(full_house.local.tzinfo).hour == 8
    assert not Page.objects.filter(about=case.pk).exists()
    told = story_of(case)[0]
    assert told.lead == "Ana stays away"
