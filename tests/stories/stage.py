"""The stage: people act, time passes, and the product's own lanes do the rest.

    guest = evening.press(table_14)
    evening.later(seconds=40)
    evening.says_going(bo, guest)

Everything goes through verbs and lanes; nothing here knows what should happen.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from makegood.amends.gifts import Gift
from makegood.amends.granting import give
from makegood.amends.models import Amends
from makegood.console.playing import Player
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.page.access import latest_page
from makegood.page.duty.selftesting import allow_one_way, answer_test, ring_for_test
from makegood.page.hands import answering
from makegood.page.models import Attempt, Page
from makegood.people.duty import end_duty
from makegood.people.models import Customer, Role, Site, Staff
from makegood.recover.access import case_of_signal
from makegood.recover.life.calling import log_call
from makegood.recover.models import Case, Step
from makegood.recover.record.promises import promises_of
from makegood.recover.steps.asking import promise_path
from makegood.recover.steps.stepping import finish_step
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.pressing import receive_press
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter


class Evening:
    """One evening at one site, and the months after it, in virtual time."""

    def __init__(self, site: Site, now: datetime) -> None:
        self.site = site
        self._player = Player(now)

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self._player.now

    def later(self, **span: float) -> None:
        """Time passes: `later(minutes=2)`; what falls due on the way is done."""
        self._player.advance(self.now + timedelta(**span))

    def until(self, moment: datetime) -> None:
        """Time passes until `moment`."""
        self._player.advance(moment)

    def until_clock(self, hour: int, minute: int = 0, *, days: int = 0) -> None:
        """Time passes until the clocks of the site show `hour`:`minute`, `days` from today."""
        day = self.local.date() + timedelta(days=days)
        self.until(datetime.combine(day, time(hour, minute), self.local.tzinfo))

    @property
    def local(self) -> datetime:
        """The moment it is, as the clocks of the site show it."""
        return self.now.astimezone(ZoneInfo(self.site.timezone))

    def comes_on_duty(self, *people: Staff) -> None:
        """They feel their pagers and are on duty; Di says that one way is enough this evening."""
        di = Staff.objects.get(organisation_id=self.site.organisation_id, role=Role.OWNER)
        for staff in people:
            test = ring_for_test(staff=staff, site=self.site, now=self.now)
            if not answer_test(test=test, felt=True, now=self.now):
                allow_one_way(staff=staff, site=self.site, by=di, now=self.now)
        self._player.settle()

    def goes_home(self, *people: Staff) -> None:
        """They end their duty."""
        for staff in people:
            end_duty(staff=staff, now=self.now)

    def press(self, touchpoint: Touchpoint) -> "Guest":
        """Somebody presses the button."""
        signal = receive_press(touchpoint=touchpoint, key=str(new_id()), now=self.now)
        self._player.settle()
        return Guest(self, signal)

    def press_often(self, touchpoint: Touchpoint, times: int, *, within: timedelta) -> "Guest":
        """The button is pressed again and again; the guest is whoever pressed first. What is
        pressed within one second is treated together."""
        first = self.press(touchpoint)
        seconds = int(within.total_seconds())
        until = [(times - 1) * second // seconds for second in range(seconds + 1)]
        for before, after in pairwise(until):
            self.later(seconds=1)
            for _ in range(after - before):
                receive_press(touchpoint=touchpoint, key=str(new_id()), now=self.now)
            self._player.settle()
        return first

    def says(self, staff: Staff, word: str, page: "Page | Guest", **more: Any) -> Page:
        """A member of staff answers a page: going, cant, with_customer, customer_left, finish."""
        held = page.page if isinstance(page, Guest) else page
        answered: Page = getattr(answering, word)(page=held, staff=staff, now=self.now, **more)
        self._player.settle()
        return answered

    def gives(self, staff: Staff, guest: "Guest", gift: Gift, *, key: str = "") -> Amends:
        """A member of staff gives something out of their purse."""
        given = give(
            about=guest.case.pk, what=gift, by=staff, key=key or str(new_id()), now=self.now
        )
        self._player.settle()
        return given

    def keeps_every_promise(self, staff: Staff, guest: "Guest") -> None:
        """Somebody does at once all that people promised; what the house asks is still ahead."""
        self.calls(staff, guest, "They sounded glad.")
        waiting = guest.case.steps.waiting().exclude(kind__in=("ask", "prove"))
        for kind in waiting.values_list("kind", flat=True):
            finish_step(
                case=guest.case, kind=kind, words="Done as promised.", by=staff, now=self.now,
                checked="Forty plates counted, none later than nine minutes.",
            )  # fmt: skip

    def calls(self, staff: Staff, guest: "Guest", words: str, outcome: str = "reached") -> None:
        """Somebody calls the guest, and keeps what came of it."""
        log_call(case=guest.case, outcome=outcome, words=words, by=staff, now=self.now)

    def writes(self, staff: Staff, guest: "Guest", body: str, *, kind: str = "apology") -> Letter:
        """A member of staff signs a letter and sends it off."""
        letter = draft_letter(
            about=guest.case.pk,
            customer=guest.case.customer,
            sender=staff,
            kind=kind,
            subject="About your dinner",
            body=body,
            link=promise_path(guest.case),
            now=self.now,
        )
        sent = send_letter(letter=letter, now=self.now)
        self._player.settle()
        return sent


@dataclass
class Guest:
    """Somebody who pressed, and what became of it."""

    evening: Evening
    signal: Signal

    @property
    def case(self) -> Case:
        """The case their press belongs to."""
        case = case_of_signal(self.signal)
        assert case, "the press has no case"
        return case

    @property
    def page(self) -> Page:
        """The latest page that asks somebody to come."""
        page = latest_page(self.case.pk)
        assert page, "nobody was paged"
        return page

    @property
    def customer(self) -> Customer | None:
        """Who it is, if they said so."""
        return self.case.customer

    def says(self, words: str = "", *, topics: tuple[str, ...] = (), name: str = "") -> None:
        """They add something on their page."""
        now = self.evening.now
        add_remark(signal=self.signal, topics=topics, words=words, name=name, now=now)

    def leaves(self, contact: str) -> Customer:
        """They leave an e-mail address or a phone number."""
        return leave_contact(signal=self.signal, contact=contact, now=self.evening.now)

    def takes_it_back(self) -> None:
        """They cancel."""
        cancel_press(signal=self.signal, now=self.evening.now)

    def step(self, kind: str) -> Step:
        """One of the twelve steps."""
        return Step.objects.get(case=self.case, kind=kind)

    def is_told(self) -> list[str]:
        """The states of the promises they see, in order."""
        return [promise.state for promise in promises_of(self.case, self.evening.now).promises]


def rung(page: Page) -> list[tuple[str, float]]:
    """Who was rung, and how many seconds after the page was opened."""
    attempts = Attempt.objects.filter(page=page).select_related("staff").order_by("made_at", "pk")
    return [
        (attempt.staff.first_name, (attempt.made_at - page.opened_at).total_seconds())
        for attempt in attempts
    ]


def evidence_of(step: Step) -> list[str]:
    """Names of the facts that show a step; each must be in the chronicle."""
    facts = Entry.objects.in_bulk(step.evidence)
    assert len(facts) == len(step.evidence), f"{step.kind}: evidence that nobody wrote down"
    return [entry.name for entry in facts.values()]
