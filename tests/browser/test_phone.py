"""A phone whose pager is closed: pushed by the real house, shown and answered by a real browser.

Chromium cannot subscribe without its maker's service. So the house pushes to a service on loopback,
which opens what was sealed, and the browser's own tools hand that to its service worker.
"""

import json
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Worker, expect

from makegood.page.equipment.equipping import MOST_DEVICES, add_device, retire_device
from makegood.page.hands.ending import cancel_pages
from makegood.page.models import Attempt, Device, Page as Summons, SelfTest
from makegood.page.tests.push_service import PushService
from makegood.people.models import Staff
from tests.browser.conftest import PATIENCE_MS, Meanwhile, OpenPhone
from tests.browser.house import RunningHouse
from tests.doors.colleagues import felt, rung
from tests.patience import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TRIES = 10
expect.set_options(timeout=PATIENCE_MS)


class Phone:
    """Bo's phone: its page, its service worker, and the tools that hand a push to it."""

    def __init__(self, page: Page, house: RunningHouse) -> None:
        self.page, self._origin = page, house.url
        context: BrowserContext = page.context
        context.grant_permissions(["notifications"], origin=house.url)
        self._tools: CDPSession = context.new_cdp_session(page)
        registrations: list[str] = []
        self._tools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: registrations.extend(r["registrationId"] for r in told["registrations"]),
        )
        self._tools.send("ServiceWorker.enable")
        page.goto(f"{house.url}/pager/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        while not registrations:
            page.wait_for_timeout(20)
        self._registration = registrations[-1]
        self.worker: Worker = context.service_workers[0]

    def hear(self, said: str, title: str, words: str) -> dict[str, Any]:
        """A push arrives; what it shows. A push service keeps it until the worker runs, the tools
        do not: so they say it again until it is seen, which changes nothing."""
        for _ in range(TRIES):
            told = {"origin": self._origin, "registrationId": self._registration, "data": said}
            self._tools.send("ServiceWorker.deliverPushMessage", told)
            if seen := self._seen(title, words, looks=100):
                return seen
        raise AssertionError(self.shown())

    def shown(self) -> list[dict[str, Any]]:
        """What lies on the lock screen."""
        found: list[dict[str, Any]] = self.worker.evaluate(
            "self.registration.getNotifications().then((all) => all.map((n) => ({title: n.title,"
            " body: n.body, tag: n.tag, silent: n.silent, stays: n.requireInteraction,"
            " actions: n.actions.map((a) => a.title), kind: n.data.kind})))"
        )
        return found

    def wait_for(self, title: str, words: str) -> dict[str, Any]:
        """The one notification there is, once it says that."""
        seen = self._seen(title, words, looks=1000)
        assert seen, self.shown()
        return seen

    def _seen(self, title: str, words: str, *, looks: int) -> dict[str, Any] | None:
        for _ in range(looks):
            shown = self.shown()
            if len(shown) == 1 and shown[0]["title"] == title and words in shown[0]["body"]:
                return shown[0]
            self.page.wait_for_timeout(20)
        return None

    def clear(self) -> None:
        """Swiped away."""
        self.worker.evaluate(
            "self.registration.getNotifications().then((all) => all.forEach((n) => n.close()))"
        )

    def tap(self, action: str) -> None:
        """A tap on the notification, or on one of its buttons."""
        self.worker.evaluate(
            "(action) => self.registration.getNotifications().then(([notification]) => self"
            ".dispatchEvent(new NotificationEvent('notificationclick', {notification, action})))",
            action,
        )


@pytest.fixture
def phone(house: RunningHouse, bo: Staff, open_phone: OpenPhone) -> Phone:
    """Bo's phone has been opened once."""
    return Phone(open_phone(bo), house)


def test_the_lock_screen_rings_and_bo_goes_with_one_tap(
    phone: Phone,
    house: RunningHouse,
    bo: Staff,
    push_service: PushService,
    meanwhile: Meanwhile,
    now: datetime,
) -> None:
    browser = push_service.subscribe()

    def press() -> Summons:
        add_device(staff=bo, channel="webpush", name="", address=browser.address, now=now)
        return rung(felt(bo, now).site, now)

    page = meanwhile(press)
    phone.page.goto(f"{house.url}/pager/phone/")
    expect(phone.page.get_by_role("button", name="Ring this")).to_be_visible()
    phone.page.goto("about:blank")  # the pager is closed
    push = until(lambda: push_service.pushes)[0]
    ring = phone.hear(json.dumps(push.said), "Table 14", "The food, and waiting")
    assert (ring["kind"], ring["stays"], ring["silent"]) == ("ring", True, False)
    assert ring["actions"] == ["I’m going", "Can’t"]

    phone.tap("going")
    phone.wait_for("Table 14", "You are going.\nWindow, left side")
    meanwhile(lambda: cancel_pages(about=page.about, now=now))
    stop = until(lambda: push_service.pushes[1:])[0]  # the first since the ring
    quiet = phone.hear(json.dumps(stop.said), "Table 14", "This one is looked after.")
    assert (quiet["tag"], quiet["silent"]) == (ring["tag"], True)

    silenced = Attempt.objects.filter(device__isnull=False, silenced_at__isnull=False)
    attempt = until(lambda: meanwhile(silenced.first))  # written once the push service has it
    assert attempt.received_at
    assert attempt.answered_at
    assert meanwhile(lambda: Summons.objects.get(pk=page.pk)).taken_by_id == bo.pk


def test_a_self_test_is_felt_with_one_tap_on_the_lock_screen(
    phone: Phone, house: RunningHouse, bo: Staff, push_service: PushService, meanwhile: Meanwhile,
    now: datetime,
) -> None:  # fmt: skip
    browser = push_service.subscribe()

    def add() -> None:
        add_device(staff=bo, channel="webpush", name="Phone", address=browser.address, now=now)

    meanwhile(add)
    phone.page.goto(f"{house.url}/duty/")
    phone.page.get_by_role("listitem").filter(has_text="Phone").last.get_by_role("button").click()
    expect(phone.page.get_by_text("We ring Phone. Say so on it, or here.")).to_be_visible()
    push = until(lambda: push_service.pushes)[0]
    test = phone.hear(json.dumps(push.said), "Did you feel this?", "Harbour")
    assert (test["kind"], test["actions"]) == ("test", ["Felt it"])
    phone.tap("felt")  # and the open screen goes on by itself, and tidies the lock screen up
    expect(phone.page.get_by_role("heading", name="And one way more.")).to_be_visible()
    meanwhile(lambda: SelfTest.objects.get(felt_at__isnull=False))


# No push service lets a browser without a window subscribe: this one has, with ours.
SUBSCRIBED = """
    const subscription = %s;
    Object.assign(subscription, {
        options: {}, unsubscribe: async () => true, toJSON: () => subscription,
    });
    PushManager.prototype.getSubscription = async () => window.asked ? subscription : null;
    PushManager.prototype.subscribe = async () => { window.asked = true; return subscription; };
    Notification.requestPermission = async () => "granted";
"""


def test_why_this_phone_is_not_rung_is_said_on_it(
    phone: Phone, house: RunningHouse, bo: Staff, push_service: PushService, meanwhile: Meanwhile,
    now: datetime,
) -> None:  # fmt: skip
    def owns_ten() -> list[Device]:
        mailbox = "a{}@house.example"
        return [
            add_device(
                staff=bo, channel="mail", name="", address={"to": mailbox.format(n)}, now=now
            )
            for n in range(MOST_DEVICES)
        ]

    owned = meanwhile(owns_ten)
    screen = phone.page
    browser = push_service.subscribe()
    screen.add_init_script(SUBSCRIBED % json.dumps(browser.subscription))
    screen.goto(f"{house.url}/pager/phone/")
    turn_on = screen.get_by_role("button", name="Ring this")
    turn_on.click()
    expect(screen.get_by_text("That is as many as we can ring.")).to_be_visible()
    meanwhile(lambda: retire_device(device=owned[0], now=now))
    signed_in = screen.context.cookies()
    screen.context.clear_cookies()
    turn_on.click()
    expect(screen.get_by_text("Your sign-in here has ended.")).to_be_visible()
    screen.context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": house.url} for one in signed_in]
    )
    turn_on.click()
    expect(screen.get_by_text("is rung.")).to_be_visible()
    expect(turn_on).to_be_hidden()
    assert meanwhile(Device.objects.filter(channel="webpush", retired_at=None).count) == 1


def test_every_push_shows_something_and_an_answer_that_was_lost_rings_again(
    phone: Phone, house: RunningHouse
) -> None:
    for said in ("", "not JSON", "[]", "{}"):
        assert phone.hear(said, "Makegood rings", "Open the pager.")
        phone.clear()
    act = {"action": "going", "title": "I’m going", "url": "/pager/said/x/going/"}
    told = {"kind": "ring", "tag": "1", "title": "Table 14", "body": "", "lost": "No line."}
    phone.hear(json.dumps(told | {"actions": [act]}), "Table 14", "")
    house.end("gateway")
    phone.tap("going")
    ring = phone.wait_for("Table 14", "No line.")
    assert (ring["kind"], ring["actions"]) == ("ring", ["I’m going"])
