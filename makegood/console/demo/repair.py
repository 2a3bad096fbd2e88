"""One repair from the press to its end, as scenes at their times."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import cast

from makegood.amends.gifts import Gift
from makegood.amends.granting import give, give_nothing
from makegood.console.demo import acting
from makegood.console.demo.house import House
from makegood.console.demo.mishaps import Mishap
from makegood.console.demo.stage import Stage
from makegood.page.hands import answering
from makegood.recover.life.answering import customer_confirms
from makegood.recover.life.calling import log_call
from makegood.recover.life.closing import close_lost
from makegood.recover.models import Case
from makegood.recover.steps.stepping import finish_step
from makegood.sense.access import invitation_by_token
from makegood.sense.adding import add_remark, leave_contact
from makegood.sense.inviting import answer_invitation
from makegood.sense.models import Signal
from makegood.sense.visiting import note_visit
from makegood.words.access import letters_about
from makegood.words.models import Letter

ON_DUTY_BEFORE, ON_DUTY_AFTER = timedelta(minutes=90), timedelta(hours=3)
NOTHING_ASKED = "They wanted it put right, and nothing else."
BOOKS = (
    (1, time(11, 30), "plan"),
    (11, time(16), "confirm"),
    (27, time(15), "contact"),
    (54, time(12), "involve"),
    (70, time(12, 30), "value"),
    (83, time(12), "appreciate"),
)
WHO = {"plan": "Cy", "confirm": "Cy", "contact": "Cy", "involve": "Cy", "appreciate": "Di"}
SAYS = {
    "contact": "Called. They were glad that somebody did, and told me about their journey home.",
    "involve": "Invited to eat with our kitchen and to say what they think.",
    "value": "The window table is held for their next visit.",
    "appreciate": "A note by hand, with a photo of the harbour.",
}
NEWS_ON = (17, time(11))
ANSWERS_WITHIN = timedelta(hours=5)
LOST_BECAUSE = "They never answered. We came late and it shows; the kitchen reads this one aloud."


class Repair:
    """Plays one mishap; scenes beyond the end of the play are never reached."""

    def __init__(self, house: House, stage: Stage, mishap: Mishap, rng: Random) -> None:
        self._house, self._stage, self.mishap, self._rng = house, stage, mishap, rng
        self._host = house.staff[mishap.host]
        self._signal: Signal | None = None

    def plan(self, now: datetime) -> None:
        """Puts the beginning on the stage; `now` is the day that `days_ago` counts from."""
        at = self._house.moment(now, days_ago=self.mishap.days_ago, at=self.mishap.clock)
        self._stage.plan(at - ON_DUTY_BEFORE, self._host_comes)
        self._stage.plan(at, self._pressed)
        self._stage.plan(at + ON_DUTY_AFTER, self._host_goes)

    @property
    def case(self) -> Case:
        """The case it became, as it is now."""
        return acting.case_of(cast(Signal, self._signal))

    def _host_comes(self, now: datetime) -> None:
        acting.come_on_duty(self._host, self._house.site, now)

    def _host_goes(self, now: datetime) -> None:
        acting.go_home(self._host, now)

    def _pressed(self, now: datetime) -> None:
        self._signal = acting.press(self._house.buttons[self.mishap.place], now)
        self._soon(now, self._taken, 6, 20)
        self._soon(now, self._said_more, 22, 50)
        self._soon(now, self._reached, 65, 170)
        self._soon(now, self._made_good, 200, 330)
        self._soon(now, self._done, 400, 700)
        self._soon(now, self._apologised, 1500, 2900)
        self._in_the_books(now)

    def _soon(self, now: datetime, scene: Callable[[datetime], object], *between: int) -> None:
        self._stage.plan(now + timedelta(seconds=self._rng.randint(*between)), scene)

    def _taken(self, now: datetime) -> None:
        acting.take(acting.page_of(cast(Signal, self._signal)), self._host, now)

    def _said_more(self, now: datetime) -> None:
        signal, mishap = cast(Signal, self._signal), self.mishap
        add_remark(
            signal=signal, topics=mishap.topics, words=mishap.words, name=mishap.who, now=now
        )
        customer = leave_contact(signal=signal, contact=mishap.email, now=now)
        note_visit(customer=customer, site=self._house.site, by=self._host, now=now)

    def _reached(self, now: datetime) -> None:
        page = acting.page_of(cast(Signal, self._signal))
        answering.with_customer(page=page, staff=self._host, now=now)

    def _made_good(self, now: datetime) -> None:
        about = self.case.pk
        for name in self.mishap.given:
            gift = Gift(remedy=self._house.remedies[name])
            give(about=about, what=gift, by=self._host, key=f"{about}-{name[:12]}", now=now)
        if not self.mishap.given:
            give_nothing(about=about, reason=NOTHING_ASKED, by=self._host, now=now)

    def _done(self, now: datetime) -> None:
        page = acting.page_of(cast(Signal, self._signal))
        answering.finish(page=page, staff=self._host, now=now)

    def _apologised(self, now: datetime) -> None:
        if "apologise" in self.mishap.undone:
            return
        said = acting.Said(
            about=f"your visit on {now.astimezone(self._house.zone):%-d %B}",
            wrong=self.mishap.wrong,
            given=self.mishap.given,
            promised=[f"{self.mishap.change}. I will tell you what came of it"],
        )
        acting.apologise(self.case, self._host, said, now)

    def _in_the_books(self, pressed_at: datetime) -> None:
        """What follows over the months: people keep their promises, customers answer ours."""
        for days, at, kind in BOOKS:
            if kind not in self.mishap.undone:
                moment = self._house.moment(pressed_at, days_ago=-days, at=at)
                self._stage.plan(moment, partial(self._kept, kind))
        day, at = NEWS_ON
        moment = self._house.moment(pressed_at, days_ago=-day, at=at)
        self._stage.plan(moment, self._told_what_changed)
        asked_at = self._house.moment(pressed_at, days_ago=-37, at=time(10))
        self._stage.plan(asked_at + ANSWERS_WITHIN, self._rated)
        ended = timedelta(days=self._rng.randint(0, 2), hours=9)
        asked_at = self._house.moment(pressed_at, days_ago=-90, at=time(10))
        if self.mishap.ending == "confirmed":
            self._stage.plan(asked_at + ended, self._confirmed)
        else:
            self._stage.plan(asked_at + timedelta(days=14, hours=2), self._lost)

    def _kept(self, kind: str, now: datetime) -> None:
        words = SAYS | {"plan": self.mishap.change, "confirm": self.mishap.shown_by}
        by = self._house.staff[WHO.get(kind, self.mishap.host)]
        said = f"{words[kind].rstrip('.')}."
        if kind == "contact":
            log_call(case=self.case, outcome="reached", words=said, by=by, now=now)
        checked = self.mishap.shown_by if kind == "confirm" else ""
        finish_step(case=self.case, kind=kind, words=said, by=by, now=now, checked=checked)

    def _told_what_changed(self, now: datetime) -> None:
        case, mishap = self.case, self.mishap
        first_name = case.customer.first_name if case.customer else "there"
        body = (
            f"Dear {first_name},\n\nI promised to tell you what we changed after {mishap.wrong}. "
            f"{mishap.change}. We have looked whether it helps: {mishap.shown_by}\n\n"
            f"{self._host.first_name}"
        )
        acting.write(case, self._host, Letter.Kind.NEWS, "What we changed", body, now)

    def _rated(self, now: datetime) -> None:
        """They answer the question of our letter, by its own link."""
        asked = next(
            letter for letter in letters_about(self.case.pk) if letter.link.startswith("/r/")
        )
        answer_invitation(
            invitation=invitation_by_token(asked.link.removeprefix("/r/")),
            score=self.mishap.score,
            words="",
            now=now,
        )

    def _confirmed(self, now: datetime) -> None:
        customer_confirms(case=self.case, now=now)

    def _lost(self, now: datetime) -> None:
        close_lost(case=self.case, reason=LOST_BECAUSE, by=self._house.staff["Cy"], now=now)
