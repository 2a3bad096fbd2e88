"""A fact is written once, and who hears it acts in its transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

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


def test_who_hears_together_hears_all_of_a_recording_at_once(
    fairline: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    each = lambda entry, fact: heard.append(fact.table)  # noqa: E731
    all_of_them = chronicle.together(lambda told: heard.append([fact.table for _, fact in told]))
    monkeypatch.setattr(chronicle, "_reactions", {PlateCracked: (each, all_of_them, each)})
    tellings = [
        chronicle.Telling(
            fact=PlateCracked(table=table), organisation_id=fairline.pk, at=now, by=CUSTOMER,
            about=new_id(),
        )
        for table in (1, 2)
    ]  # fmt: skip
    entries = chronicle.record_all(tellings)
    assert heard == [1, 2, [1, 2], 1, 2]
    assert list(Entry.objects.filter(pk__in=[e.pk for e in entries]).order_by("pk")) == entries


def test_who_hears_together_hears_a_single_fact_too(
    fairline: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    hear = chronicle.together(lambda told: heard.append(len(told)))
    monkeypatch.setattr(chronicle, "_reactions", {PlateCracked: (hear,)})
    crack(fairline, now)
    assert heard == [1]


def test_nothing_to_record_is_fine(django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(0):
        assert chronicle.record_all([]) == []
