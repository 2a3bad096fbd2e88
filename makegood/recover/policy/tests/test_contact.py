"""The contact budget, waking hours, and when a house may give up."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from makegood.recover.policy import parse
from makegood.recover.policy.contact import Contact, Waking
from makegood.recover.policy.starters import starters

POLICY = parse(starters()["hotel"].text)
MADRID = ZoneInfo("Europe/Madrid")
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(lambda since: START + since)
CONTACTS = st.builds(
    lambda begins, hours, at_most, days: Contact(
        Waking(time(begins), time(begins + hours)), at_most, timedelta(days), timedelta(14)
    ),
    st.integers(0, 11), st.integers(1, 12), st.integers(1, 4), st.integers(1, 60),
)  # fmt: skip


def madrid(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("wanted", "leaves"),
    [
        (madrid(2026, 11, 21, 12), madrid(2026, 11, 21, 12)),
        (madrid(2026, 11, 21, 20), madrid(2026, 11, 22, 9)),
        (madrid(2026, 11, 21, 23, 30), madrid(2026, 11, 22, 9)),
        (madrid(2026, 11, 22, 3), madrid(2026, 11, 22, 9)),
        (madrid(2026, 10, 24, 23), madrid(2026, 10, 25, 9)),  # the clocks change that night
    ],
)
def test_the_house_writes_in_waking_hours(wanted, leaves) -> None:
    assert POLICY.contact.next_allowed(wanted, zone=MADRID) == leaves


def test_the_fourth_message_of_a_month_waits_until_there_is_room() -> None:
    sent = [madrid(2026, 11, day, 12) for day in (1, 10, 20)]
    leaves = POLICY.contact.next_allowed(madrid(2026, 11, 21, 12), zone=MADRID, sent=sent)
    assert leaves == madrid(2026, 12, 1, 12)
    assert POLICY.contact.next_allowed(madrid(2026, 12, 2, 12), zone=MADRID, sent=sent) == madrid(
        2026, 12, 2, 12
    )


@given(CONTACTS, MOMENTS, st.lists(MOMENTS, max_size=12))
def test_whatever_was_sent_the_next_moment_keeps_the_budget_and_the_hours(
    contact, wanted, sent
) -> None:
    leaves = contact.next_allowed(wanted, zone=MADRID, sent=sent)
    assert leaves >= wanted
    clock = leaves.astimezone(MADRID).time()
    assert contact.waking.begins_at <= clock
    assert clock < contact.waking.ends_at or leaves > wanted
    assert sum(at > leaves - contact.within for at in sent) < contact.at_most


@given(CONTACTS, MOMENTS, st.lists(MOMENTS, max_size=8), MOMENTS)
def test_one_more_message_never_lets_the_next_leave_earlier(contact, wanted, sent, more) -> None:
    without = contact.next_allowed(wanted, zone=MADRID, sent=sent)
    assert contact.next_allowed(wanted, zone=MADRID, sent=[*sent, more]) >= without


def test_three_attempts_on_different_days_are_three_and_in_one_evening_one() -> None:
    evening = [madrid(2026, 11, 21, 18, minute).date() for minute in (0, 10, 20)]
    days = [madrid(2026, 11, day, 18).date() for day in (21, 22, 24)]
    assert POLICY.closing.counted(evening) == 1
    assert POLICY.closing.counted(days + evening) == 3
    assert POLICY.closing.may_give_up(days)
    assert not POLICY.closing.may_give_up(days[:2])


def test_who_stays_away_twice_as_long_as_usual_is_missed_but_not_before_two_months() -> None:
    assert POLICY.silence.begins_after(timedelta(days=7)) == timedelta(days=60)
    assert POLICY.silence.begins_after(timedelta(days=45)) == timedelta(days=90)
