"""What the tests of the customers' doors share: a guest's browser, and a press with its case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from makegood.ground import clock, links, tenancy
from makegood.page.access import latest_page
from makegood.page.models import Page
from makegood.people.duty import begin_duty
from makegood.people.models import Site, Staff
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from makegood.triage.judging import triage_signals

FORM = "application/x-www-form-urlencoded"


@dataclass
class Guest:
    """A stranger's browser: no session, no fence but the one the door steps into."""

    now: datetime
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def later(self, **span: float) -> "Guest":
        """The same browser a little later."""
        return Guest(self.now + timedelta(**span), self.browser)

    def get(self, path: str, **headers: str) -> Any:
        with self._there():
            return self.browser.get(path, headers=headers)

    def post(self, path: str, body: str = "", *, type: str = FORM) -> Any:
        with self._there():
            return self.browser.generic("POST", path, body, content_type=type)

    def send(self, method: str, path: str) -> Any:
        with self._there():
            return self.browser.generic(method, path)

    @contextmanager
    def _there(self) -> Iterator[None]:
        with clock.standing_at(self.now), tenancy.nowhere():
            yield


def on_duty(staff: Staff, now: datetime) -> Staff:
    """`staff` felt the pager and is on duty."""
    begin_duty(staff=staff, site=Site.objects.get(pk=staff.site_id), felt_at=now, now=now)
    return staff


def pressed(table: Touchpoint, now: datetime, key: str = "ana-phone-0001") -> Signal:
    """A press that triage has not seen yet."""
    return receive_press(touchpoint=table, key=key, now=now)


def triaged(signal: Signal, now: datetime) -> Case:
    """The case of a press, with its page ringing."""
    signals = SIGNALS.claim(now, 10)
    triage_signals(signals, now)
    case = case_of_signal(signal)
    assert case is not None
    return case


def page_of(case: Case) -> Page:
    """Who comes to the customer."""
    page = latest_page(case.pk)
    assert page is not None
    return page


def press_link(signal: Signal) -> str:
    """`/p/<token>`."""
    return f"/p/{links.close(links.PRESS, signal.pk)}"
