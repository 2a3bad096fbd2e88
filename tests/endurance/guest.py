"""A guest: presses, sometimes at a crowded place, and sometimes leaves an address."""

import uuid
from collections.abc import Iterator
from uuid import UUID

from makegood.ground.tokens import Seal
from tests.endurance.diary import Press
from tests.endurance.hotel import Table
from tests.endurance.person import Person

BETWEEN_PRESSES = 1.2  # seconds on average
LOSES_PATIENCE = 0.1
AT_A_CROWDED_PLACE = 0.2
LEAVES_AN_ADDRESS = 0.3
AS_A_PAGE = 0.5


class Guest:
    """One of several; they share the tables that nobody has pressed yet."""

    def __init__(
        self, person: Person, fresh: Iterator[Table], crowded: list[Table], seal: Seal
    ) -> None:
        self._person = person
        self._fresh = fresh
        self._crowded = crowded
        self._seal = seal

    def live(self) -> None:
        """Presses until the evening is over."""
        chance = self._person.chance
        for _ in self._person.moments(BETWEEN_PRESSES):
            table = chance.choice(self._crowded)
            if chance.random() > AT_A_CROWDED_PLACE:
                table = next(self._fresh, table)
            page = self._press(table)
            if page and chance.random() < LEAVES_AN_ADDRESS:
                self._leave_address(page)

    def _press(self, table: Table) -> str:
        """The address of the page after the press; empty if there was no answer."""
        key = uuid.uuid4().hex
        press = self._person.diary.presses[key] = Press(table.id)
        program = self._person.chance.random() > AS_A_PAGE
        sent = {"json": {"key": key}} if program else {"data": {"key": key}}
        answer = self._person.say("gateway", table.path, loses_patience=LOSES_PATIENCE, **sent)
        if answer is None:
            return ""
        assert answer.status_code == (202 if program else 303), answer.status_code
        page = answer.json()["url"] if program else answer.headers["location"]
        press.signal_id = self._signal_of(page)
        return str(page)

    def _signal_of(self, page: str) -> UUID:
        return self._seal.open("press", page.removeprefix("/p/")).id

    def _leave_address(self, page: str) -> None:
        address = f"{uuid.uuid4().hex}@guest.example"
        self._person.diary.addresses[address] = False
        answer = self._person.say("web", f"{page}/contact", data={"contact": address})
        assert answer is not None
        assert answer.status_code in (302, 303), answer.status_code
        self._person.diary.addresses[address] = True
