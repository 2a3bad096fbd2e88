"""Triage has a bug: the press is still paged, raw."""

import pytest

from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from makegood.triage import judging
from makegood.triage.models import Verdict
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_the_press_is_still_paged(
    full_house: Evening,
    table_14: Touchpoint,
    bo: Staff,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def bug(evidence: object) -> None:
        raise ZeroDivisionError("a rule nobody tested")

    monkeypatch.setattr(judging, "judge", bug)

    guest = full_house.press(table_14)

    assert rung(guest.page) == [("Bo", 0)]
    verdict = Verdict.objects.get()
    assert (verdict.raw, verdict.severity) == (True, 3)
    assert verdict.reasons == ["We could not judge this by ourselves, please look"]
    assert guest.step("validate").note == "Taken as it came"
    assert guest.page.leaves_at == guest.signal.happened_at.replace(minute=16)
    full_house.says(bo, "with_customer", guest)
    assert guest.case.owner == bo
