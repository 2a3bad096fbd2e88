"""From the press to the face: a guest's phone, Bo's phone, and the real house between them."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from makegood.ground import clock, links
from makegood.ground.ids import new_id
from makegood.page.duty.feeling import note_arrived
from makegood.page.duty.selftesting import ring_for_test
from makegood.page.equipment.equipping import add_device
from makegood.page.hands.answering import going
from makegood.page.models import Attempt, Page as Summons
from makegood.page.rungs.insisting import insist_all
from makegood.people.duty import end_duty
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from makegood.sense.pressing import receive_press
from tests.browser.conftest import PATIENCE_MS, Meanwhile, OpenPhone
from tests.browser.house import RunningHouse
from tests.doors.colleagues import felt, rung
from tests.patience import until

FITS = """(({scrollWidth: width, scrollHeight: height}) =>
    width <= innerWidth && height <= innerHeight)(document.documentElement)"""
# A screen that comes back into sight asks the house what there is to show.
COMES_BACK = "document.dispatchEvent(new Event('visibilitychange'))"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def bos_phone(
    bo: Staff, now: datetime, house: RunningHouse, open_phone: OpenPhone, meanwhile: Meanwhile
) -> Page:
    """Bo is on duty, with the pager open and touched once."""
    meanwhile(lambda: felt(bo, now))
    phone = open_phone(bo)
    phone.goto(f"{house.url}/pager/")
    expect(phone.get_by_role("heading", name="Quiet.")).to_be_visible()
    phone.locator("h1").tap()
    return phone


def test_press_ring_going_with(
    bos_phone: Page,
    table_14: Touchpoint,
    house: RunningHouse,
    open_phone: OpenPhone,
    meanwhile: Meanwhile,
) -> None:
    guest = open_phone(None)
    guest.goto(f"{house.url}/t/{links.close(links.TOUCHPOINT, table_14.pk)}")
    guest.get_by_role("button", name="Make it good").tap()
    expect(guest.get_by_role("heading", name="We heard you.")).to_be_visible()

    expect(bos_phone.get_by_role("heading", name="Table 14")).to_be_visible()
    expect(bos_phone.get_by_role("timer")).to_contain_text("likely leaves in")
    assert bos_phone.evaluate("window.shaken") > 0

    bos_phone.get_by_role("button", name="I’m going").tap()
    expect(bos_phone.get_by_text("You are on the way")).to_be_visible()
    expect(guest.locator("#bowl")).to_contain_text("Bo is on the way")

    bos_phone.get_by_role("button", name="I’m there").tap()
    expect(bos_phone.get_by_role("heading", name="What will you give?")).to_be_visible()
    expect(guest.get_by_role("main")).to_contain_text("Bo came at")

    attempt = meanwhile(Attempt.objects.get)
    assert attempt.received_at is not None
    assert attempt.seen_at is not None


def test_the_guest_reads_who_comes_without_any_script(
    bos_phone: Page, table_14: Touchpoint, house: RunningHouse, chromium: Browser
) -> None:
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{house.url}/t/{links.close(links.TOUCHPOINT, table_14.pk)}")
    plain.get_by_role("button", name="Make it good").click()
    expect(plain.get_by_role("heading", name="We heard you.")).to_be_visible()
    bos_phone.get_by_role("button", name="I’m going").tap()
    expect(bos_phone.get_by_text("You are on the way")).to_be_visible()
    plain.reload()
    expect(plain.locator("#bowl")).to_contain_text("Bo is on the way")


def test_a_phone_that_lost_its_line_says_so_and_rings_what_it_missed(
    bos_phone: Page, table_14: Touchpoint, house: RunningHouse, meanwhile: Meanwhile
) -> None:
    house.end("gateway")
    expect(bos_phone.get_by_text("No connection since")).to_be_visible()
    meanwhile(lambda: receive_press(touchpoint=table_14, key="in-between", now=clock.now()))
    house.start("gateway")
    expect(bos_phone.get_by_role("heading", name="Table 14")).to_be_visible()
    assert bos_phone.evaluate("window.shaken") > 0


def test_a_tap_that_did_not_reach_the_house_says_so_and_it_rings_on(
    bos_phone: Page, house: RunningHouse, bo: Staff, meanwhile: Meanwhile
) -> None:
    page = meanwhile(lambda: rung(bo.site, clock.now()))
    going_button = bos_phone.get_by_role("button", name="I’m going")
    note = bos_phone.locator("#pager").get_by_text("That did not reach us. Tap again.")
    expect(going_button).to_be_visible()
    bos_phone.route("**/going/", lambda route: route.abort())  # the stream still runs
    going_button.tap()
    expect(note).to_be_visible()
    expect(bos_phone.locator("#said[aria-live]")).to_have_text("That did not reach us. Tap again.")
    felt_so_far = bos_phone.evaluate("window.shaken")
    until(lambda: bos_phone.evaluate("window.shaken") > felt_so_far)
    bos_phone.evaluate(COMES_BACK)  # and asks: what is not answered does not take the words away
    expect(note).to_be_visible()

    bos_phone.unroute("**/going/")
    going_button.tap()
    expect(bos_phone.get_by_text("You are on the way")).to_be_visible()
    expect(note).to_be_hidden()
    assert meanwhile(lambda: Summons.objects.get(pk=page.pk)).taken_by_id == bo.pk


def test_the_quiet_screen_knows_who_came_and_asks_in_peace(
    mina: Staff,  # first: made before there is a browser
    bos_phone: Page,
    table_14: Touchpoint,
    house: RunningHouse,
    meanwhile: Meanwhile,
) -> None:
    expect(bos_phone.get_by_text("Nobody else is on duty.")).to_be_visible()
    meanwhile(lambda: felt(mina, clock.now()))
    expect(bos_phone.get_by_text("Also on duty: Mina.")).to_be_visible()

    meanwhile(lambda: receive_press(touchpoint=table_14, key="mid-question", now=clock.now()))
    bos_phone.get_by_role("button", name="I’m going").tap()
    expect(bos_phone.get_by_text("You are on the way")).to_be_visible()
    bos_phone.goto(f"{house.url}/duty/end/")  # a ring heard before is not heard again here
    before = bos_phone.evaluate("sessionStorage.last")
    meanwhile(lambda: end_duty(staff=mina, now=clock.now()))
    bos_phone.wait_for_function("last => sessionStorage.last !== last", arg=before)
    expect(bos_phone.get_by_role("heading", name="You are going to table 14.")).to_be_visible()
    assert bos_phone.evaluate("window.shaken") == 0


def test_each_ring_anew_has_a_receipt_of_its_own(
    mina: Staff, bos_phone: Page, bo: Staff, meanwhile: Meanwhile
) -> None:
    meanwhile(lambda: felt(mina, clock.now()))
    ladder = [{"who": "on_duty", "wait_seconds": 45, "hands": "every"}]
    page = meanwhile(lambda: rung(bo.site, clock.now(), ladder=ladder))
    expect(bos_phone.get_by_role("button", name="I’m going")).to_be_visible()
    meanwhile(lambda: going(page=page, staff=mina, now=clock.now()))
    expect(bos_phone.get_by_role("button", name="I know")).to_be_visible()
    for again in (1, 2):
        meanwhile(lambda: _ring_anew(page))
        rings = Attempt.objects.filter(staff=bo, again=again)
        seen = rings.filter(received_at__isnull=False, seen_at__isnull=False)
        until(partial(meanwhile, seen.exists))
        expect(bos_phone.locator(f"[data-ringing][data-again='{again}']")).to_be_visible()


def _ring_anew(page: Summons) -> None:
    """As long after the ring before as it takes."""
    with transaction.atomic():
        held = Summons.objects.select_for_update().get(pk=page.pk)
        latest = Attempt.objects.filter(page=held).latest("made_at").made_at
        insist_all([held], now=latest + timedelta(minutes=5))


def test_no_duty_without_a_felt_ring(bo: Staff, house: RunningHouse, open_phone: OpenPhone) -> None:
    phone = open_phone(bo)
    phone.goto(f"{house.url}/duty/")
    phone.get_by_role("button", name="Ring it").tap()
    expect(phone.get_by_role("heading", name="Did you feel this?")).to_be_visible()
    expect(phone.get_by_text("it arrived")).to_be_visible()
    assert phone.evaluate("window.shaken") > 0
    phone.get_by_role("button", name="Yes").tap()
    expect(phone.get_by_role("heading", name="And one way more.")).to_be_visible()
    expect(phone.get_by_text("felt", exact=True)).to_be_visible()


def test_that_it_rings_on_the_wrist_is_shown_before_it_is_felt(
    bo: Staff, house: RunningHouse, open_phone: OpenPhone, meanwhile: Meanwhile
) -> None:
    wrist = meanwhile(
        lambda: add_device(staff=bo, channel="wrist", name="wrist", address={}, now=clock.now())
    )
    test = meanwhile(lambda: ring_for_test(staff=bo, site=bo.site, device=wrist, now=clock.now()))
    phone = open_phone(bo)
    phone.goto(f"{house.url}/duty/test/{test.pk}/")
    expect(phone.get_by_text("on its way")).to_be_visible()
    meanwhile(lambda: note_arrived(test, now=clock.now()))
    expect(phone.get_by_text("it arrived")).to_be_visible()


@pytest.mark.parametrize("size", [(390, 760), (320, 640)])
def test_the_way_out_is_seen_without_scrolling(
    size: tuple[int, int],
    bos_phone: Page,
    table_14: Touchpoint,
    house: RunningHouse,
    open_phone: OpenPhone,
) -> None:
    guest = open_phone(None)
    guest.set_viewport_size({"width": size[0], "height": size[1]})
    guest.goto(f"{house.url}/t/{links.close(links.TOUCHPOINT, table_14.pk)}")
    guest.get_by_role("button", name="Make it good").tap()
    bos_phone.get_by_role("button", name="I’m going").tap()
    guest.get_by_role("button", name="Bo came").tap()
    way_out = guest.get_by_role("link", name="It is still not right")
    expect(way_out).to_be_visible()
    box = way_out.bounding_box()
    assert box
    assert box["y"] + box["height"] <= size[1]


def test_a_watch_shows_where_what_how_long_and_one_button(
    bos_phone: Page, table_14: Touchpoint, meanwhile: Meanwhile
) -> None:
    watch = bos_phone
    watch.set_viewport_size({"width": 198, "height": 242})
    meanwhile(lambda: receive_press(touchpoint=table_14, key=str(new_id()), now=clock.now()))
    for button in ("I’m going", "I’m there"):
        expect(watch.get_by_role("button", name=button)).to_be_visible()
        expect(watch.get_by_role("button")).to_have_count(1)
        expect(watch.get_by_role("heading", name="Table 14")).to_be_visible()
        expect(watch.get_by_role("timer")).to_contain_text(":")
        expect(watch.locator(".bezel")).to_be_visible()
        assert watch.evaluate(FITS)
        watch.get_by_role("button", name=button).tap()
    expect(watch.get_by_role("heading", name="What will you give?")).to_be_visible()
    assert watch.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_under_a_finger_stays_until_it_is_tapped(
    bos_phone: Page, table_14: Touchpoint, meanwhile: Meanwhile
) -> None:
    meanwhile(lambda: receive_press(touchpoint=table_14, key=str(new_id()), now=clock.now()))
    expect(bos_phone.get_by_role("button", name="Can’t")).to_be_visible()
    box = bos_phone.get_by_role("button", name="I’m going").bounding_box()
    assert box
    bos_phone.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    bos_phone.mouse.down()
    bos_phone.evaluate(COMES_BACK)
    bos_phone.evaluate("fetch('/pager/').then(answer => answer.text())")  # as long as drawing takes
    bos_phone.mouse.up()
    expect(bos_phone.get_by_text("You are on the way")).to_be_visible()
