"""What was given shows that amends were made; what was taken back shows nothing."""

from datetime import timedelta

import pytest

from makegood.amends.gifts import Gift
from makegood.amends.granting import give, take_back
from makegood.amends.purses import open_purse
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.recover.models import Step

pytestmark = pytest.mark.django_db

MAIN = Gift(name="A fresh main", worth=Money(19_00, "EUR"))
DESSERT = Gift(name="Dessert for two", worth=Money(14_00, "EUR"))


def test_a_gift_taken_back_is_named_no_longer_while_another_stands(case, cy, now):
    open_purse(staff=cy, daily=Money(100_00, "EUR"))
    main = give(about=case.pk, what=MAIN, by=cy, key="first-gift", now=now)
    dessert = give(about=case.pk, what=DESSERT, by=cy, key="second-gift", now=now)
    step = case.steps.get(kind="amends")
    assert step.note == "A fresh main, €19; Dessert for two, €14"
    take_back(amends=main, by=cy, now=now + timedelta(seconds=20))
    step.refresh_from_db()
    assert (step.state, step.note) == (Step.State.DONE, "Dessert for two, €14")
    assert [entry.about for entry in Entry.objects.filter(pk__in=step.evidence)] == [dessert.pk]
    take_back(amends=dessert, by=cy, now=now + timedelta(seconds=30))
    step.refresh_from_db()
    assert (step.state, step.note, step.evidence) == (Step.State.WAITING, "", [])
