"""A press through Django: the console, tests, and doors other than `intake`."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from makegood.ground import wakeup
from makegood.ground.refusals import Invalid, Refused
from makegood.sense import press_statement
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.press_statement import Press


def receive_press(
    *, touchpoint: Touchpoint, key: str, now: datetime, happened_at: datetime | None = None
) -> Signal:
    """Keeps a press with the statement `intake` uses; the same key again is the same signal.

    Refuses a key no sender would make, and a touchpoint that is retired. The connection must see
    every organisation or this one.
    """
    if not press_statement.is_key(key):
        raise Invalid("A key is 8 to 64 letters, digits, dots and dashes.", field="key")
    press = Press(
        touchpoint_id=touchpoint.pk,
        link_version=touchpoint.link_version,
        key=key,
        happened_at=happened_at,
    )
    with transaction.atomic():
        if _add(press, now):
            wakeup.wake("urgent")
            signal_id = press.signal_id
        else:
            signal_id = _earlier(press)
    return Signal.objects.select_related("site").get(pk=signal_id)


def _add(press: Press, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(press_statement.STATEMENT, press_statement.parameters([press], now=now))
        return cursor.fetchone() is not None


def _earlier(press: Press) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(press_statement.EARLIER, press_statement.earlier_parameters([press]))
        found = cursor.fetchone()
    if found is None:
        raise Refused("This button is not in use any more.", code="retired", status=410)
    signal_id: UUID = found[2]
    return signal_id
