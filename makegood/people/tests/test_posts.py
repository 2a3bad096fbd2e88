"""When a post is filled: what is refused, and that what is kept is what was said."""

from datetime import time

import pytest
from hypothesis import given, strategies as st

from makegood.ground.refusals import Invalid
from makegood.people.posts import ROUND_THE_CLOCK, PostHours, read, refuse_unclear, to_keep
from makegood.people.tests.test_turns import SPANS_OF_A_DAY, WEEKDAYS

EARLY, LATE, NIGHT = (
    (time(6), time(14)),
    (time(14), time(22)),
    (time(22), time(6)),
)


@given(WEEKDAYS, st.just(()) | SPANS_OF_A_DAY)
def test_what_does_not_overlap_is_kept_as_it_was_said(weekdays, spans) -> None:
    hours = PostHours(weekdays, spans)
    refuse_unclear(hours)
    kept = read(to_keep(hours))
    assert set(kept.periods) == set(hours.periods)
    assert list(kept.weekdays) == sorted(kept.weekdays)


def test_every_day_and_all_day_is_round_the_clock() -> None:
    assert PostHours(tuple(range(7))).periods == ROUND_THE_CLOCK.periods == ()
    assert read({}) == read(to_keep(PostHours(tuple(range(7))))) == ROUND_THE_CLOCK
    refuse_unclear(PostHours((), (EARLY, LATE, NIGHT)))


@pytest.mark.parametrize(
    ("hours", "field", "said"),
    [
        (PostHours((7,)), "weekdays", "Monday to Sunday"),
        (PostHours((), (EARLY, LATE, NIGHT, (time(6), time(7)))), "spans", "3 periods at most"),
        (PostHours((), (EARLY, (time(13), time(22)))), "spans", "06:00 to 14:00 and 13:00 to 22"),
        (PostHours((), (NIGHT, (time(5), time(9)))), "spans", "22:00 to 06:00 and 05:00 to 09:00"),
        (PostHours((0, 6), (NIGHT, (time(5, 59), time(9)))), "spans", "Let one end where"),
        (PostHours((), ((time(8), time(8)), EARLY)), "spans", "overlap"),
    ],
)
def test_what_is_unclear_is_refused_naming_the_field_and_the_remedy(hours, field, said) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        refuse_unclear(hours)
    assert refused.value.field == field
