"""What the stories share: an evening at Harbour."""

from datetime import datetime

import pytest

from makegood.people.models import Site, Staff
from tests.stories.stage import Evening


@pytest.fixture
def evening(harbour: Site, now: datetime) -> Evening:
    """Saturday evening at Harbour, 20:12:07; nobody is on duty yet."""
    return Evening(harbour, now)


@pytest.fixture
def full_house(evening: Evening, bo: Staff, mina: Staff, cy: Staff, di: Staff) -> Evening:
    """The same evening with Bo and Mina on duty; Cy manages, Di owns, both within reach."""
    evening.comes_on_duty(bo)
    evening.later(seconds=1)
    evening.comes_on_duty(mina)
    return evening
