"""Pure parts of intake: what a sender said, how much it may send, how a place reads."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, strategies as st

from makegood.ground.refusals import Refused
from makegood.intake.limits import TouchpointLimit
from makegood.intake.pages import in_a_sentence
from makegood.intake.reading import FORM_TYPE, JSON_TYPE, read
from makegood.sense.press_statement import OFFLINE_FOR_AT_MOST

NOW = datetime(2026, 11, 21, 20, 12, tzinfo=UTC)


@given(st.binary(max_size=300), st.sampled_from([FORM_TYPE, JSON_TYPE, "text/plain", ""]))
def test_whatever_is_sent_is_read_or_refused(body: bytes, kind: str) -> None:
    with suppress(Refused):  # anything else is a bug
        key, happened_at = read(kind, body, now=NOW)
        assert 8 <= len(key) <= 64
        assert happened_at is None or NOW - OFFLINE_FOR_AT_MOST <= happened_at <= NOW


@given(st.datetimes(), st.datetimes())
def test_a_press_is_never_in_the_future_nor_older_than_a_day(
    pressed: datetime, sent: datetime
) -> None:
    times = f'"pressed_at":"{pressed.isoformat()}Z","sent_at":"{sent.isoformat()}Z"'
    body = f'{{"key":"a-key-of-mine",{times}}}'
    _, happened_at = read(JSON_TYPE, body.encode(), now=NOW)
    assert happened_at is not None
    assert NOW - OFFLINE_FOR_AT_MOST <= happened_at <= NOW


def test_a_thousand_at_once_are_let_in_and_a_flood_is_not() -> None:
    limit, table, other = TouchpointLimit(), uuid4(), uuid4()
    assert all(limit.take(table, 0, 0.0) for _ in range(2000))
    assert not limit.take(table, 0, 0.0)
    assert limit.take(other, 0, 0.0)
    assert sum(limit.take(table, 0, 1.0) for _ in range(100)) == 50


def test_a_stolen_card_does_not_use_up_what_its_renewed_link_may_send() -> None:
    limit, table = TouchpointLimit(at_once=2, per_second=0), uuid4()
    assert [limit.take(table, 0, 0.0) for _ in range(3)] == [True, True, False]
    assert limit.take(table, 1, 0.0)


@pytest.mark.parametrize(
    ("place", "language", "reads"),
    [
        ("Table 14", "en", "table 14"),
        ("Room 204", "en-GB", "room 204"),
        ("Tisch 14", "de", "Tisch 14"),
        ("WC 2", "en", "WC 2"),
        ("Terrace", "en", "Terrace"),
    ],
)
def test_a_place_reads_well_inside_a_sentence(place: str, language: str, reads: str) -> None:
    assert in_a_sentence(place, language) == reads


def test_a_late_press_keeps_its_time_without_a_sent_time() -> None:
    _, happened_at = read(FORM_TYPE, b"key=a-key-of-mine&pressed_at=2026-11-21T20:00:00Z", now=NOW)
    assert happened_at == NOW - timedelta(minutes=12)
