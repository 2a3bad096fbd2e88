"""A `tick` under measurement: claims, treats and commits steps when it is told to.

`sweeper.main()` where Django is set up reads one order per line and answers each with one line:
`found`, `idle TIMES MOMENT`, `reach HOW_MANY` (the moment at which so many are due), and
`sweep HANDS MOMENT` with HANDS `none` or `real`. Everything but the hands is the product's own.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from django.db import transaction

from bench.rig.orders import Idle, Swept
from makegood.ground import clock, tenancy
from makegood.ground.ids import new_id
from makegood.ground.waiting import Work, treat_all_waiting, treat_waiting
from makegood.people.duty import begin_duty
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Role, Site
from makegood.recover.jobs import STEPS
from makegood.recover.models import Case, Step
from makegood.recover.steps.sweeping import HANDS, look_at_steps
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.adding import leave_contact
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS


def main() -> None:
    """Does what it is told until there are no more orders."""
    with tenancy.everywhere(), os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # what the product logs is no answer
        for line in sys.stdin:
            order, *words = line.split()
            answer = ORDERS[order](*words)
            answers.write(msgspec.json.encode(answer).decode() + "\n")
            answers.flush()


def found() -> str:
    """Opens, through the verbs, the case that becomes many; says when it was opened."""
    now = clock.now()
    with transaction.atomic():
        house = create_organisation(
            name="The Fairline Hotel", site_name="Harbour", timezone="Europe/Madrid",
            currency="EUR", first_name="Di", last_name="Okoro", email="di@bench.example",
            password="goldener Riss im Teller", now=now,
        )  # fmt: skip
        publish(organisation=house, text=_at_any_hour(DEFAULT_TEXT), by=None, now=now)
        site = Site.objects.get(organisation=house)
        _hire(site, "Bo", Role.HOST, now)
        _hire(site, "Cy", Role.MANAGER, now)
        table = place_touchpoint(site=site, place="Table 0", now=now)
        signal = receive_press(touchpoint=table, key=str(new_id()), now=now)
        leave_contact(signal=signal, contact="guest-0@bench.example", now=now)
    treat_all_waiting(SIGNALS, now=now)
    return Case.objects.get().opened_at.isoformat()


def idle(times: str, moment: str) -> Idle:
    """Looks, as a lane does, for steps that are due and for when the next will be."""
    now = datetime.fromisoformat(moment)
    sweeps, looks = [], []
    for _ in range(int(times)):
        began = time.perf_counter()
        assert treat_waiting(STEPS, now=now) == 0, "something is due after all"
        swept = time.perf_counter()
        assert STEPS.next_due
        STEPS.next_due(now)
        sweeps.append(swept - began)
        looks.append(time.perf_counter() - swept)
    return Idle(sweeps, looks)


def reach(how_many: str) -> str:
    """The moment at which so many steps are due."""
    waiting = Step.objects.waiting().filter(look_at__isnull=False).order_by("look_at")
    last = waiting.values_list("look_at", flat=True)[int(how_many) - 1]
    assert last
    return last.isoformat()


def sweep(hands: str, moment: str) -> Swept:
    """Does all that is due, beside whoever else does."""
    stage = _Stage(look_at_steps if hands == "real" else _without_hands)
    began, used = time.perf_counter(), os.times()
    steps = batches = 0
    while took := treat_waiting(stage.work, now=datetime.fromisoformat(moment)):
        steps, batches = steps + took, batches + 1
    lasted, spent = time.perf_counter() - began, os.times()
    processor = spent.user + spent.system - used.user - used.system
    return Swept(steps, batches, lasted, stage.claiming, stage.treating, processor)


_without_hands = partial(look_at_steps, hands={name: lambda due, now: None for name in HANDS})


class _Stage:
    """The product's work with a watch in front of its two halves; the rest is the commit."""

    def __init__(self, treat: Callable[..., None]) -> None:
        self.claiming = self.treating = 0.0
        self._treat = treat
        self.work: Work = replace(STEPS, claim=self._claims, treat=self._treats)

    def _claims(self, now: datetime, limit: int) -> Any:
        began = time.perf_counter()
        rows = STEPS.claim(now, limit)
        self.claiming += time.perf_counter() - began
        return rows

    def _treats(self, rows: Any, now: datetime) -> None:
        began = time.perf_counter()
        self._treat(rows, now)
        self.treating += time.perf_counter() - began


def _at_any_hour(text: str) -> str:
    """So that a question is asked when it is due: putting it off for the night is another work."""
    night = "waking_hours: 9:00 to 20:00"
    assert text.count(night) == 1, "the default policy has changed"
    return text.replace(night, "waking_hours: 0:00 to 23:59")


def _hire(site: Site, name: str, role: Role, now: datetime) -> None:
    staff = add_staff(
        site=site, first_name=name, last_name="Lindqvist", email=f"{name.lower()}@bench.example",
        role=role, title="Host", now=now,
    )  # fmt: skip
    begin_duty(staff=staff, site=site, felt_at=now, now=now)


ORDERS: dict[str, Callable[..., Any]] = {
    "found": found, "idle": idle, "reach": reach, "sweep": sweep,
}  # fmt: skip
