"""The policy changed with open eyes: Cy writes, replays, asks; Di publishes; a press uses it."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from makegood.ground import links
from makegood.people.models import Staff
from makegood.recover.models import Case, PolicyVersion
from makegood.sense.models import Touchpoint
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from tests.browser.conftest import PATIENCE_MS, Meanwhile, OpenDesk
from tests.browser.house import RunningHouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=PATIENCE_MS)


def write(page: Page, before: str, after: str) -> None:
    """Types over a place of the text, as a hand would."""
    page.evaluate(
        """([before]) => {
            const text = document.getElementById("text");
            const at = text.value.indexOf(before);
            text.focus();
            text.setSelectionRange(at, at + before.length);
        }""",
        [before],
    )
    page.keyboard.insert_text(after)


def test_from_a_changed_wait_to_a_press_that_uses_it(
    cy: Staff,
    di: Staff,
    table_14: Touchpoint,
    now: datetime,
    house: RunningHouse,
    open_desk: OpenDesk,
    meanwhile: Meanwhile,
) -> None:
    meanwhile(lambda: receive_press(touchpoint=table_14, key="a" * 32, happened_at=now, now=now))
    desk = open_desk(cy)
    desk.goto(f"{house.url}/policy/draft/text/")
    write(desk, "who: manager, wait: 60 seconds", "who: manger, wait: 60 seconds")
    checked = desk.locator("#checked")
    expect(checked).to_contain_text("Did you mean “manager”?")
    expect(desk.locator(".gutter .is-wrong")).to_have_count(1)
    checked.get_by_role("link").first.click()
    expect(desk.locator("#line-help")).to_contain_text("ladders.*[].wait")
    write(desk, "who: manger, wait: 60 seconds", "who: manager, wait: 50 seconds")
    expect(checked).to_contain_text("50 seconds")
    expect(checked).to_contain_text("kept")

    desk.goto(f"{house.url}/policy/draft/")
    expect(desk.get_by_text("You are reading draft 2.")).to_be_visible()
    desk.get_by_role("button", name="Replay").click()
    expect(desk.locator("#replay").get_by_role("columnheader", name="With 2").first).to_be_visible()
    expect(desk.locator("#replay")).to_contain_text("1 signal")
    desk.get_by_role("button", name="Ask Di to publish").click()
    expect(desk.get_by_text("Di is asked to publish it.").first).to_be_visible()

    owner = open_desk(di)
    owner.goto(f"{house.url}/policy/")
    expect(owner.get_by_text("Cy asks Di to publish it.")).to_be_visible()
    owner.get_by_role("link", name="Read and edit the draft").click()
    owner.get_by_role("link", name="Publish number 2").click()
    owner.get_by_role("button", name="Put number 2 in force").click()
    expect(owner.get_by_text("Number 2 is in force.").first).to_be_visible()

    harbour = table_14.site
    table_15 = meanwhile(lambda: place_touchpoint(site=harbour, place="Table 15", now=now))
    owner.goto(f"{house.url}/t/{links.close(links.TOUCHPOINT, table_15.pk)}")
    owner.get_by_role("button", name="Make it good").click()
    heard = owner.get_by_role("heading", name="We heard you")  # and, soon, that nobody is on duty
    expect(heard).to_be_visible()
    desk.goto(f"{house.url}/cases/")
    expect(desk.get_by_text("Table 15").first).to_be_visible()
    newest = meanwhile(lambda: Case.objects.latest("opened_at").policy.number)
    assert newest == 2
    assert meanwhile(lambda: PolicyVersion.objects.get(number=2).published_by_id) == di.pk
