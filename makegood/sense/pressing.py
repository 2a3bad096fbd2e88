"""A press through Django: the console, tests, and doors other than `intake`."""

from datetime import datetime

from django.db import connection, transaction

from makegood.ground import wakeup
from makegood.ground.refusals import Invalid, Refused
from makegood.sense import press_statement
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.press_statement import Committed, Press


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
        committed = _commit(press, now)
        if committed.unsettled:
            committed = _commit(press, now)
        if committed.signal_id is None:
            raise Refused("This button is not in use any more.", code="retired", status=410)
        if committed.was_new:
            wakeup.wake("urgent")
    return Signal.objects.select_related("site").get(pk=committed.signal_id)


def _commit(press: Press, now: datetime) -> Committed:
    with connection.cursor() as cursor:
        cursor.execute(press_statement.STATEMENT, press_statement.parameters([press], now=now))
        (committed,) = press_statement.read(cursor.fetchall())
    return committed
