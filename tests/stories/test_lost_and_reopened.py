"""Lost, honestly; and opened again when the customer says that it is not over."""

import pytest

from makegood.ground.refusals import Refused
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.life.answering import customer_confirms, customer_says_not_right
from makegood.recover.life.closing import close_lost
from makegood.recover.models import Closure, Step
from makegood.sense.models import Touchpoint
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_lost_honestly_and_reopened(
    full_house: Evening, table_14: Touchpoint, bo: Staff, cy: Staff
) -> None:
    guest = full_house.press(table_14)
    guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "customer_left", guest, note="The table was empty.")
    full_house.later(hours=1)
    full_house.keeps_every_promise(cy, guest)

    # on day ninety she is asked; without an answer for two weeks Cy is asked to be honest
    full_house.until(guest.step("prove").due_at or full_house.now)
    assert guest.step("prove").asked_at == full_house.now
    full_house.later(days=14)
    reminder = Page.objects.get(about=guest.step("prove").pk)
    assert reminder.what.endswith("no answer yet. Call, or close the case honestly.")
    with pytest.raises(Refused, match="Say honestly why"):
        close_lost(case=guest.case, reason=" ", by=cy, now=full_house.now)
    closure = close_lost(
        case=guest.case, reason="She never wrote back; we came too late.", by=cy, now=full_house.now
    )
    assert closure.outcome == Closure.Outcome.LOST
    assert guest.step("prove").state == Step.State.SKIPPED
    assert not Page.objects.open().exists()
    with pytest.raises(Refused):
        customer_confirms(case=guest.case, now=full_house.now)

    # months later she says why
    full_house.later(days=40)
    customer_says_not_right(case=guest.case, words="Nobody ever called me.", now=full_house.now)
    assert guest.case.standing_closure is None
    assert guest.case.closures.get().reopened_because == "Nobody ever called me."
    assert guest.step("prove").state == Step.State.WAITING
    senior = Page.objects.open().get()
    assert (senior.purpose, senior.what) == ("decide", "Not right yet. “Nobody ever called me.”")
    assert [name for name, _ in rung(senior)] == ["Cy"]
