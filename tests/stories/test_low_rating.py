"""A low rating opens a case; an edited one does not open a second."""

import pytest

from makegood.page.models import Page
from makegood.people.models import Customer
from makegood.recover.models import Case
from makegood.sense.inviting import answer_invitation, invite
from makegood.sense.models import Rating, Signal
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_a_low_rating_and_its_edit(full_house: Evening, ana: Customer) -> None:
    asked = invite(
        customer=ana, site=full_house.site, occasion="dinner, 21 November", now=full_house.now
    )
    full_house.later(hours=2)
    answer_invitation(invitation=asked, score=2, words="", now=full_house.now)
    full_house.later(seconds=1)
    case = Case.objects.get()
    assert (case.customer, case.place, case.reaction) == (ana, "dinner, 21 November", "legs")
    assert not Page.objects.exists()  # she has gone home: nobody is rung at night for a 2

    full_house.later(minutes=5)
    answer_invitation(
        invitation=asked, score=1, words="It made my daughter ill.", now=full_house.now
    )
    full_house.later(seconds=1)
    assert Case.objects.get().severity == 5
    assert (Rating.objects.get().score, Rating.objects.get().edits) == (1, 1)
    calls = Page.objects.exclude(purpose=Page.Purpose.REMIND)  # that the answer is another
    assert rung(calls.get()) == [("Cy", 0)]  # but for this a senior is

    answer_invitation(
        invitation=asked, score=1, words="It made my daughter ill.", now=full_house.now
    )
    full_house.later(seconds=1)
    assert Signal.objects.filter(kind=Signal.Kind.RATING).count() == 2  # repeating it is nothing
    assert Case.objects.count() == calls.count() == 1


def test_a_happy_rating_opens_nothing(full_house: Evening, ana: Customer) -> None:
    asked = invite(customer=ana, site=full_house.site, occasion="dinner", now=full_house.now)
    answer_invitation(invitation=asked, score=5, words="Lovely.", now=full_house.now)
    full_house.later(minutes=1)
    assert not Case.objects.exists()
