"""One statement keeps a batch of presses: once per key, whoever else is writing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest
from django.db import connection, transaction

from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint, renew_link, retire_touchpoint
from makegood.sense.press_statement import (
    EARLIER,
    OFFLINE_FOR_AT_MOST,
    STATEMENT,
    Press,
    earlier_parameters,
    is_key,
    parameters,
)
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


def add(presses, now=None):
    """The ids of the signals that are new."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters(presses, now=now))
        return {signal for (signal,) in cursor.fetchall()}


def earlier(*presses):
    """The signals that stand for these, in their order; None for those that were refused."""
    with connection.cursor() as cursor:
        cursor.execute(EARLIER, earlier_parameters(presses))
        found = {(touchpoint, key): signal for touchpoint, key, signal in cursor.fetchall()}
    return [found.get((press.touchpoint_id, press.key)) for press in presses]


def press(touchpoint, key="key-0001", **more):
    return Press(touchpoint_id=touchpoint.pk, link_version=touchpoint.link_version, key=key, **more)


def test_a_press_is_kept_with_all_its_place_knows(table_14, now):
    given = press(table_14)
    assert add([given], now) == {given.signal_id}
    signal = Signal.objects.get(pk=given.signal_id)
    assert (signal.kind, signal.state, signal.key) == ("press", Signal.State.WAITING, "key-0001")
    assert (signal.place, signal.dwell_minutes, signal.site_id) == ("Table 14", 4, table_14.site_id)
    assert signal.organisation_id == table_14.organisation_id
    assert (signal.topics, signal.words, signal.customer_id) == ([], "", None)
    assert signal.received_at == signal.happened_at == now
    told = Entry.objects.get(about=signal.pk)
    assert told.organisation_id == table_14.organisation_id
    assert (told.name, told.by, told.at) == ("sense.press_received", "customer", now)
    assert told.data == {"touchpoint_id": str(table_14.pk)}


def test_a_replay_finds_the_first(table_14, now):
    first, replay = press(table_14), press(table_14)
    add([first], now)
    assert add([replay], now + timedelta(minutes=1)) == set()
    assert earlier(replay) == [first.signal_id]
    assert facts_about(first.signal_id) == ["sense.press_received"]


def test_the_same_key_twice_in_one_batch_is_one_press(table_14, now):
    first, second, other = press(table_14), press(table_14), press(table_14, "key-0002")
    assert add([first, second, other], now) == {first.signal_id, other.signal_id}
    assert earlier(second) == [first.signal_id]
    assert Signal.objects.count() == Entry.objects.filter(name="sense.press_received").count() == 2


def test_the_same_key_elsewhere_is_another_press(table_14, harbour, now):
    table_15 = place_touchpoint(site=harbour, place="Table 15", now=now)
    assert len(add([press(table_14), press(table_15)], now)) == 2


def test_unknown_stale_and_retired_places_are_refused_and_spoil_no_batch(table_14, harbour, now):
    stale = press(table_14, "key-0002")
    table_14 = renew_link(touchpoint=table_14, now=now)
    gone = place_touchpoint(site=harbour, place="Spa desk", now=now)
    retire_touchpoint(touchpoint=gone, now=now)
    unknown = Press(touchpoint_id=new_id(), link_version=0, key="key-0003")
    retired, good = press(gone), press(table_14)
    assert add([stale, retired, unknown, good], now) == {good.signal_id}
    assert earlier(stale, retired, unknown) == [None, None, None]
    assert Signal.objects.count() == 1


def test_what_was_accepted_stays_accepted_when_the_link_is_renewed(table_14, now):
    first, replay = press(table_14), press(table_14)
    add([first], now)
    renew_link(touchpoint=table_14, now=now)
    assert add([replay], now) == set()
    assert earlier(replay) == [first.signal_id]


@pytest.mark.parametrize(
    ("ago", "kept"),
    [
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=3), OFFLINE_FOR_AT_MOST),
        (timedelta(minutes=-7), timedelta()),
    ],
)
def test_a_press_sent_late_keeps_its_time_within_reason(table_14, now, ago, kept):
    (found,) = add([press(table_14, happened_at=now - ago)], now)
    signal = Signal.objects.get(pk=found)
    assert (signal.happened_at, signal.received_at) == (now - kept, now)


def test_without_a_time_of_its_own_it_reads_the_clock_of_the_house(table_14):
    with connection.cursor() as cursor:
        cursor.execute("insert into ground_clock (id, ahead_by) values (1, interval '30 days')")
    world = datetime.now(UTC)
    (found,) = add([press(table_14, happened_at=world - timedelta(minutes=7))])
    signal = Signal.objects.get(pk=found)
    house = world + timedelta(days=30)
    assert abs(signal.received_at - house) < timedelta(minutes=1)
    assert abs(signal.happened_at - (house - timedelta(minutes=7))) < timedelta(minutes=1)


def test_keys_are_checked_before_they_reach_the_batch():
    assert is_key("0190b2c4-7f1e.a:b_c")
    bad_ones = ("", "short", "x" * 65, "key 0001", "key-\x00001", "key-0001\n")
    assert not any(is_key(bad) for bad in bad_ones)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_being_committed_elsewhere_is_waited_for_and_found(table_14, now):
    """Why the look-up is a statement of its own: the first one's snapshot is too old."""
    theirs, ours = press(table_14), press(table_14)
    with _another_connection() as other, ThreadPoolExecutor(1) as thread:
        other.execute(STATEMENT, parameters([theirs], now=now))  # not committed yet
        waiting = thread.submit(_add_elsewhere, [ours], now)
        _until_blocked()
        other.commit()
        assert waiting.result(timeout=10) == []
    assert earlier(ours) == [theirs.signal_id] == [Signal.objects.get().pk]


@pytest.mark.django_db(transaction=True)
def test_batches_with_the_same_keys_in_any_order_never_deadlock(table_14, now, at_once):
    keys = [f"key-{n:04}" for n in range(40)]

    def send(order):
        with transaction.atomic():
            return add([press(table_14, key) for key in order], now)

    outcomes = at_once(*[partial(send, order) for order in (keys, keys[::-1]) * 3])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Signal.objects.count() == len(keys)
    assert Entry.objects.filter(name="sense.press_received").count() == len(keys)
    assert sum(len(added) for added in outcomes) == len(keys)


def _another_connection():
    given = connection.get_connection_params() | {"options": "-c makegood.organisation=*"}
    given.pop("cursor_factory", None)
    given.pop("context", None)
    return psycopg.connect(**given)


def _add_elsewhere(presses, now):
    with _another_connection() as elsewhere:
        return elsewhere.execute(STATEMENT, parameters(presses, now=now)).fetchall()


def _until_blocked():
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
