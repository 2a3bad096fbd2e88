"""The processes of the year: a worker, two ticks, the people of every site, and a PostgreSQL.

PostgreSQL does without fsync: it is struck dead itself, the machine beneath it never is.
"""

import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import msgspec

from makegood.console.box.postgres import EmbeddedPostgres
from tests.endurance.standing_house import MIGRATE, ROOT, StandingHouse
from tests.endurance.year.town import Lived, Stretch, Town

POLICIES = Path(__file__).parent / "policies"
FOUND = "import django; django.setup(); from tests.endurance.year.founding import main; main()"
LIVE = "import django; django.setup(); from tests.endurance.year.people import main; main()"
UNDISTURBED = {"fsync": "off"}


class YearHouse(StandingHouse):
    """Worker, tick and another tick, which can be struck; and people, who cannot."""

    PARTS: ClassVar = {"worker": ("--lanes", "urgent,ordinary"), "tick": (), "tock": ()}
    LANES: ClassVar = {"worker": 2, "tick": 1, "tock": 1}
    COMMANDS: ClassVar = {"tock": "tick"}

    def __init__(self, base: Path) -> None:
        super().__init__(base, EmbeddedPostgres(base / "postgres", settings=UNDISTURBED))
        self._people: list[subprocess.Popen[str]] = []

    def found_town(self, *, tables: int) -> Town:
        """Makes the database's tables and founds the houses, with the first policy in force."""
        self._run(MIGRATE)
        said = self._run(FOUND, str(tables), str(POLICIES / "1.yaml"))
        return msgspec.json.decode(said, type=Town)

    def invite(self, town: Town, *, seed: int) -> None:
        """Starts the people of every site."""
        environ = self._environ | {"DJANGO_SETTINGS_MODULE": "makegood.config.settings"}
        environ["PGAPPNAME"] = "people"
        for place in town.places:
            command = [sys.executable, "-c", LIVE, str(seed), str(place.id)]
            self._people.append(
                subprocess.Popen(
                    command,
                    env=environ,
                    cwd=ROOT,
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )

    def tell(self, stretches: list[Stretch]) -> None:
        """Lets the people of each site begin to live a stretch, all at the same time."""
        for people, stretch in zip(self._people, stretches, strict=True):
            assert people.stdin
            people.stdin.write(msgspec.json.encode(stretch).decode() + "\n")
            people.stdin.flush()

    def hear(self) -> list[Lived]:
        """Waits until they have lived it."""
        return [self._heard(people) for people in self._people]

    def last_words(self) -> str:
        """What each part said last."""
        return "\n".join(f"{name}: {self.said(name)[-3000:]}" for name in self.PARTS)

    def stop(self) -> None:
        """Everybody goes home, and every part ends."""
        for people in self._people:
            people.communicate(timeout=60)
        self._people.clear()
        super().stop()

    def _heard(self, people: subprocess.Popen[str]) -> Lived:
        assert people.stdout
        line = people.stdout.readline()
        assert line, "the people of a site are gone"
        return msgspec.json.decode(line, type=Lived)
