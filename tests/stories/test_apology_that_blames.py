"""The apology that blames the customer: a colleague says so, nothing is blocked, better is sent."""

import pytest

from makegood.people.models import Customer, Staff
from makegood.sense.models import Touchpoint
from makegood.words.linter import lint
from tests.postbox import Postbox
from tests.stories.stage import Evening

pytestmark = pytest.mark.django_db

BLAMES = (
    "Dear Ana, I am sorry if your dinner seemed late on your anniversary. Unfortunately the "
    "kitchen was very busy, but you should have told the waiter. You lost the first hour of your "
    "evening."
)


def test_the_apology_that_blames_the_customer(
    full_house: Evening, table_14: Touchpoint, ana: Customer, bo: Staff, postbox: Postbox
) -> None:
    guest = full_house.press(table_14)
    guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)

    read = lint(BLAMES, "Ana", our_doing="We left your plate standing for nine minutes")
    assert {note.kind for note in read.notes} >= {"doubts", "excuse", "blame"}
    assert "Our doing" in read.missing

    better = (
        "Dear Ana, I am sorry that your dinner was late on your anniversary. We left your plate "
        "standing for nine minutes and nobody came to tell you. That was our doing. You lost the "
        "first hour of your evening. From Friday a second cook stands at the pass, and I will "
        "write to you in three weeks to tell you whether it worked."
    )
    heard = lint(better, "Ana")
    assert heard.notes == ()
    assert heard.missing == ()
    assert heard.score == 100 > read.score

    full_house.writes(bo, guest, better)
    full_house.until_clock(9, days=1)
    assert len(postbox.taken) == 1
    assert guest.step("apologise").note == "A letter from Bo"


def test_nothing_is_blocked(
    full_house: Evening, table_14: Touchpoint, ana: Customer, bo: Staff, postbox: Postbox
) -> None:
    """The linter is a colleague, not a gate: the apology itself is never held back."""
    guest = full_house.press(table_14)
    guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    full_house.writes(bo, guest, BLAMES)
    full_house.until_clock(9, days=1)
    assert len(postbox.taken) == 1
