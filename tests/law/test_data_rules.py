"""Laws about tables: foreign keys point downhill, tenants are fenced, facts are heard."""

import importlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from makegood import story
from makegood.ground import tenancy
from makegood.ground.chronicle import Fact
from tests.law.source import ROOMS_BY_HEIGHT

HEIGHT = {room: height for height, rooms in enumerate(ROOMS_BY_HEIGHT) for room in rooms}
UNFENCED = {
    "people_staff",  # sign-in must find the account before it knows the organisation
    "people_organisation",  # the tenant itself
}


def house_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.app_label in HEIGHT:
            yield model


def all_facts() -> set[type[Fact]]:
    facts: set[type[Fact]] = set()
    for room in HEIGHT:
        try:
            module = importlib.import_module(f"makegood.{room}.facts")
        except ModuleNotFoundError:
            continue
        facts |= {
            thing
            for thing in vars(module).values()
            if isinstance(thing, type) and issubclass(thing, Fact) and thing is not Fact
        }
    return facts


def test_foreign_keys_point_downhill() -> None:
    uphill = [
        f"{model.__name__}.{field.name}"
        for model in house_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and (other := field.related_model._meta.app_label) in HEIGHT
        and other != model._meta.app_label
        and HEIGHT[other] >= HEIGHT[model._meta.app_label]
    ]
    assert not uphill


@pytest.mark.django_db
def test_every_tenant_table_is_fenced() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        fenced = {name for (name,) in cursor.fetchall()}
    tenants = {
        model._meta.db_table
        for model in house_models()
        if any(field.attname == "organisation_id" for field in model._meta.concrete_fields)
    }
    assert tenants - UNFENCED <= fenced


@pytest.mark.django_db
def test_the_application_cannot_step_over_the_fence() -> None:
    assert tenancy.binds_us()


def test_every_fact_is_heard_or_listed_as_quiet() -> None:
    heard, quiet = set(story.HEARD), set(story.QUIET)
    assert not heard & quiet
    assert heard | quiet == all_facts()


def test_fact_names_are_unique_and_say_their_room() -> None:
    names = [fact.name for fact in all_facts()]
    assert len(names) == len(set(names))
    assert all(fact.name.split(".")[0] == fact.__module__.split(".")[1] for fact in all_facts())
