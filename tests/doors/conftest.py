"""A house for the doors that are served for real: its rows are committed."""

import pytest

from tests.doors.houses import House, build_house


@pytest.fixture
def house(transactional_db: None) -> House:
    return build_house()
