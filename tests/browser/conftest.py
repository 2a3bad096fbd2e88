"""The whole house for a browser: real processes, real Chromium, the cast signed in.

Playwright runs an event loop in the test's thread, where Django would use another connection: what
a test does to the database while a browser is open, it does `meanwhile`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from makegood.ground import clock
from makegood.page.tests.push_service import PushService, _push_service, push_service
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from tests.browser.house import RunningHouse, database_url
from tests.cast import AtOnce
from tests.doors.colleagues import browser_of

__all__ = ["_push_service", "push_service"]  # fixtures from beside

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000
NOTE_SHAKES = (
    "window.shaken = 0;"
    "Object.defineProperty(navigator, 'vibrate', {value: (p) => { window.shaken += p ? 1 : 0; }});"
)

Meanwhile = Callable[[Callable[[], Any]], Any]
ComeIn = Callable[[BrowserContext, Staff | None], Page]
OpenPhone = Callable[[Staff | None], Page]
OpenDesk = Callable[[Staff], Page]


@pytest.fixture
def now(transactional_db: None) -> datetime:
    """The real time: the processes read it too."""
    return clock.now()


@pytest.fixture(scope="package")
def standing(
    django_db_setup: None, _push_service: PushService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningHouse]:
    """The processes that do nothing by themselves stay for the next test: a start takes seconds."""
    data = tmp_path_factory.mktemp("house")
    with RunningHouse(
        database_url=database_url(), data=data, push_services=_push_service.url
    ) as running:
        running.start("gateway", "web")
        yield running


@pytest.fixture
def house(bo: Staff, table_14: Touchpoint, standing: RunningHouse) -> Iterator[RunningHouse]:
    """Gateway, web and worker, on the test database with Harbour, Bo and table 14.

    The worker ends with the test, before the tables are emptied under it.
    """
    standing.start(*standing.missing)
    yield standing
    standing.end("worker")


@pytest.fixture
def chromium(house: RunningHouse) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def meanwhile(at_once: AtOnce) -> Meanwhile:
    """Does something to the house's database, besides the browser."""

    def do_it(do: Callable[[], Any]) -> Any:
        [outcome] = at_once(do)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return do_it


@pytest.fixture
def come_in(house: RunningHouse, meanwhile: Meanwhile) -> ComeIn:
    """Opens a page on a device, signed in as its owner, or (None) as a guest."""

    def open_it(device: BrowserContext, owner: Staff | None) -> Page:
        device.set_default_timeout(PATIENCE_MS)
        if owner:
            name = settings.SESSION_COOKIE_NAME
            session = meanwhile(lambda: browser_of(owner).cookies[name].value)
            device.add_cookies([{"name": name, "value": session, "url": house.url}])
        return device.new_page()

    return open_it


@pytest.fixture
def open_phone(chromium: Browser, come_in: ComeIn) -> OpenPhone:
    """A phone of its own: a colleague's, signed in, or (None) a guest's."""

    def open_it(owner: Staff | None) -> Page:
        phone = chromium.new_context(viewport=PHONE, has_touch=True)
        phone.add_init_script(NOTE_SHAKES)
        return come_in(phone, owner)

    return open_it


@pytest.fixture
def open_desk(chromium: Browser, come_in: ComeIn) -> OpenDesk:
    """A colleague's computer, signed in."""
    return lambda owner: come_in(chromium.new_context(viewport=DESK), owner)
