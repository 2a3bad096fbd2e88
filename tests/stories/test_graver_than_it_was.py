"""What a guest adds to their press makes it graver: whom that calls is rung, and nobody stops."""

import pytest

from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from tests.doors.colleagues import body, browser_of
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_somebody_is_unwell_and_the_manager_goes_too(
    full_house: Evening, table_14: Touchpoint, bo: Staff, cy: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "going", guest)
    before = guest.page.severity

    guest.says("My daughter has an allergic reaction.")
    assert guest.page.severity == guest.case.severity > before
    assert (guest.page.state, guest.page.taken_by) == (Page.State.GOING, bo)
    care = Page.objects.open().get(purpose=Page.Purpose.DECIDE)
    assert [name for name, _ in rung(care)] == ["Cy"]
    assert care.what == "Somebody may be hurt or unwell. Care comes first. Please go yourself."

    phone = browser_of(cy)
    said = body(phone.get(f"/pager/{care.pk}/"))
    assert "Please go yourself." in said
    phone.post(f"/pager/{care.pk}/going/")
    said = body(phone.get(f"/pager/{care.pk}/"))
    assert f'href="/cases/{guest.case.pk}"' in said
    assert phone.post(f"/pager/{care.pk}/finish/").status_code < 400
    care.refresh_from_db()
    assert care.state == Page.State.DONE


def test_more_words_about_the_same_ring_nobody_again(
    full_house: Evening, table_14: Touchpoint
) -> None:
    guest = full_house.press(table_14)
    guest.says("My daughter has an allergic reaction.")
    guest.says("The allergy is better now.")
    assert Page.objects.filter(purpose=Page.Purpose.DECIDE).count() == 1


def test_what_was_only_said_more_clearly_rings_nobody_else(
    full_house: Evening, table_14: Touchpoint
) -> None:
    guest = full_house.press(table_14)
    guest.says("The soup came cold.", topics=("food",))
    assert not Page.objects.filter(purpose=Page.Purpose.DECIDE).exists()
