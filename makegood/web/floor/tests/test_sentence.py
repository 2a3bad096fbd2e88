"""The first line of the board says how things are."""

from datetime import UTC, datetime

import pytest

from makegood.web.floor.sentence import Floor, Lost, how_things_are, part_of_day

WRIST, PHONE = Lost("Tariq", "wrist", is_silent=True), Lost("Mina", "phone", is_silent=False)


@pytest.mark.parametrize(
    ("floor", "said"),
    [
        (Floor("Harbour", on_duty=1), "All quiet at Harbour. Nobody is waiting for us."),
        (Floor("Harbour", waiting=1, on_duty=1), "One person is waiting for us."),
        (
            Floor("Harbour", waiting=2, attended=1, on_duty=3),
            "Two people are waiting for us, one has somebody with them.",
        ),
        (
            Floor("Harbour", attended=2, on_duty=3),
            "Nobody is waiting for us, two have somebody with them.",
        ),
        (
            Floor("Harbour", waiting=3, late=1, on_duty=1),
            "Three people are waiting for us."
            " One has waited longer than we thought they would stay.",
        ),
        (
            Floor("Harbour", waiting=1, late=1, on_duty=1),
            "One person is waiting for us."
            " They have waited longer than we thought they would stay.",
        ),
        (Floor("Harbour", waiting=40, on_duty=1), "40 people are waiting for us."),
        (
            Floor("Harbour"),
            "All quiet at Harbour. Nobody is waiting for us. Nobody is on duty.",
        ),
        (
            Floor("Harbour", waiting=2, attended=1, on_duty=3, lost=[WRIST]),
            "Two people are waiting for us, one has somebody with them."
            " Tariq’s wrist has gone quiet.",
        ),
        (
            Floor("Harbour", waiting=1, on_duty=3, lost=[WRIST, PHONE]),
            "One person is waiting for us. Tariq’s wrist has gone quiet."
            " Mina’s phone rings no more.",
        ),
        (
            Floor(
                "Harbour", waiting=1, on_duty=3, lost=[WRIST, PHONE, Lost("Mina", "wrist", True)]
            ),
            "One person is waiting for us."
            " Two people on duty are rung in fewer ways than they were.",
        ),
    ],
)
def test_it_says_how_things_are(floor: Floor, said: str) -> None:
    assert how_things_are(floor) == said


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (5, "Saturday morning"),
        (12, "Saturday afternoon"),
        (17, "Saturday evening"),
        (23, "Saturday night"),
    ],
)
def test_the_title_is_the_part_of_the_day(hour: int, said: str) -> None:
    assert part_of_day(datetime(2026, 11, 21, hour, tzinfo=UTC)) == said


def test_the_small_hours_belong_to_the_night_before() -> None:
    assert part_of_day(datetime(2026, 11, 22, 0, 46, tzinfo=UTC)) == "Saturday night"
