"""Bo's quiet hours on the open pager: what is small is shown and makes no sound until they end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from makegood.page.equipment.equipping import QuietHours, wish
from makegood.page.models import Page as Summons
from makegood.people.models import Staff
from tests.browser.conftest import PATIENCE_MS, Meanwhile, OpenPhone
from tests.browser.house import RunningHouse
from tests.doors.colleagues import felt, rung

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=PATIENCE_MS)
SHAKEN = "window.shaken"
HOUR = 3_600_000  # in ms, as browsers count
TRIES = 5


def test_what_is_small_is_shown_in_silence_and_rings_when_the_quiet_ends(
    open_phone: OpenPhone, house: RunningHouse, bo: Staff, meanwhile: Meanwhile, now: datetime
) -> None:
    local = now.astimezone(ZoneInfo(bo.site.timezone))
    hours = QuietHours(
        (local - timedelta(hours=1)).time(), (local + timedelta(hours=1)).time(), below=4
    )
    meanwhile(lambda: (wish(staff=bo, delays={}, quiet=hours), felt(bo, now)))
    page = open_phone(bo)
    page.clock.install()
    page.goto(f"{house.url}/pager/")
    expect(page.get_by_text("Your quiet hours, until")).to_be_visible()
    page.get_by_role("heading").tap()  # from now on a browser would shake

    def press(place: str, severity: int) -> Summons:
        return rung(bo.site, now, place=place, severity=severity)

    meanwhile(lambda: press("Table 14", 3))
    expect(page.get_by_role("heading", name="Table 14")).to_be_visible()
    page.clock.run_for(30_000)  # it would have rung every seven seconds
    assert page.evaluate(SHAKEN) == 0

    meanwhile(lambda: press("Room 9", 4))  # what is grave rings
    page.wait_for_function(f"{SHAKEN} > 0")
    expect(page.get_by_text("Room 9")).to_be_visible()

    meanwhile(lambda: Summons.objects.get(place="Room 9").delete())
    page.reload()
    expect(page.get_by_text("Room 9")).to_be_hidden()
    page.get_by_role("heading").tap()
    assert page.evaluate(SHAKEN) == 0
    for _ in range(TRIES):  # whatever the house says meanwhile sets the pager's clock right again
        page.clock.run_for(HOUR)
        if page.evaluate(SHAKEN):
            break
    assert page.evaluate(SHAKEN) > 0
