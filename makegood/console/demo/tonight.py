"""The present: who is on duty, who waits, and what is left of yesterday."""

from datetime import datetime, time, timedelta

import msgspec

from makegood.console.demo import acting
from makegood.console.demo.house import NEWCOMER, House, join, plan_rota
from makegood.console.demo.mishaps import Mishap
from makegood.console.demo.repair import Repair
from makegood.console.demo.stage import Scene, Stage
from makegood.page.hands import answering
from makegood.people.models import Customer
from makegood.recover.life.callbacks import ask_callback
from makegood.recover.life.handing import hand_case_over
from makegood.sense.adding import add_remark, leave_contact
from makegood.sense.models import Signal
from makegood.sense.visiting import note_visit
from makegood.words.access import letters_about, replies_about
from makegood.words.replying import receive_reply

EARLY = 15  # before this hour, what is due at six this evening can still be due today
LATE = 10  # from this hour on, what was due at ten this morning is late today
BEGUN_A_DAY_LATER_FROM = {"Pilar Soto": EARLY, "The Haddad family": EARLY, "Jonas Weil": LATE}


def as_of(mishap: Mishap, now_local: datetime) -> Mishap:
    """The mishap, begun so that what is left undone is due at the next six o'clock; that of Jonas
    at the last ten o'clock: late, and not yet for so long that it is broken."""
    if now_local.hour >= BEGUN_A_DAY_LATER_FROM.get(mishap.who, 24):
        return msgspec.structs.replace(mishap, days_ago=mishap.days_ago - 1)
    return mishap


class TheLastDays:
    """What leads up to tonight: Elsa joins, Jonas waits, Ruth writes, Sofia wants a call."""

    def __init__(self, house: House, stage: Stage) -> None:
        self._house, self._stage = house, stage
        self._sofia: Signal | None = None

    def plan(self, now: datetime, repairs: dict[str, Repair]) -> None:
        """Puts it on the stage; it ends a little before `now`."""
        self._stage.plan(self._house.moment(now, days_ago=5, at=time(9)), self._elsa_joins)
        jonas = repairs["Jonas Weil"]
        for at in (time(9, 20), time(12, 20)):
            self._stage.plan(
                self._house.moment(now, days_ago=jonas.mishap.days_ago - 1, at=at),
                lambda then: self._cy_sees_what_is_late(jonas, then),
            )
        self._stage.plan(now - timedelta(hours=3), self._bo_comes)
        written = now - timedelta(hours=2, minutes=5)
        ruth = repairs["Ruth Amsel"]
        self._stage.plan(written, lambda then: _asks_back(ruth, then))
        self._stage.plan(
            written + timedelta(minutes=7), lambda then: self._cy_reads_replies(ruth, then)
        )
        self._stage.plan(now - timedelta(minutes=96), self._sofia_presses)
        self._stage.plan(now - timedelta(minutes=45), self._others_come)

    def _elsa_joins(self, now: datetime) -> None:
        staff = self._house.staff
        staff["Elsa"] = join(self._house.site, *NEWCOMER, by=staff["Cy"], now=now)

    def _cy_sees_what_is_late(self, repair: Repair, now: datetime) -> None:
        for step in repair.case.steps.waiting():
            acting.take_note(step.pk, self._house.staff["Cy"], now)

    def _cy_reads_replies(self, repair: Repair, now: datetime) -> None:
        for reply in replies_about(repair.case.pk):
            acting.take_note(reply.pk, self._house.staff["Cy"], now)

    def _bo_comes(self, now: datetime) -> None:
        for staff in self._house.staff.values():
            acting.go_home(staff, now)
        acting.come_on_duty(self._house.staff["Bo"], self._house.site, now)

    def _others_come(self, now: datetime) -> None:
        for name in ("Mina", "Elsa"):
            acting.come_on_duty(self._house.staff[name], self._house.site, now)
        plan_rota(self._house, now)

    def _sofia_presses(self, now: datetime) -> None:
        self._sofia = acting.press(self._house.buttons["Room 508"], now)
        self._stage.plan(now + timedelta(seconds=9), self._sofia_is_heard)
        self._stage.plan(now + timedelta(seconds=130), self._sofia_is_reached)
        self._stage.plan(now + timedelta(minutes=9), self._sofia_wants_a_call)

    def _sofia_is_heard(self, now: datetime) -> None:
        assert self._sofia
        acting.take(acting.page_of(self._sofia), self._house.staff["Bo"], now)
        add_remark(signal=self._sofia, topics=["noise"], now=now, name="Sofia Lindgren",
                   words="The terrace below is so loud that my son cannot sleep.")  # fmt: skip
        leave_contact(signal=self._sofia, contact="sofia.lindgren@guest.example", now=now)

    def _sofia_is_reached(self, now: datetime) -> None:
        assert self._sofia
        page = acting.page_of(self._sofia)
        answering.with_customer(page=page, staff=self._house.staff["Bo"], now=now)

    def _sofia_wants_a_call(self, now: datetime) -> None:
        assert self._sofia
        staff, case = self._house.staff, acting.case_of(self._sofia)
        answering.finish(page=acting.page_of(self._sofia), staff=staff["Bo"], now=now)
        hand_case_over(case=case, to=staff["Mina"], by=staff["Bo"], now=now)
        ask_callback(case=case, wanted_at=now + timedelta(hours=2), phone="612 345 678", now=now)


class Tonight:
    """The last minutes: the spa desk has Elsa, room 312 and table 14 are ringing."""

    def __init__(self, house: House, stage: Stage) -> None:
        self._house, self._stage = house, stage

    def plan(self, now: datetime, ana: Customer) -> None:
        """Puts the last five minutes before `now` on the stage."""
        self._spa(now - timedelta(minutes=5))
        self._room_312(now - timedelta(seconds=30))
        self._table_14(now - timedelta(seconds=14), ana)

    def _spa(self, at: datetime) -> None:
        signals: list[Signal] = []
        elsa = self._house.staff["Elsa"]
        self._plan(at, lambda now: signals.append(self._press("Spa desk", now)))
        self._plan(at + timedelta(seconds=12),
                   lambda now: acting.take(acting.page_of(signals[0]), elsa, now))  # fmt: skip
        self._plan(at + timedelta(seconds=31), lambda now: add_remark(
            signal=signals[0], topics=["waiting"], words="Massage started late.", name="", now=now
        ))  # fmt: skip
        self._plan(at + timedelta(seconds=98), lambda now: answering.with_customer(
            page=acting.page_of(signals[0]), staff=elsa, now=now
        ))  # fmt: skip

    def _room_312(self, at: datetime) -> None:
        signals: list[Signal] = []
        self._plan(at, lambda now: signals.append(self._press("Room 312", now)))
        self._plan(at + timedelta(seconds=11), lambda now: add_remark(
            signal=signals[0], topics=[], words="No hot water.", name="The Okafors", now=now
        ))  # fmt: skip

    def _table_14(self, at: datetime, ana: Customer) -> None:
        """Ana has been here before, and it went wrong then."""
        signals: list[Signal] = []
        site = self._house.site
        self._plan(at - timedelta(minutes=2), lambda now: note_visit(
            customer=ana, site=site, by=self._house.staff["Bo"], now=now
        ))  # fmt: skip
        self._plan(at, lambda now: signals.append(self._press("Table 14", now)))
        self._plan(at + timedelta(seconds=8), lambda now: add_remark(
            signal=signals[0], topics=["food", "waiting"], name="Ana Ruiz", now=now,
            words="Main course came cold, and nobody came by for a while. It is our anniversary.",
        ))  # fmt: skip
        self._plan(at + timedelta(seconds=11), lambda now: leave_contact(
            signal=signals[0], contact="ana.ruiz@guest.example", now=now
        ))  # fmt: skip

    def _plan(self, at: datetime, scene: Scene) -> None:
        self._stage.plan(at, scene)

    def _press(self, place: str, now: datetime) -> Signal:
        return acting.press(self._house.buttons[place], now)


def _asks_back(repair: Repair, now: datetime) -> None:
    """The customer answers our letter with a question."""
    case = repair.case
    receive_reply(
        about=case.pk,
        customer=case.customer,
        letter=letters_about(case.pk)[0],
        words="Thank you, Mina. Will the window table be free when we are back in May?",
        now=now,
    )
