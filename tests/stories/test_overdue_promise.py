"""An overdue promise pages someone, and the customer's page says that we are late."""

import pytest

from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.record.promises import promises_of
from makegood.recover.steps.stepping import finish_step
from makegood.recover.steps.sweeping import look_at_steps
from makegood.sense.models import Touchpoint
from tests.cast import facts_about
from tests.stories.stage import Evening, Guest, rung

pytestmark = pytest.mark.django_db


def test_an_overdue_promise_pages_someone(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)

    full_house.until_clock(7, days=1)  # promised for ten: three hours before
    assert _asked(guest) == [("Apologise by 10:00", "Bo")]
    full_house.until_clock(10)
    assert _asked(guest) == [("Apologise: promised for 10:00, not done yet", "Bo")]
    assert "recover.step_overdue" in facts_about(guest.case.pk)
    full_house.later(minutes=1)
    apology = promises_of(guest.case, full_house.now).promises[0]
    assert (apology.state, apology.when) == (
        "late",
        "Promised for 22 November. We are late. Sorry.",
    )

    full_house.until_clock(10, days=1)  # a day later it is a senior's matter
    assert _asked(guest) == [("Apologise: promised for 22 Nov, not done yet", "Cy")]

    full_house.later(hours=1)
    finish_step(
        case=guest.case, kind="apologise", words="Wrote by hand.", by=bo, now=full_house.now
    )
    assert not Page.objects.open().filter(about=guest.step("apologise").pk).exists()
    kept = promises_of(guest.case, full_house.now).promises[0]
    assert kept.when == "Kept 23 November, a day late. Sorry."


def _asked(guest: Guest) -> list[tuple[str, str]]:
    """What the page about the apology says, if there is one, and who was rung for it last."""
    pages = Page.objects.filter(about=guest.step("apologise").pk)
    return [(page.what, rung(page)[-1][0]) for page in pages]


def test_nobody_is_reminded_of_a_letter_that_is_signed(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    """It leaves at nine, when she wakes up; the reminder would come in the same minute."""
    guest = full_house.press(table_14)
    guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    letter = full_house.writes(bo, guest, "That was our doing, and I am sorry.")
    apologise = guest.step("apologise")
    look_at_steps([apologise], apologise.look_at or full_house.now)
    assert _asked(guest) == []
    full_house.until(letter.send_at or full_house.now)
    assert guest.step("apologise").note == "A letter from Bo"
