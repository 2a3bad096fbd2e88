"""When a device may ring: after its delay, and not in a quiet it would fall into."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, strategies as st

from makegood.page.equipment.kit import LONGEST_DELAY, Kit, Quiet, Thing, read

ZONES = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
MADRID = ZoneInfo("Europe/Madrid")
NIGHT = Quiet(time(22), time(7), 4, "Europe/Madrid")

clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))
quiets = st.builds(Quiet, clocks, clocks, st.integers(2, 5), st.sampled_from(ZONES)).filter(
    lambda quiet: quiet.begins != quiet.ends
)


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=MADRID).astimezone(UTC)


NOW = at(12)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: at(0) + timedelta(minutes=n))


def test_the_night_is_quiet_for_what_is_small():
    assert NIGHT.over_at(3, at(23)) == at(7, day=21)
    assert NIGHT.over_at(3, at(6, 59)) == at(7)
    assert NIGHT.over_at(3, at(7)) == at(7)
    assert NIGHT.over_at(3, at(21, 59)) == at(21, 59)


def test_what_is_grave_rings_at_night():
    assert NIGHT.over_at(4, at(23)) == at(23)


def test_quiet_within_one_day():
    siesta = Quiet(time(14), time(16), 4, "Europe/Madrid")
    assert siesta.over_at(1, at(15)) == at(16)
    assert siesta.over_at(1, at(16)) == at(16)


def test_a_delay_that_falls_into_the_quiet_waits_for_its_end():
    phone = Thing(UUID(int=1), "webpush")
    kit = Kit([phone], {phone.id: timedelta(minutes=5)}, NIGHT)
    assert kit.rings_at(3, at(21, 58)) == [(phone, at(7, day=21))]


def test_the_quiet_that_holds_and_the_one_that_comes():
    assert NIGHT.span(at(23)) == (at(22), at(7, day=21))
    assert NIGHT.span(at(3, day=21)) == (at(22), at(7, day=21))
    assert NIGHT.span(at(12)) == (at(22), at(7, day=21))
    assert NIGHT.span(at(7, day=21)) == (at(22, day=21), at(7, day=22))


@given(quiets, moments)
def test_an_open_pager_that_knows_the_span_is_quiet_when_devices_are(quiet, now):
    begins, ends = quiet.span(now)
    assert begins <= ends <= begins + timedelta(hours=25)
    assert now - timedelta(hours=25) <= begins <= now + timedelta(hours=25)
    small = quiet.below - 1
    assert (begins <= now < ends) == (quiet.over_at(small, now) > now)
    if now < begins < ends:
        before = begins - timedelta(minutes=1)
        assert before < now or quiet.over_at(small, before) == before
        assert quiet.over_at(small, begins) == ends


@given(quiets, moments, st.integers(1, 5))
@example(
    Quiet(time(2, 0), time(2, 30), 4, "Europe/Madrid"), datetime(2026, 10, 25, 1, 15, tzinfo=UTC), 1
)
@example(
    Quiet(time(1, 0), time(2, 30), 4, "Europe/Madrid"), datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 1
)
def test_a_quiet_ends_within_a_day_and_never_before_now(quiet, now, severity):
    over = quiet.over_at(severity, now)
    assert now <= over <= now + timedelta(hours=25)
    if severity >= quiet.below:
        assert over == now


@given(quiets, moments)
def test_whoever_waits_for_the_end_of_the_quiet_rings_then(quiet, now):
    over = quiet.over_at(1, now)
    again = quiet.over_at(1, over)
    # the hour that the end of summer time repeats may be quiet twice
    assert again == over or again - over <= timedelta(hours=1)


@given(st.lists(st.integers(-5000, 5000), min_size=1, max_size=5), moments)
def test_every_device_rings_once_the_first_first_and_within_reason(delays, now):
    things = [[str(UUID(int=number)), "webpush", False] for number in range(len(delays))]
    wishes = [{things[n][0]: delay for n, delay in enumerate(delays)}, None, None, 4]
    times = read(things, wishes, "UTC").rings_at(3, now)
    assert {str(thing.id) for thing, _ in times} == {name for name, *_ in things}
    assert [moment for _, moment in times] == sorted(moment for _, moment in times)
    assert all(now <= moment <= now + LONGEST_DELAY for _, moment in times)


def delays_of(*kit: tuple[int, bool]) -> list[int]:
    """When each of these, after so many seconds and lost or not, rings; in their order."""
    things = [[str(UUID(int=n)), "wrist", lost] for n, (_, lost) in enumerate(kit)]
    wishes = [{things[n][0]: delay for n, (delay, _) in enumerate(kit)}, None, None, 4]
    rings = {thing.id.int: moment for thing, moment in read(things, wishes, "UTC").rings_at(3, NOW)}
    return [int((rings[n] - NOW).total_seconds()) for n in range(len(kit))]


def test_nobody_waits_behind_a_wrist_that_is_lost():
    assert delays_of((0, False), (20, False), (60, False)) == [0, 20, 60]
    assert delays_of((0, True), (20, False), (60, False)) == [0, 0, 40]
    assert delays_of((0, True), (20, True), (60, False)) == [0, 20, 0]


def test_whoever_is_lost_makes_nobody_ring_sooner_than_those_before_them():
    assert delays_of((0, False), (20, True), (60, False)) == [0, 20, 60]
    assert delays_of((0, True), (0, False), (20, False)) == [0, 0, 20]
    assert delays_of((20, False)) == [20]  # they wished the open pager to ring first
    assert delays_of((0, True), (20, True)) == [0, 20]


@given(st.lists(st.tuples(st.integers(0, 600), st.booleans()), min_size=1, max_size=5))
def test_what_moves_up_keeps_its_order_and_begins_when_the_first_would_have(kit):
    rings = delays_of(*kit)
    there = [(wished, at) for (wished, lost), at in zip(kit, rings, strict=True) if not lost]
    assert all(0 <= at <= wished for wished, at in there)
    assert len({wished - at for wished, at in there}) <= 1
    if there:
        assert min(at for _, at in there) == min(wished for wished, _ in kit)


@pytest.mark.parametrize("things", [None, []])
def test_without_devices_there_is_nothing_to_wish(things):
    assert read(things, [{}, "22:00", "07:00", 4], "UTC").rings_at(1, at(23)) == []
