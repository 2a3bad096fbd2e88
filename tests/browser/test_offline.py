"""Pressed without a line: the phone keeps the press, also through a reload, and sends it once."""

import re

import pytest
from playwright.sync_api import Page, expect

from makegood.ground import links
from makegood.sense.models import Signal, Touchpoint
from tests.browser.conftest import PATIENCE_MS, Meanwhile, OpenPhone
from tests.browser.house import RunningHouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=PATIENCE_MS)
HEARD = re.compile("/p/")  # the page of a press that was committed


@pytest.fixture
def guest(table_14: Touchpoint, house: RunningHouse, open_phone: OpenPhone) -> Page:
    """A guest's phone, with the button of table 14 before them."""
    phone = open_phone(None)
    phone.goto(f"{house.url}/t/{links.close(links.TOUCHPOINT, table_14.pk)}")
    expect(phone.get_by_role("button", name="Make it good")).to_be_visible()
    return phone


def test_a_press_without_a_line_is_kept_and_sent_once(
    guest: Page, table_14: Touchpoint, meanwhile: Meanwhile
) -> None:
    button = guest.url
    guest.context.set_offline(True)
    guest.get_by_role("button", name="Make it good").tap()
    expect(guest.locator("main")).to_have_attribute("data-state", "waiting")
    assert meanwhile(Signal.objects.count) == 0

    guest.context.set_offline(False)
    expect(guest).to_have_url(HEARD)
    again = guest.context.new_page()
    again.goto(button)  # a press that was still kept would be sent from here
    expect(again.get_by_role("button", name="Make it good")).to_be_visible()
    assert meanwhile(Signal.objects.get).touchpoint_id == table_14.pk


def test_a_press_is_let_rest_after_twelve_hours_also_in_a_page_left_open(
    guest: Page, meanwhile: Meanwhile
) -> None:
    guest.clock.install()
    guest.context.set_offline(True)
    guest.get_by_role("button", name="Make it good").tap()
    expect(guest.locator("main")).to_have_attribute("data-state", "waiting")
    guest.clock.fast_forward("13:00:00")
    expect(guest.get_by_role("button", name="Make it good")).to_be_visible()
    guest.context.set_offline(False)
    guest.clock.fast_forward("01:00")
    guest.wait_for_load_state("networkidle")
    assert meanwhile(Signal.objects.count) == 0


def test_a_press_the_house_could_not_take_is_kept_while_the_page_is_away(
    guest: Page, house: RunningHouse, meanwhile: Meanwhile
) -> None:
    button = guest.url
    house.end("gateway")
    guest.get_by_role("button", name="Make it good").tap()
    expect(guest.locator("main")).to_have_attribute("data-state", "waiting")
    guest.goto("about:blank")

    house.start("gateway")
    guest.goto(button)
    expect(guest).to_have_url(HEARD)
    assert meanwhile(Signal.objects.count) == 1
