"""How a press stands, as the person who pressed reads it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.ground import links
from makegood.page.access import latest_page
from makegood.page.hands.answering import may_say_nobody_came
from makegood.page.holding import last_on_the_way
from makegood.page.models import Answer, Page
from makegood.people.models import ContactPoint, Customer, Staff
from makegood.recover.access import case_of_signal, pressed_by_several
from makegood.recover.models import Callback, Case, Closure
from makegood.recover.steps.asking import promise_path
from makegood.sense.access import button_path
from makegood.sense.models import Remark, Signal
from makegood.sense.topics import in_words
from makegood.web.customer.hosts import senior_at

SLOW_AFTER = timedelta(minutes=4)


class Stage(StrEnum):
    """Where the customer stands; one page each, or one face of the bowl."""

    HEARD = "heard"
    GOING = "going"
    NOBODY = "nobody"
    CALL = "call"
    WITH = "with"
    MISSED = "missed"
    TAKEN_BACK = "taken_back"
    CLOSED = "closed"


PAGES = {
    Stage.WITH: "customer/press/came.html",
    Stage.MISSED: "customer/press/missed.html",
    Stage.TAKEN_BACK: "customer/press/taken_back.html",
    Stage.CLOSED: "customer/press/closed.html",
}
SEAMS = {Stage.GOING: "mended now ahead", Stage.WITH: "mended mended mended"}


@dataclass(frozen=True)
class Said:
    """One remark, as they read it again."""

    topics: str
    words: str


@dataclass(frozen=True)
class Standing:
    """Everything the page says; `signal` and what has come of it."""

    signal: Signal
    now: datetime
    case: Case | None = None
    page: Page | None = None
    closure: Closure | None = None
    callback: Callback | None = None
    senior: Staff | None = None
    expected: Staff | None = None
    had_left: bool = False
    call: str = ""
    remarks: list[Remark] = field(default_factory=list)
    alone: bool = False
    """Whether nobody else pressed for the same case, ever."""
    opened_again: bool = False
    """Whether the case went on although it was taken back."""

    @property
    def stage(self) -> Stage:
        """Where the customer stands now."""
        withdrawn = self.closure and self.closure.outcome == Closure.Outcome.WITHDRAWN
        if withdrawn or (self.signal.cancelled_at and not self.opened_again):
            return Stage.TAKEN_BACK
        return Stage.CLOSED if self.closure else self._stage_of_page()

    def _stage_of_page(self) -> Stage:
        if self.page is None:
            return Stage.MISSED if self.was_late else Stage.HEARD
        if self.page.state == Page.State.GOING:
            return Stage.GOING
        if self.page.state not in Page.UNTAKEN_STATES:
            return Stage.MISSED if self.had_left and not self.page.with_at else Stage.WITH
        if self.callback:
            return Stage.CALL
        return Stage.NOBODY if self._offers_call() else Stage.HEARD

    @property
    def was_late(self) -> bool:
        """Whether the press reached us when they had long left: nobody is sent to them."""
        is_press = self.signal.kind == Signal.Kind.PRESS
        return is_press and self.case is not None and self.case.leaves_at is None

    def _offers_call(self) -> bool:
        """They asked for a call, or nobody is on duty and they have not said no to one."""
        return self.call == "yes" or (self.nobody_on_duty and self.call != "no")

    @property
    def template(self) -> str:
        """The page for this stage."""
        return PAGES.get(self.stage, "customer/press/heard.html")

    @property
    def form(self) -> str:
        """Which form the page carries; when it changes, the whole page does."""
        return self.stage if self.has_own_page or self.stage == Stage.NOBODY else "remark"

    @property
    def has_own_page(self) -> bool:
        """Whether this stage is shown on another page; the bowl says it where words are unsent."""
        return self.stage in PAGES

    @property
    def place(self) -> str:
        """As it was called when they pressed."""
        return self.signal.place

    @property
    def helper(self) -> Staff | None:
        """Who is on the way, or came."""
        return self.page.taken_by if self.page else None

    @property
    def said_so_far(self) -> list[Said]:
        """What they told us after the press."""
        return [
            Said(in_words(remark.topics) if remark.topics else "", remark.words)
            for remark in self.remarks
        ]

    @property
    def guest_name(self) -> str:
        """What they said we may call them."""
        return next((remark.name for remark in reversed(self.remarks) if remark.name), "")

    def repeats(self, topics: Sequence[str], words: str, name: str) -> bool:
        """Whether this is what they just told us: the form was sent twice."""
        if not self.remarks:
            return False
        last = self.remarks[-1]
        same_words = last.words.split() == words.split() and last.name.split() == name.split()
        return same_words and set(last.topics) == set(topics)

    @property
    def names(self) -> dict[str, str]:
        """First names for the sentences of the page; empty when there is nobody to name."""
        people = {"helper": self.helper, "senior": self.senior, "expected": self.expected}
        return {role: person.first_name if person else "" for role, person in people.items()}

    @property
    def minutes(self) -> int:
        """How long until they are there at the latest; 0: any moment."""
        if self.page is None or self.page.next_rung_at is None:
            return 0
        return max(0, math.ceil((self.page.next_rung_at - self.now) / timedelta(minutes=1)))

    @property
    def nobody_on_duty(self) -> bool:
        """Whether there is nobody who could come."""
        return self.page is not None and self.page.state == Page.State.NOBODY

    @property
    def slow(self) -> bool:
        """Whether we must own that nobody has answered yet, and offer a call."""
        return self.stage == Stage.HEARD and self.now - self.signal.received_at > SLOW_AFTER

    @property
    def may_ask_for_call(self) -> bool:
        """Whether the page offers a call although people are still being rung."""
        return self.case is not None and (self.slow or self.nobody_on_duty)

    @property
    def heard_at(self) -> datetime:
        """When they pressed."""
        return self.signal.happened_at

    @property
    def came_at(self) -> datetime | None:
        """When somebody stood before them."""
        return self.page.with_at if self.page else None

    @property
    def may_say_nobody_came(self) -> bool:
        """Whether somebody would be sent to them again."""
        if self.page is None or self.closure or self.was_late:
            return False
        return may_say_nobody_came(self.page, now=self.now)

    @property
    def seam(self) -> str:
        """The states of the seam's three nodes."""
        return SEAMS.get(self.stage, "mended ahead ahead")

    @property
    def seam_label(self) -> str:
        """The seam in words."""
        at = timezone.localtime(self.heard_at).strftime("%H:%M")
        if self.stage == Stage.WITH:
            return _("Heard at %(at)s. With you.") % {"at": at}
        if self.stage == Stage.GOING:
            return _("Heard at %(at)s. On the way. Not with you yet.") % {"at": at}
        return _("Heard at %(at)s. Nobody is on the way yet.") % {"at": at}

    @property
    def reach(self) -> float:
        """How far gold runs: it nears the customer while somebody walks."""
        return 1.4 if self.stage == Stage.GOING else 0.45

    @property
    def call_at(self) -> datetime | None:
        """When we call."""
        return self.callback.wanted_at if self.callback else None

    @property
    def call_is_today(self) -> bool:
        """Whether the clock time alone says when we call."""
        today = timezone.localtime(self.now).date()
        return bool(self.callback and timezone.localtime(self.callback.wanted_at).date() == today)

    @property
    def known(self) -> Customer | None:
        """Who they are; what colleagues know of the case holds where nobody else pressed for it."""
        of_case = self.case.customer if self.case and self.alone else None
        return self.signal.customer or of_case

    @cached_property
    def _reached_by(self) -> set[str]:
        if self.known is None:
            return set()
        valid = Q(valid_until=None) | Q(valid_until__gt=self.now)
        return set(self.known.contact_points.filter(valid).values_list("kind", flat=True))

    @property
    def knows_contact(self) -> bool:
        """Whether we know where to reach them."""
        return bool(self._reached_by & {ContactPoint.Kind.EMAIL, ContactPoint.Kind.PHONE})

    @property
    def knows_address(self) -> bool:
        """Whether we can write to them; a number alone is for calling."""
        return ContactPoint.Kind.EMAIL in self._reached_by

    @property
    def promises(self) -> str:
        """The promise page, for the one whose case it is: a table may hold several people."""
        if self.case is None:
            return ""
        theirs = self.case.customer_id in (None, self.signal.customer_id)
        return promise_path(self.case) if theirs or self.alone else ""

    @property
    def confirmed(self) -> bool:
        """Whether the customer told us that it is made good."""
        return bool(self.closure and self.closure.outcome == Closure.Outcome.CONFIRMED)

    @property
    def button(self) -> str:
        """The button they pressed."""
        touchpoint = self.signal.touchpoint
        if touchpoint is None or touchpoint.retired_at:
            return ""
        return button_path(touchpoint)

    @property
    def stream(self) -> str:
        """The event stream that says when to look again."""
        if self.case is None:
            return links.stream("signal", self.signal.pk)
        return links.stream("case", self.case.pk)


def standing_of(signal: Signal, now: datetime, *, call: str = "") -> Standing:
    """Reads how `signal` stands at `now`; `call` is what they chose: `yes`, `no` or nothing yet."""
    case = case_of_signal(signal)
    remarks = list(signal.remarks.order_by("said_at", "pk"))
    if case is None:
        return Standing(signal, now, call=call, remarks=remarks)
    page = latest_page(case.pk)
    return Standing(
        signal,
        now,
        case=case,
        page=page,
        closure=case.standing_closure,
        callback=Callback.objects.filter(case=case, called_at=None).first(),
        senior=senior_at(signal.site),
        expected=last_on_the_way(page) if page else None,
        had_left=bool(page and page.answers.filter(kind=Answer.Kind.LEFT).exists()),
        call=call,
        remarks=remarks,
        alone=not pressed_by_several(case),
        opened_again=_opened_again(case, signal),
    )


def _opened_again(case: Case, signal: Signal) -> bool:
    if signal.cancelled_at is None:
        return False
    taken_back = case.closures.filter(outcome=Closure.Outcome.WITHDRAWN)
    return taken_back.filter(reopened_at__gte=signal.cancelled_at).exists()
