"""The catalogue is kept by names that people recognise."""

from datetime import datetime

import pytest

from makegood.amends import access
from makegood.amends.catalogue import add_remedy, rename_remedy, retire_remedy
from makegood.amends.tests.conftest import Menu, eur
from makegood.ground.money import Money
from makegood.ground.refusals import NotFound, Refused
from makegood.people.models import Site, Staff

pytestmark = pytest.mark.django_db


def test_a_remedy_is_offered_until_it_is_retired(harbour: Site, menu: Menu, now: datetime) -> None:
    retire_remedy(remedy=menu.dessert, now=now)
    retire_remedy(remedy=menu.dessert, now=now)
    names = [remedy.name for remedy in access.remedies_at(harbour)]
    assert names == ["Fresh main, now", "Both mains off the bill", "Dinner for two"]


def test_a_name_is_free_again_once_retired(harbour: Site, menu: Menu, now: datetime) -> None:
    retire_remedy(remedy=menu.dessert, now=now)
    again = add_remedy(site=harbour, name="Dessert and coffee, two", price=eur(1800))
    assert again in access.remedies_at(harbour)


def test_renaming_keeps_it_one_of_a_kind(menu: Menu) -> None:
    renamed = rename_remedy(remedy=menu.dessert, name=" Dessert  for two ", note="For the wait")
    assert (renamed.name, renamed.note) == ("Dessert for two", "For the wait")
    rename_remedy(remedy=menu.dessert, name="dessert for two")  # its own name in other letters
    with pytest.raises(Refused, match="already") as refused:
        rename_remedy(remedy=menu.dessert, name="FRESH MAIN, NOW")
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Dinner for TWO"}, "name"),
        ({"price": eur(-1)}, "price"),
        ({"price": eur(2_000_000_000)}, "price"),
        ({"price": Money(100, "USD")}, "price"),
        ({"note": "x" * 121}, "note"),
        ({"kind": "bribe"}, "kind"),
    ],
)
def test_a_wrong_remedy_is_refused_by_field(
    harbour: Site, menu: Menu, wrong: dict[str, object], field: str
) -> None:
    right: dict[str, object] = {"name": "Flowers", "price": eur(2500)}
    with pytest.raises(Refused) as refused:
        add_remedy(site=harbour, **{**right, **wrong})  # type: ignore[arg-type]
    assert refused.value.field == field


def test_another_house_finds_nothing(menu: Menu, bo: Staff, stranger: Staff) -> None:
    assert access.remedy_for(bo, menu.dessert.pk) == menu.dessert
    with pytest.raises(NotFound):
        access.remedy_for(stranger, menu.dessert.pk)
