"""Looks after hardware: what is not heard, or runs out, is told of before it is needed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from makegood.ground import chronicle
from makegood.ground.waiting import Work
from makegood.sense.facts import ButtonFaltered, ButtonRestored, LampFaltered, LampRestored
from makegood.sense.hearing_statement import LOW_BATTERY
from makegood.sense.models import Button, Hardware, Lamp

PUT_OFF_FOR = timedelta(minutes=1)
FACTS: Final = {Button: (ButtonFaltered, ButtonRestored), Lamp: (LampFaltered, LampRestored)}


def ailment_of(hardware: Hardware, *, now: datetime) -> str:
    """What is wrong with it: silent before its battery, which may be why; or nothing."""
    since = hardware.heard_at or hardware.added_at
    if hardware.silent_after is not None and since + hardware.silent_after <= now:
        return Hardware.Ailment.SILENT
    if hardware.battery is not None and hardware.battery <= LOW_BATTERY:
        return Hardware.Ailment.BATTERY
    return ""


def look_after(hardware: Sequence[Hardware], now: datetime) -> None:
    """Tells of those that falter, and of those that are well again: once each."""
    for one in hardware:
        before, one.ailment = one.ailment, ailment_of(one, now=now)
        one.look_at = _next_look(one)
        one.save(update_fields=["ailment", "look_at"])
        if one.ailment != before:
            _tell(one, now)


def _next_look(hardware: Hardware) -> datetime | None:
    """Who is silent is looked at when heard again."""
    if hardware.silent_after is None or hardware.ailment == Hardware.Ailment.SILENT:
        return None
    return (hardware.heard_at or hardware.added_at) + hardware.silent_after


def _tell(hardware: Hardware, now: datetime) -> None:
    faltered, restored = FACTS[type(hardware)]
    fact = faltered(ailment=hardware.ailment) if hardware.ailment else restored()
    chronicle.record(
        fact,
        organisation_id=hardware.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=hardware.pk,
        row=hardware,
    )


def _work(kind: type[Button] | type[Lamp], name: str) -> Work:
    rows = kind._default_manager

    def claim(now: datetime, limit: int) -> list[Hardware]:
        due = rows.filter(look_at__lte=now).order_by("look_at", "pk")
        return list(due.select_for_update(skip_locked=True, of=("self",))[:limit])

    def put_off(hardware: Hardware, error: Exception, now: datetime) -> None:
        rows.filter(pk=hardware.pk, look_at__lte=now).update(look_at=now + PUT_OFF_FOR)

    def next_look(now: datetime) -> datetime | None:
        waiting = rows.filter(look_at__isnull=False).order_by("look_at")
        return waiting.values_list("look_at", flat=True).first()

    return Work(name=name, claim=claim, treat=look_after, failed=put_off, next_due=next_look)


BUTTONS = _work(Button, "sense.buttons")
LAMPS = _work(Lamp, "sense.lamps")
