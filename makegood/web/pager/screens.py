"""Which screen the phone shows, and what stands on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.page import access as pages
from makegood.page.duty import reading
from makegood.page.duty.losing import gear_of
from makegood.page.hands import knowing
from makegood.page.holding import yet_to_know
from makegood.page.models import Page
from makegood.people import duty
from makegood.people.models import Staff
from makegood.web.pager import deciding, giving
from makegood.web.pager.countdown import clock, countdown
from makegood.web.pager.wires import wires_of


@dataclass(frozen=True)
class Screen:
    """A template and its context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


def screen_of(staff: Staff, *, now: datetime) -> Screen:
    """Whom they go to or are with comes first, then who rings, most pressing first; else quiet."""
    ringing = pages.pages_ringing_for(staff)
    in_hand = pages.current_page_of(staff)
    if in_hand:
        return _on_screen(in_hand, staff, ringing, now)
    if ringing:
        return _on_screen(ringing[0], staff, ringing, now)
    return _quiet(staff, now)


def screen_for(page: Page, staff: Staff, *, now: datetime) -> Screen:
    """One page that was asked for by its address."""
    return _on_screen(page, staff, pages.pages_ringing_for(staff), now)


def _on_screen(page: Page, staff: Staff, ringing: Sequence[Page], now: datetime) -> Screen:
    mine = page.is_in_hand_of(staff)
    context = _frame(staff, now) | {
        "page": page,
        "site": page.site,
        "who": who_it_is(page),
        "ring": countdown(page.happened_at, page.leaves_at, now),
        "others": [other for other in ringing if other.pk != page.pk],
        "ringing": ringing,
        "unheard": reading.unheard(page),
    }
    if page.purpose == Page.Purpose.DECIDE and page.is_open:
        asked = deciding.question_of(page, staff)
        if asked["question"]:
            return Screen("pager/decide.html", context | asked)
    if mine and page.purpose in (Page.Purpose.DECIDE, Page.Purpose.REMIND):
        return Screen("pager/task.html", context)
    if mine and page.state == Page.State.WITH:
        return Screen("pager/with.html", context | giving.choice_of(page, staff, now=now))
    if mine:
        return Screen("pager/going.html", context | {"words": first_words(page, staff)})
    if knowing.is_asked_to_know(page, staff):
        return Screen("pager/know.html", context | {"again": reading.times_again(page, staff)})
    if page.state in Page.UNTAKEN_STATES:
        context["again"] = reading.times_again(page, staff)
        following = reading.next_after(page, now=now)
        wait = {"next_in": clock(following.at - now)} if following else {}
        every = staff in yet_to_know(page)
        return Screen("pager/ringing.html", context | {"next": following, "every": every} | wait)
    return Screen("pager/over.html", context)


def _quiet(staff: Staff, now: datetime) -> Screen:
    running = duty.running_duty(staff)
    if running is None:
        return Screen("pager/off.html", _frame(staff, now) | {"site": staff.site})
    others = [person for person in duty.on_duty(running.site) if person.pk != staff.pk]
    context = {
        "site": running.site,
        "duty": running,
        "others_on_duty": others,
        "gear": gear_of([running], now=now)[staff.pk],
    }
    return Screen("pager/quiet.html", _frame(staff, now) | context)


def _frame(staff: Staff, now: datetime) -> dict[str, Any]:
    undos = giving.undos_of(staff, now=now)
    return {"now": now, "staff": staff, "undos": undos, **wires_of(staff)}


@dataclass(frozen=True)
class Who:
    """Who waits: the name in bold, then what we know of them."""

    name: str
    more: str


def who_it_is(page: Page) -> Who:
    """Takes the name out of the sentence about the customer."""
    if page.customer_name and page.who.startswith(page.customer_name):
        return Who(page.customer_name, page.who[len(page.customer_name) :])
    return Who("", page.who)


def first_words(page: Page, staff: Staff) -> str:
    """How to begin, in the house's voice."""
    words = {"name": page.customer, "me": staff.first_name, "site": page.site.name}
    if page.purpose == Page.Purpose.CALL:
        return (
            _("“%(name)s, this is %(me)s from %(site)s. I’m sorry. Tell me what happened.”") % words
            if page.customer_name
            else _("“This is %(me)s from %(site)s. I’m sorry. Tell me what happened.”") % words
        )
    if page.customer_name:
        return (
            _("“%(name)s, I’m %(me)s. I’m sorry this went wrong. Tell me what happened.”") % words
        )
    return _("“I’m %(me)s. I’m sorry this went wrong. Tell me what happened.”") % words
