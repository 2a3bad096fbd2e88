"""One year for all the tests of this folder: they look at what it leaves."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endurance.conftest import SUMMARY
from tests.endurance.year.hindsight import Hindsight
from tests.endurance.year.house import YearHouse
from tests.endurance.year.living import Year


@pytest.fixture(scope="session")
def hindsight(pytestconfig: pytest.Config) -> Iterator[Hindsight]:
    """A year that was lived through, with strikes, and came to rest."""
    chosen = pytestconfig.option
    base = Path(tempfile.mkdtemp(prefix="makegood-year-"))
    base.chmod(0o711)
    try:
        with YearHouse(base) as house:
            town = house.found_town(tables=max(20, chosen.cases // 40))
            house.open()
            house.invite(town, seed=chosen.seed)
            year = Year(house, town, seed=chosen.seed, cases=chosen.cases, kills=chosen.kills)
            year.pass_by()
            house.stop()
            log = "".join(house.said(name) for name in house.PARTS)
            seen = Hindsight(house.view, year, chosen.seed, log)
            pytestconfig.stash[SUMMARY] = [
                *pytestconfig.stash.get(SUMMARY, []), *seen.summary(),
            ]  # fmt: skip
            yield seen
    finally:
        shutil.rmtree(base, ignore_errors=True)
