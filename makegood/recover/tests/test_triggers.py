"""Any fact may begin a case, if the policy says so; nothing goes round in circles."""

from datetime import timedelta

import pytest

from makegood import story
from makegood.amends.granting import give_nothing
from makegood.console.playing import Player
from makegood.ground import chronicle
from makegood.page.facts import NobodyReached
from makegood.people.consent import stop_messages
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case
from makegood.recover.noticing.triggers import hear_any
from makegood.recover.policy import parse
from makegood.recover.versions import followed
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.adding import leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Signal
from makegood.sense.noticing import fact_of
from makegood.sense.visiting import note_visit

pytestmark = pytest.mark.django_db


def following(fact):
    """The default policy, with one more line among its triggers."""
    line = f"triggers:\n  - says: It says so\n    on: {fact}\n    when: customer.known\n"
    return DEFAULT_TEXT.replace("triggers:\n", line, 1)


@pytest.fixture
def house_follows(fairline, now):
    def house_follows(fact):
        text = following(fact)
        assert parse(text, facts=followed.NAMES).triggers
        publish(organisation=fairline, text=text, by=None, now=now)

    return house_follows


def echoes():
    return Signal.objects.filter(kind="incident")


def test_every_fact_that_can_be_followed_is_in_the_story():
    for fact in followed.FACTS:
        assert story.HEARD[fact][-1] is hear_any
    assert len(followed.NAMES) == len(followed.FACTS)


def test_what_nobody_follows_makes_nothing(case, bo, now):
    leave_contact(signal=first(case), contact="ana@guest.example", now=now)
    later = now + timedelta(minutes=1)
    give_nothing(about=case.pk, reason="Nothing was lost.", by=bo, now=later)
    assert not echoes().exists()


def first(case):
    return Signal.objects.filter(case_signal__case=case).first()


def test_a_fact_about_a_case_joins_it_once(case, bo, house_follows, now):
    house_follows("amends.nothing_given")
    leave_contact(signal=first(case), contact="ana@guest.example", now=now)
    for minutes in (1, 2):
        later = now + timedelta(minutes=minutes)
        give_nothing(about=case.pk, reason="Nothing was lost.", by=bo, now=later)
        Player(later)
    signal = echoes().get()
    assert (signal.words, signal.place, fact_of(signal)) == (
        "It says so.", "Table 14", "amends.nothing_given",
    )  # fmt: skip
    assert case_of_signal(signal) == case


def test_where_nobody_told_us_who_it_is_nothing_is_made(case, bo, house_follows, now):
    house_follows("amends.nothing_given")
    later = now + timedelta(minutes=1)
    give_nothing(about=case.pk, reason="Nothing was lost.", by=bo, now=later)
    assert not echoes().exists()


def test_what_an_opening_brings_about_is_not_heard(harbour, ana, bo, house_follows, now):
    """Nobody is on duty: the page of the case that this opens reaches nobody, at once."""
    house_follows("page.nobody_reached")
    note_complaint(site=harbour, place="Spa", words="Rude.", by=bo, customer=ana, now=now)
    Player(now)
    case = Case.objects.get()
    assert not echoes().exists()
    for seconds in (60, 120):
        chronicle.record(
            NobodyReached(matter=case.pk, purpose="call"),
            organisation_id=case.organisation_id,
            at=now + timedelta(seconds=seconds),
            by=chronicle.SYSTEM,
            about=case.pk,
        )
    assert echoes().count() == 1


def test_a_fact_about_a_customer_opens_a_case(harbour, ana, house_follows, now):
    house_follows("people.messages_declined")
    stop_messages(customer=ana, now=now)
    Player(now)
    case = Case.objects.get()
    assert (case.customer, case.site) == (ana, harbour)


def test_a_visit_may_begin_a_case(harbour, ana, house_follows, now):
    house_follows("sense.visit_began")
    note_visit(customer=ana, site=harbour, by=None, now=now)
    Player(now)
    assert Case.objects.get().customer == ana
