"""Bo's letter to Ana."""

from datetime import datetime
from uuid import UUID

import pytest

from makegood.ground.ids import new_id
from makegood.people.models import Customer, Staff
from makegood.words.models import Letter
from makegood.words.writing import draft_letter

BODY = """Dear Ana,

Your dinner came cold and nobody came by. That was our doing, and I am sorry."""


@pytest.fixture(autouse=True)
def alone(silence: None) -> None:
    """This room is tested without the others."""


@pytest.fixture
def matter() -> UUID:
    """What the letters are about; opaque to this room."""
    return new_id()


@pytest.fixture
def letter(ana: Customer, bo: Staff, matter: UUID, now: datetime) -> Letter:
    """Bo's draft to Ana."""
    return draft_letter(
        about=matter,
        customer=ana,
        sender=bo,
        kind=Letter.Kind.APOLOGY,
        subject="About your dinner",
        body=BODY,
        link="/m/a-token",
        now=now,
    )
