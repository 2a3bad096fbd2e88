"""Looks after the buttons: who has not been heard, or runs out, is told of before it is needed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from makegood.ground import chronicle
from makegood.ground.waiting import Work
from makegood.sense.facts import ButtonFaltered, ButtonRestored
from makegood.sense.hearing_statement import LOW_BATTERY
from makegood.sense.models import Button

PUT_OFF_FOR = timedelta(minutes=1)


def ailment_of(button: Button, *, now: datetime) -> str:
    """What is wrong with a button: silent before its battery, which may be why; or nothing."""
    since = button.heard_at or button.added_at
    if button.silent_after is not None and since + button.silent_after <= now:
        return Button.Ailment.SILENT
    if button.battery is not None and button.battery <= LOW_BATTERY:
        return Button.Ailment.BATTERY
    return ""


def claim_buttons(now: datetime, limit: int) -> list[Button]:
    """Buttons that somebody should look at, locked."""
    due = Button.objects.filter(look_at__lte=now).order_by("look_at", "pk")
    return list(due.select_for_update(skip_locked=True, of=("self",))[:limit])


def look_at_buttons(buttons: Sequence[Button], now: datetime) -> None:
    """Tells of those that falter, and of those that are well again: once each."""
    for button in buttons:
        before, button.ailment = button.ailment, ailment_of(button, now=now)
        button.look_at = _next_look(button)
        button.save(update_fields=["ailment", "look_at"])
        if button.ailment != before:
            _tell(button, now)


def put_off_button(button: Button, error: Exception, now: datetime) -> None:
    """Looks again in a minute."""
    Button.objects.filter(pk=button.pk, look_at__lte=now).update(look_at=now + PUT_OFF_FOR)


def next_look(now: datetime) -> datetime | None:
    """When the next button is looked at."""
    waiting = Button.objects.filter(look_at__isnull=False).order_by("look_at")
    return waiting.values_list("look_at", flat=True).first()


def _next_look(button: Button) -> datetime | None:
    """Who is silent is looked at when heard again."""
    if button.silent_after is None or button.ailment == Button.Ailment.SILENT:
        return None
    return (button.heard_at or button.added_at) + button.silent_after


def _tell(button: Button, now: datetime) -> None:
    fact = ButtonFaltered(ailment=button.ailment) if button.ailment else ButtonRestored()
    chronicle.record(
        fact,
        organisation_id=button.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=button.pk,
        row=button,
    )


BUTTONS = Work(
    name="sense.buttons",
    claim=claim_buttons,
    treat=look_at_buttons,
    failed=put_off_button,
    next_due=next_look,
)
