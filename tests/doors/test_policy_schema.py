"""Anybody's editor may have the schema of the policy document; it says nothing about a house."""

import json

import pytest
from django.test import Client

from makegood.recover.policy.schema import schema


@pytest.mark.django_db
def test_a_stranger_may_read_the_schema(client: Client) -> None:
    answer = client.get("/policy/schema.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/schema+json"
    assert "public" in answer["Cache-Control"]
    assert json.loads(answer.content) == schema()


@pytest.mark.django_db
def test_it_is_only_read(client: Client) -> None:
    assert client.post("/policy/schema.json").status_code == 405
