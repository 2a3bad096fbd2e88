"""A season at Harbour, made up but always the same: guests press, rate, complain and write; hosts
come, give something, close cases. Everything through the verbs and lanes of production.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from makegood.amends.gifts import Gift
from makegood.amends.granting import give
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.page.access import latest_page
from makegood.page.hands import answering
from makegood.page.jobs import RUNGS
from makegood.people.contacts import EMAIL, Contact
from makegood.people.models import Customer, Site, Staff
from makegood.people.recognising import recognise
from makegood.recover.access import case_of_signal
from makegood.recover.life.closing import close_lost
from makegood.recover.models import Case
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.sense.reviewing import Written, note_review
from makegood.sense.visiting import note_visit
from makegood.triage.jobs import SIGNALS

WORDS = (
    "", "The soup came cold.", "Nobody came for half an hour", "Never again",
    "This is a disgrace, I will tell my lawyer", "It is our honeymoon", "The bill is wrong",
)  # fmt: skip


@dataclass
class Season:
    """Plays `steps` made-up things that happen, one after the other."""

    site: Site
    host: Staff
    manager: Staff
    now: datetime
    steps: int
    dice: Random = field(default_factory=lambda: Random(7))
    tables: list[Touchpoint] = field(default_factory=list)
    guests: list[Customer] = field(default_factory=list)
    heard: list[Signal] = field(default_factory=list)

    def play(self) -> "Season":
        """Everything, until the end."""
        self.tables = [
            place_touchpoint(site=self.site, place=f"Table {number}", now=self.now)
            for number in range(1, 5)
        ]
        self.guests = [
            recognise(
                organisation_id=self.site.organisation_id,
                contacts=[Contact(EMAIL, f"guest{number}@guest.example")],
                name=f"Guest {number}", site=self.site, by="customer", now=self.now,
            )
            for number in range(8)
        ]  # fmt: skip
        happenings = [
            self._press, self._press, self._presses, self._presses, self._complain, self._review,
            self._remark, self._name, self._cancel, self._come, self._come, self._finish,
            self._give, self._close, self._visit,
        ]  # fmt: skip
        for _ in range(self.steps):
            self.now += timedelta(seconds=self.dice.choice((20, 70, 400, 9_000, 40_000)))
            try:
                self.dice.choice(happenings)()
            except Refused:
                continue  # the house said no; people do try
            treat_all_waiting(SIGNALS, now=self.now)
            treat_all_waiting(RUNGS, now=self.now)
        return self

    def _press(self) -> None:
        self._heard(self._pressed(self.dice.choice(self.tables)))

    def _presses(self) -> None:
        table = self.dice.choice(self.tables)
        for _ in range(self.dice.randint(3, 9)):
            self._heard(self._pressed(table))

    def _pressed(self, table: Touchpoint) -> Signal:
        ago = timedelta(seconds=self.dice.choice((0, 0, 30, 200)))
        return receive_press(
            touchpoint=table, key=str(new_id()), happened_at=self.now - ago, now=self.now
        )

    def _complain(self) -> None:
        guest = self.dice.choice([None, *self.guests])
        words = self.dice.choice(WORDS[1:])
        self._heard(
            note_complaint(
                site=self.site, place="Bar", words=words, by=self.host, now=self.now, customer=guest
            )
        )

    def _review(self) -> None:
        written = Written(
            source="Google", key=str(new_id()), stars=self.dice.randint(1, 5),
            written_at=self.now, words=self.dice.choice(WORDS),
        )  # fmt: skip
        guest = self.dice.choice([None, *self.guests])
        self._heard(note_review(site=self.site, written=written, now=self.now, customer=guest))

    def _remark(self) -> None:
        signal = self._lately()
        if signal:
            words = self.dice.choice(WORDS)
            add_remark(signal=signal, topics=["food"], words=words, name="", now=self.now)

    def _name(self) -> None:
        signal = self._lately()
        if signal:
            number = self.dice.randrange(len(self.guests))
            leave_contact(signal=signal, contact=f"guest{number}@guest.example", now=self.now)

    def _cancel(self) -> None:
        signal = self._lately()
        if signal and signal.kind == Signal.Kind.PRESS:
            cancel_press(signal=signal, now=self.now)

    def _come(self) -> None:
        case = self._case()
        page = latest_page(case.pk) if case else None
        if page:
            answering.going(page=page, staff=self.host, now=self.now)
            answering.with_customer(page=page, staff=self.host, now=self.now)

    def _finish(self) -> None:
        case = self._case()
        page = latest_page(case.pk) if case else None
        if page:
            answering.finish(page=page, staff=self.host, now=self.now)

    def _give(self) -> None:
        case = self._case()
        if case:
            worth = Money(self.dice.choice((500, 1_500, 2_500)), "EUR")
            give(
                about=case.pk, what=Gift(name="A bottle", worth=worth), by=self.host,
                key=str(new_id()), now=self.now,
            )  # fmt: skip

    def _close(self) -> None:
        case = self._case()
        if case and not case.standing_closure:
            close_lost(case=case, reason="They do not answer.", by=self.manager, now=self.now)

    def _visit(self) -> None:
        guest = self.dice.choice(self.guests)
        note_visit(customer=guest, site=self.site, by=self.host, now=self.now)

    def _heard(self, signal: Signal) -> None:
        self.heard.append(signal)

    def _lately(self) -> Signal | None:
        if not self.heard:
            return None
        return Signal.objects.get(pk=self.dice.choice(self.heard[-4:]).pk)

    def _case(self) -> Case | None:
        signal = self._lately()
        return case_of_signal(signal) if signal else None
