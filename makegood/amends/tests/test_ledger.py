"""Whatever Bo does over days, his purse is never below zero and its entries add up."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from makegood.amends.gifts import Gift
from makegood.amends.granting import OverPurse, give, take_back
from makegood.amends.models import Amends, Purse, PurseEntry
from makegood.amends.purses import left_today, open_purse
from makegood.amends.tests.conftest import eur
from makegood.ground.ids import new_id
from makegood.people.models import Staff
from tests.cast import SATURDAY_EVENING

pytestmark = pytest.mark.django_db
STEP = st.one_of(
    st.tuples(st.just("give"), st.integers(0, 6000)),
    st.tuples(st.just("take back"), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([10, 55, 3600, 6 * 3600, 86_400])),
    st.tuples(st.just("open"), st.integers(0, 9000)),
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, max_size=25))
def test_the_ledger_adds_up(bo: Staff, steps: list[tuple[str, Any]]) -> None:
    PurseEntry.objects.all().delete()
    Amends.objects.all().delete()
    Purse.objects.all().delete()
    now, last, largest = SATURDAY_EVENING, None, 7400
    purse = open_purse(staff=bo, daily=eur(7400))
    for what, how_much in steps:
        before = left_today(staff=bo, now=now)
        if what == "wait":
            now += timedelta(seconds=how_much)
        elif what == "open":
            purse, largest = open_purse(staff=bo, daily=eur(how_much)), max(largest, how_much)
        elif what == "give":
            gift = Gift(name="Something", worth=eur(how_much))
            tap = partial(give, about=new_id(), what=gift, by=bo, key=str(new_id()), now=now)
            if eur(how_much) <= before:
                last = tap()
                assert left_today(staff=bo, now=now) == before - eur(how_much)
            else:
                with pytest.raises(OverPurse) as refused:
                    tap()
                assert refused.value.missing == eur(how_much) - before
        elif last and now - last.given_at <= timedelta(seconds=60):
            take_back(amends=last, by=bo, now=now)
        entries = PurseEntry.objects.filter(purse=purse)
        assert purse.balance().minor == sum(entry.minor for entry in entries)
        assert 0 <= purse.balance().minor <= largest
        standing = Amends.objects.filter(taken_back_at=None)
        booked = -sum(entry.minor for entry in entries if entry.kind in ("given", "taken_back"))
        assert booked == sum(amends.minor for amends in standing)
