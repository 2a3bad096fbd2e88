"""What we noticed ourselves: a signal for each it touched, once, and undone within a minute."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.contacts import EMAIL, Contact
from makegood.people.recognising import recognise
from makegood.sense.models import Incident, Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.reporting import Happening, Whom, report_incident, take_back
from makegood.sense.waiting_signals import claim
from tests.cast import facts_about
from tests.doors.colleagues import of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def late(now):
    return Happening(
        what="Dinner came forty minutes late.", topic="waiting", place="Restaurant",
        happened_at=now - timedelta(minutes=30), key="kitchen-1",
    )  # fmt: skip


def guests(house, now, number):
    return [
        recognise(
            organisation_id=house.pk, contacts=[Contact(EMAIL, f"guest{n}@guest.example")],
            name=f"Guest {n}", by=chronicle.SYSTEM, now=now,
        )
        for n in range(number)
    ]  # fmt: skip


def test_each_guest_and_each_place_is_a_signal_of_its_own(harbour, late, table_14, ana, bo, now):
    whom = [Whom(ana), Whom(touchpoint=table_14), Whom(ana)]
    incident = report_incident(site=harbour, happening=late, whom=whom, by=bo, now=now)
    known, unnamed = Signal.objects.order_by("place")
    assert (known.customer, known.place, known.dwell_minutes) == (ana, "Restaurant", 0)
    assert (unnamed.touchpoint, unnamed.place, unnamed.dwell_minutes) == (table_14, "Table 14", 4)
    for signal in (known, unnamed):
        assert (signal.kind, signal.words) == ("incident", "Dinner came forty minutes late.")
        assert (signal.topics, signal.happened_at) == (["waiting"], late.happened_at)
        assert signal.touched.incident == incident
    entry = Entry.objects.get(about=incident.pk)
    assert (entry.name, entry.data, entry.by) == (
        "sense.incident_reported", {"signals": 2}, f"staff:{bo.pk}",
    )  # fmt: skip


def test_the_same_key_adds_only_who_was_not_among_them(harbour, late, table_14, ana, now):
    happening = replace(late, source="Kitchen screen")
    first = report_incident(site=harbour, happening=happening, whom=[Whom(ana)], now=now)
    more = [Whom(ana), Whom(touchpoint=table_14)]
    again = replace(happening, what="Something else")
    second = report_incident(site=harbour, happening=again, whom=more, now=now)
    third = report_incident(site=harbour, happening=again, whom=more, now=now)
    assert first == second == third
    assert third.what == "Dinner came forty minutes late."
    assert Signal.objects.count() == 2
    assert [entry.data["signals"] for entry in Entry.objects.filter(about=first.pk)] == [1, 1]


def test_a_guest_found_to_be_another_is_that_one(fairline, harbour, late, ana, now):
    (double,) = guests(fairline, now, 1)
    double.same_as = ana
    double.save()
    report_incident(site=harbour, happening=replace(late, source="POS"),
                    whom=[Whom(double), Whom(ana)], now=now)  # fmt: skip
    assert Signal.objects.get().customer == ana


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": " "}, "what"),
        ({"topic": "weather"}, "topic"),
        ({"topic": "unsaid"}, "topic"),
        ({"key": ""}, "key"),
        ({"what": "x" * 401}, "what"),
        ({"happened_at": None}, "happened_at"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(harbour, late, ana, bo, now, wrong, field):
    if "happened_at" in wrong:
        wrong = {"happened_at": now + timedelta(seconds=1)}
    with pytest.raises(Invalid) as refused:
        report_incident(
            site=harbour, happening=replace(late, **wrong), whom=[Whom(ana)], by=bo, now=now
        )
    assert refused.value.field == field
    assert not Incident.objects.exists()


def test_nobody_too_many_and_strangers_are_refused(harbour, late, ana, bo, now):
    with pytest.raises(Invalid, match="Say whom it touched"):
        report_incident(site=harbour, happening=late, whom=[], by=bo, now=now)
    with pytest.raises(Invalid, match="At most 500 at once"):
        report_incident(site=harbour, happening=late, whom=[Whom(ana)] * 501, by=bo, now=now)
    with pytest.raises(Invalid, match="which system"):
        report_incident(site=harbour, happening=late, whom=[Whom(ana)], now=now)
    with pytest.raises(NotAllowed):
        report_incident(
            site=harbour, happening=late, whom=[Whom(ana)], by=of_another_house(now), now=now
        )
    assert not Incident.objects.exists()


def test_a_long_list_leaves_room_for_presses_in_between(fairline, harbour, late, bo, now):
    whom = [Whom(one) for one in guests(fairline, now, 45)]
    report_incident(site=harbour, happening=late, whom=whom, by=bo, now=now)
    assert len(claim(now, 100)) == 20
    assert len(claim(now + timedelta(seconds=2), 100)) == 40
    assert len(claim(now + timedelta(seconds=4), 100)) == 45


def test_it_is_undone_within_a_minute_and_not_after(harbour, late, ana, bo, now):
    incident = report_incident(site=harbour, happening=late, whom=[Whom(ana)], by=bo, now=now)
    soon = now + timedelta(seconds=60)
    for _ in range(2):
        assert take_back(incident=incident, by=bo, now=soon).taken_back_at == soon
    assert Signal.objects.get().cancelled_at == soon
    assert facts_about(incident.pk) == ["sense.incident_reported", "sense.incident_taken_back"]
    with pytest.raises(Refused, match="new key"):
        report_incident(site=harbour, happening=late, whom=[Whom(ana)], by=bo, now=soon)
    other = report_incident(
        site=harbour, happening=replace(late, key="other"), whom=[Whom(ana)], by=bo, now=now
    )
    with pytest.raises(Refused, match="A minute has passed"):
        take_back(incident=other, by=bo, now=now + timedelta(seconds=61))


def test_a_place_of_another_site_is_refused(harbour, late, bo, now):
    other = type(harbour).objects.create(organisation=harbour.organisation, name="Hill")
    there = place_touchpoint(site=other, place="Table 1", now=now)
    with pytest.raises(Invalid, match="Table 1 is not at Harbour"):
        report_incident(site=harbour, happening=late, whom=[Whom(touchpoint=there)], by=bo, now=now)
