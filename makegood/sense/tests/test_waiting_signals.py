"""Claiming signals that wait: what is read of them is what they are while they are held."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground.ids import new_id
from makegood.sense import waiting_signals
from makegood.sense.adding import leave_contact
from makegood.sense.pressing import receive_press

pytestmark = pytest.mark.django_db


def test_who_it_is_is_read_once_the_signal_is_held(table_14, now):
    """A guest who names themselves while a worker reaches for their press is not lost.

    A row that changes between a statement's snapshot and its lock is read anew; what was joined
    to it is not.
    """
    press = receive_press(touchpoint=table_14, key=str(new_id()), now=now)
    ana = leave_contact(signal=press, contact="ana@guest.example", now=now)
    with CaptureQueriesContext(connection) as asked:
        [claimed] = waiting_signals.claim(now, 10)
        assert claimed.customer == ana
    locking, *after = [query["sql"] for query in asked.captured_queries]
    assert "FOR NO KEY UPDATE" in locking
    assert "people_customer" not in locking
    assert len(after) == 1
