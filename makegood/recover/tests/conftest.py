"""What the tests of this room share: presses that are triaged, and lanes that have been run."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.ground.ids import new_id
from makegood.ground.waiting import treat_all_waiting
from makegood.people.duty import begin_duty
from makegood.people.models import Staff
from makegood.recover.access import case_of_signal
from makegood.recover.jobs import CALLBACKS, PAUSES, STEPS
from makegood.recover.models import Case
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS

Press = Callable[..., Signal]


@pytest.fixture
def press(table_14: Touchpoint, now: datetime) -> Press:
    """Presses the button at table 14 (`after` a while) and lets triage look at it."""

    def _press(*, after: timedelta = timedelta()) -> Signal:
        signal = receive_press(
            touchpoint=table_14, key=str(new_id()), happened_at=now + after, now=now + after
        )
        treat_all_waiting(SIGNALS, now=now + after)
        signal.refresh_from_db()
        return signal

    return _press


@pytest.fixture
def case(press: Press, bo: Staff, cy: Staff, now: datetime) -> Case:
    """One press at table 14, with Bo and Cy on duty."""
    for staff in (bo, cy):
        begin_duty(staff=staff, site=staff.site, felt_at=now, now=now)
    found = case_of_signal(press())
    assert found
    return found


@pytest.fixture
def tick() -> Callable[[datetime], int]:
    """Does all that is due at a moment."""

    def _tick(moment: datetime) -> int:
        return sum(treat_all_waiting(work, now=moment) for work in (PAUSES, STEPS, CALLBACKS))

    return _tick


@pytest.fixture
def now_madrid(now: datetime) -> datetime:
    """`now` as the clocks at Harbour show it."""
    return now.astimezone(ZoneInfo("Europe/Madrid"))
