"""A fact is written once, and who hears it acts in its transaction."""

from datetime import datetime
from typing import ClassVar

import pytest
from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.chronicle import CUSTOMER, Fact
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.people.models import Organisation

pytestmark = pytest.mark.django_db


class PlateCracked(Fact, frozen=True, kw_only=True):
    """For these tests only."""

    name: ClassVar[str] = "test.plate_cracked"
    table: int


def crack(house: Organisation, now: datetime) -> Entry:
    return chronicle.record(
        PlateCracked(table=14), organisation_id=house.pk, at=now, by=CUSTOMER, about=new_id()
    )


def test_a_fact_is_kept_with_what_it_says(
    fairline: Organisation, now: datetime, silence: None
) -> None:
    entry = crack(fairline, now)
    entry.refresh_from_db()
    assert (entry.name, entry.data, entry.by) == ("test.plate_cracked", {"table": 14}, "customer")


def test_everybody_who_listens_hears_it_in_order(
    fairline: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    reactions = tuple(lambda entry, fact, who=who: heard.append(who) for who in ("first", "second"))
    monkeypatch.setattr(chronicle, "_reactions", {PlateCracked: reactions})
    crack(fairline, now)
    assert heard == ["first", "second"]


def test_a_reaction_that_breaks_takes_the_fact_back(
    fairline: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(entry: Entry, fact: PlateCracked) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(chronicle, "_reactions", {PlateCracked: (stumble,)})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        crack(fairline, now)
    assert not Entry.objects.filter(name="test.plate_cracked").exists()
