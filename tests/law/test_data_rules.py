"""Laws about tables: foreign keys point downhill, tenants are fenced, facts are heard."""

import importlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import F, Q

from makegood import story
from makegood.ground import tenancy
from makegood.ground.chronicle import Fact
from makegood.ground.waiting import treat_all_waiting
from makegood.people.duty import begin_duty
from makegood.people.models import Part, Staff
from makegood.sense.models import Touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from tests.law.source import ROOMS_BY_HEIGHT

HEIGHT = {room: height for height, rooms in enumerate(ROOMS_BY_HEIGHT) for room in rooms}
UNFENCED = {
    "people_staff",  # sign-in must find the account before it knows the organisation
    "people_organisation",  # the tenant itself
}
PARTS = [model for model in apps.get_models() if issubclass(model, Part)]


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


def test_the_database_checks_what_parts_are_part_of() -> None:
    """Their own organisation is copied and not checked: that of the whole is, or of its whole."""
    for part in PARTS:
        whole: Any = part._meta.get_field(part.whole)
        assert _is_checked(whole)
        assert not whole.null
        owner = whole.related_model
        assert owner in PARTS or _is_checked(owner._meta.get_field("organisation"))


def _is_checked(field: Any) -> bool:
    return isinstance(field, models.ForeignKey) and bool(getattr(field, "db_constraint", False))


@pytest.mark.django_db
def test_parts_are_of_the_organisation_of_their_whole(
    bo: Staff, table_14: Touchpoint, now: datetime
) -> None:
    begin_duty(staff=bo, site=bo.site, felt_at=now, now=now)
    receive_press(touchpoint=table_14, key="a-press-of-two", now=now)
    treat_all_waiting(SIGNALS, now=now)
    for part in PARTS:
        ours = Q(organisation=F(f"{part.whole}__organisation"))
        assert part._default_manager.filter(ours).exists()
        assert not part._default_manager.exclude(ours).exists()


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
