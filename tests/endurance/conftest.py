"""One storm for all the tests of this folder: they look at what it leaves."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endurance.aftermath import Aftermath, unsettled
from tests.endurance.crowd import Crowd
from tests.endurance.standing_house import SECRET, StandingHouse
from tests.endurance.storm import Storm

TABLES_PER_KILL = 80
SETTLES_WITHIN = 240.0
LAMPS_ARE_RIGHT_WITHIN = 75.0  # they are told again every minute
SUMMARY = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How hard, and which storm."""
    group = parser.getgroup("endurance")
    group.addoption("--kills", type=int, default=20, help="strikes at each process")
    group.addoption("--seed", type=int, help="the storm of an earlier run")
    group.addoption("--cases", type=int, default=5000, help="cases of the year")


def pytest_configure(config: pytest.Config) -> None:
    """Chooses a storm."""
    if config.option.seed is None:
        config.option.seed = random.randrange(1_000_000)


def pytest_report_header(config: pytest.Config) -> str:
    """Says which, before it begins."""
    chosen = config.option
    return f"storm: --kills {chosen.kills} --cases {chosen.cases} --seed {chosen.seed}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What happened in it."""
    for line in terminalreporter.config.stash.get(SUMMARY, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def base() -> Iterator[Path]:
    """A directory PostgreSQL's own account can enter; pytest's own are closed to it."""
    made = Path(tempfile.mkdtemp(prefix="makegood-endurance-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def aftermath(base: Path, pytestconfig: pytest.Config) -> Iterator[Aftermath]:
    """A house that went through a storm with its guests and hosts in it, and came to rest."""
    kills, seed = pytestconfig.option.kills, pytestconfig.option.seed
    with StandingHouse(base) as house:
        hotel = house.found(tables=TABLES_PER_KILL * max(kills, 4))
        house.open()
        crowd = Crowd(
            hotel, url=house.url, mqtt_port=house.mqtt_port, database_url=house.postgres.url,
            secret=SECRET, seed=seed,
        )  # fmt: skip
        with crowd:
            storm = Storm(house, crowd, seed=seed, kills=kills)
            storm.rage()
            crowd.last_orders()
            house.wait_until(
                lambda: not unsettled(house.view), "everything settles", patience=SETTLES_WITHIN
            )
            house.wait_until(
                lambda: all(lamp.is_right(house.view) for lamp in crowd.lamps),
                "lamps show who waits",
                patience=LAMPS_ARE_RIGHT_WITHIN,
            )
            house.check()
            at_rest = house.view.one("select makegood_now()")
            house.stop()
        outbox = base / "data" / "outbox"
        left = Aftermath(house.view, crowd.diary, storm, outbox, at_rest, seed)
        pytestconfig.stash[SUMMARY] = left.summary()
        yield left
