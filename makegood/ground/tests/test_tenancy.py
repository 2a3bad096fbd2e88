"""A tenant sees no other tenant's rows, even through SQL that forgot the filter."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, DataError, ProgrammingError, connection, transaction

from makegood.ground import tenancy
from makegood.people.models import Organisation, Site

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)


@pytest.fixture
def two_houses() -> tuple[Organisation, Organisation]:
    houses = tuple(Organisation.objects.create(name=name, created_at=NOW) for name in ("A", "B"))
    with tenancy.everywhere():
        for house in houses:
            Site.objects.create(organisation=house, name=f"Site of {house.name}")
    return houses  # type: ignore[return-value]


def test_a_scope_shows_one_organisation(two_houses: tuple[Organisation, Organisation]) -> None:
    with tenancy.scope(two_houses[0].id):
        assert [site.name for site in Site.objects.all()] == ["Site of A"]


def test_without_a_scope_nothing_is_seen(two_houses: tuple[Organisation, Organisation]) -> None:
    with tenancy.nowhere():
        assert not Site.objects.exists()


def test_scopes_nest_and_return(two_houses: tuple[Organisation, Organisation]) -> None:
    a, b = two_houses
    with tenancy.scope(a.id):
        with tenancy.scope(b.id):
            assert Site.objects.get().name == "Site of B"
        assert Site.objects.get().name == "Site of A"


def test_nothing_can_be_written_across_the_fence(
    two_houses: tuple[Organisation, Organisation],
) -> None:
    a, b = two_houses
    with tenancy.scope(a.id), pytest.raises(ProgrammingError), transaction.atomic():
        Site.objects.create(organisation=b, name="smuggled")


def test_a_scope_left_by_an_error_is_left_all_the_same(
    two_houses: tuple[Organisation, Organisation],
) -> None:
    a, b = two_houses
    with tenancy.scope(a.id):
        with pytest.raises(DatabaseError), transaction.atomic(), tenancy.scope(b.id):
            connection.cursor().execute("select 1/0")
        assert Site.objects.get().name == "Site of A"


def test_an_error_inside_a_scope_is_told_as_it_was(
    two_houses: tuple[Organisation, Organisation],
) -> None:
    with pytest.raises(DataError), transaction.atomic(), tenancy.scope(two_houses[0].id):
        connection.cursor().execute("select 1/0")
