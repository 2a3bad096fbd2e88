"""What a customer adds after the press."""

from datetime import timedelta

import pytest

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.people.facts import CustomersJoined
from makegood.people.models import ContactPoint, Customer
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.following import follow_customer
from makegood.sense.models import Remark, Signal
from makegood.sense.pressing import receive_press
from makegood.sense.topics import in_words
from makegood.sense.visiting import note_visit
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def press(table_14, now):
    return receive_press(touchpoint=table_14, key="key-0001", now=now)


def test_chips_a_note_and_a_name(press, now):
    remark = add_remark(
        signal=press, topics=["waiting", "food", "food"], words=" Cold. \r\nNobody came. ",
        name=" Ana  Ruiz", now=now,
    )  # fmt: skip
    assert remark.topics == ["food", "waiting"]
    assert remark.words == "Cold.\nNobody came."
    assert remark.name == "Ana Ruiz"
    assert facts_about(press.pk) == ["sense.press_received", "sense.remark_added"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"topics": ["the moon"]}, "topics"),
        ({"words": "x" * 2001}, "words"),
        ({"name": "x" * 121}, "name"),
        ({}, "words"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(press, now, given, field):
    with pytest.raises(Invalid) as refused:
        add_remark(**{"signal": press, "topics": [], "words": "", "name": "", "now": now} | given)
    assert refused.value.field == field
    assert not Remark.objects.exists()


def test_a_way_to_reach_them_tells_whose_signal_it_is(press, ana, now):
    assert leave_contact(signal=press, contact="Ana.Ruiz@guest.example", now=now) == ana
    assert Signal.objects.get(pk=press.pk).customer == ana
    assert facts_about(press.pk) == ["sense.press_received", "sense.contact_left"]


def test_a_new_customer_has_the_name_they_gave(press, now):
    add_remark(signal=press, topics=[], words="", name="Luis", now=now)
    luis = leave_contact(signal=press, contact="600 000 000", now=now)
    assert luis.name == "Luis"
    assert ContactPoint.objects.get(customer=luis).value == "+34600000000"
    add_remark(signal=press, topics=[], words="", name="Luis Gil", now=now)
    luis.refresh_from_db()
    assert luis.name == "Luis Gil"


@pytest.mark.parametrize("contact", ["", "  ", "me", "ana@", "12", "x" * 300])
def test_what_is_no_contact_is_refused_naming_the_field(press, now, contact):
    with pytest.raises(Invalid) as refused:
        leave_contact(signal=press, contact=contact, now=now)
    assert refused.value.field == "contact"
    assert Signal.objects.get(pk=press.pk).customer is None


def test_a_press_is_taken_back_once(press, now):
    first = cancel_press(signal=press, now=now)
    again = cancel_press(signal=press, now=now + timedelta(minutes=1))
    assert first.cancelled_at == again.cancelled_at == now
    assert facts_about(press.pk) == ["sense.press_received", "sense.press_cancelled"]


def test_a_complaint_is_a_signal_of_its_place(table_14, harbour, bo, ana, now):
    signal = note_complaint(
        site=harbour, place="table 14", words="The soup was cold.", by=bo, customer=ana, now=now
    )
    assert (signal.kind, signal.touchpoint, signal.place) == ("complaint", table_14, "Table 14")
    assert (signal.dwell_minutes, signal.customer) == (4, ana)
    elsewhere = note_complaint(site=harbour, place="Lobby", words="Too loud.", by=bo, now=now)
    assert (elsewhere.touchpoint, elsewhere.dwell_minutes) == (None, 20)
    with pytest.raises(Refused):
        cancel_press(signal=signal, now=now)
    with pytest.raises(Invalid):
        note_complaint(site=harbour, place="Lobby", words=" ", by=bo, now=now)
    assert facts_about(signal.pk) == ["sense.complaint_received"]


def test_a_visit_is_noted_once_an_evening(ana, harbour, bo, now):
    visit = note_visit(customer=ana, site=harbour, by=bo, now=now)
    assert note_visit(customer=ana, site=harbour, by=None, now=now + timedelta(hours=3)) == visit
    assert note_visit(customer=ana, site=harbour, by=bo, now=now + timedelta(days=30)) != visit
    assert facts_about(visit.pk) == ["sense.visit_began"]


def test_signals_follow_their_customer_when_two_are_one(press, ana, harbour, now):
    luis = leave_contact(signal=press, contact="luis@guest.example", now=now)
    note_visit(customer=luis, site=harbour, by=None, now=now)
    joined = CustomersJoined(kept_id=ana.pk, joined_id=luis.pk, moved_contact_ids=[])
    entry = chronicle.record(
        joined, organisation_id=ana.organisation_id, at=now, by=chronicle.SYSTEM, about=ana.pk
    )
    follow_customer(entry, joined)
    assert Signal.objects.get(pk=press.pk).customer == ana
    assert ana.visits.count() == 1


def test_topics_read_as_a_sentence():
    assert in_words([]) == ""
    assert in_words(["food"]) == "The food"
    assert in_words(["food", "waiting"]) == "The food and waiting"
    assert in_words(["food", "waiting", "bill"]) == "The food, waiting and the bill"
