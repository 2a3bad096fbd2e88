"""Makes the attempts of a ring: the person's screen, and each of their devices when it may ring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from makegood.ground import rows, wakeup
from makegood.page.channels import registry
from makegood.page.models import Attempt, Page
from makegood.page.rungs.ladder import Person

LANE: Final = "carrying"


@dataclass(frozen=True)
class Attempts:
    """What was just made, and which told devices ring with the screens of their people."""

    made: Sequence[Attempt]

    @property
    def told(self) -> list[UUID]:
        return [one.device_id for one in self.made if one.device_id and one.sent_at]


def attempts_for(
    page: Page,
    people: Iterable[Person],
    *,
    now: datetime,
    until_known: bool = False,
    again: int = 0,
) -> Attempts:
    """One for each screen and each device of `people`. Not saved yet.

    Told devices that may ring now are handed over with this; the others wait in `hand_over_at`.
    `until_known`: they ring on for each of them who has not answered, whoever goes; `again`: how
    often these were rung in this round before.
    """
    made = [attempt for person in people for attempt in _of_person(page, person, now)]
    for attempt in made:
        attempt.until_known, attempt.again = until_known, again
    return Attempts(made)


def keep(attempts: Iterable[Attempts]) -> None:
    """Writes them all in one statement, and wakes who carries what waits."""
    made = [attempt for some in attempts for attempt in some.made]
    rows.insert_all(Attempt, made)
    if any(attempt.hand_over_at for attempt in made):
        wakeup.wake(LANE)


def _of_person(page: Page, person: Person, now: datetime) -> Iterable[Attempt]:
    yield _attempt(page, person, now, channel=registry.SCREEN.name, sent_at=now)
    for thing, at in person.kit.rings_at(page.severity, now):
        rings_now = registry.is_told(thing.channel) and at <= now
        yield _attempt(
            page,
            person,
            now,
            channel=thing.channel,
            device_id=thing.id,
            sent_at=now if rings_now else None,
            hand_over_at=None if rings_now else at,
        )


def _attempt(page: Page, person: Person, now: datetime, **how: object) -> Attempt:
    return Attempt(
        organisation_id=page.organisation_id,
        page=page,
        staff_id=person.id,
        round=page.round,
        rung=page.rung,
        made_at=now,
        **how,
    )
