"""Staff and customers of some sites, in a process of their own that acts through the verbs.

`people.main()` with the SEED and the ids of the SITES reads one stretch per line, lets everybody do
what they would, and answers with one line. Who is cut off in the middle tries again: what was done
stays done.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from makegood.ground import tenancy
from makegood.ground.refusals import Refused
from makegood.page.hands import answering
from makegood.page.models import Page
from makegood.people.models import Organisation, Role, Staff
from makegood.recover.life.answering import customer_confirms, customer_says_not_right
from makegood.recover.life.closing import close_lost, reopen
from makegood.recover.models import Case, Closure, Step, StepQuerySet
from makegood.recover.steps.stepping import finish_step, skip_step
from makegood.recover.versions.publishing import publish
from makegood.sense.adding import cancel_press, leave_contact
from makegood.sense.inviting import answer_invitation
from makegood.sense.models import Invitation, Touchpoint
from makegood.sense.pressing import receive_press
from tests.endurance.year.temper import EARLIEST, Temper
from tests.endurance.year.town import Lived, Press, Stretch

Acts = Iterator[tuple[str, Callable[[], Any]]]

AGAIN_AFTER = 0.2
TRIES = 100


def main() -> None:
    """Lives stretch after stretch until there are no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the house logs is no answer
    people = People(int(sys.argv[1]), list(map(UUID, sys.argv[2:])))
    for line in sys.stdin:
        lived = people.live(msgspec.json.decode(line, type=Stretch))
        print(msgspec.json.encode(lived).decode(), file=answers, flush=True)


class People:
    """Everybody. They look at the house as it is, and do what is in their nature."""

    def __init__(self, seed: int, sites: Sequence[UUID]) -> None:
        self._sites = sites
        self._temper = cache(lambda key: Temper(seed, key))
        self._did: Counter[str] = Counter()

    def live(self, stretch: Stretch) -> Lived:
        """What happens in one stretch."""
        self._did.clear()
        for press in stretch.presses:
            self._do("presses", partial(self._press, press))
        for look in (self._meet, self._keep_promises, self._answer, self._confirm, self._close,
                     self._open_again):  # fmt: skip
            for what, act in self._surely(partial(_listed, look)):
                self._do(what, act)
        if stretch.policy:
            self._do("publishes", partial(self._publish, Path(stretch.policy)))
        return Lived(dict(self._did))

    def _do(self, what: str, act: Callable[[], Any]) -> None:
        try:
            self._surely(act)
        except Refused:
            what = f"{what}, refused"
        self._did[what] += 1

    def _surely(self, act: Callable[[], Any]) -> Any:
        """Tries until the database is there to the end."""
        for _ in range(TRIES):
            try:
                with tenancy.everywhere():
                    return act()
            except (DatabaseError, InterfaceError):
                connection.close()
                close_old_connections()
                time.sleep(AGAIN_AFTER)
        raise SystemExit("the database did not come back")

    def _press(self, press: Press) -> None:
        temper = self._temper(press.key)
        table = Touchpoint.objects.select_related("site").get(pk=press.table)
        signal = receive_press(touchpoint=table, key=press.key, now=_now())
        if temper.presses_again:
            receive_press(touchpoint=table, key=f"{press.key}-again", now=_now())
        if temper.leaves_an_address:
            leave_contact(signal=signal, contact=f"{press.key}@guest.example", now=_now())
        if temper.takes_it_back:
            cancel_press(signal=signal, now=_now())

    def _meet(self) -> Acts:
        """Who waits is met: whoever is rung goes to them at once."""
        pages = Page.objects.open().filter(site__in=self._sites).order_by("pk")
        for page in pages.filter(purpose__in=(Page.Purpose.REACH, Page.Purpose.CALL)):
            yield "meets", partial(self._go, page)
        for page in pages.filter(purpose=Page.Purpose.DECIDE):
            yield "hears", partial(self._hear, page)

    def _go(self, page: Page) -> None:
        host = _staff(page.site_id, Role.HOST)
        answering.with_customer(page=page, staff=host, now=_now())
        answering.finish(page=page, staff=host, now=_now())

    def _hear(self, page: Page) -> None:
        manager = _staff(page.site_id, Role.MANAGER)
        answering.going(page=page, staff=manager, now=_now())
        answering.finish(page=page, staff=manager, now=_now())

    def _keep_promises(self) -> Acts:
        now = _now()
        steps = self._waiting().filter(due_at__lte=now + EARLIEST)
        for step, key in _with_keys(steps.exclude(kind__in=("ask", "prove"))):
            does = self._temper(key).does(step.kind)
            if does and step.due_at and step.due_at + does[1] <= now:
                yield does[0], partial(self._end, step, does[0])

    def _end(self, step: Step, what: str) -> None:
        manager = _staff(step.case.site_id, Role.MANAGER)
        if what == "skip":
            skip_step(case=step.case, kind=step.kind, reason="They asked us not to.", by=manager,
                      now=_now())  # fmt: skip
        else:
            finish_step(case=step.case, kind=step.kind, words="Done as promised.", by=manager,
                        now=_now())  # fmt: skip

    def _answer(self) -> Acts:
        now = _now()
        asked = Invitation.objects.filter(
            rating=None, expires_at__gt=now, about__isnull=False, site__in=self._sites
        )
        invitations = list(asked.order_by("pk"))
        keys = _keys(invitation.about for invitation in invitations)
        for invitation in invitations:
            answer = self._temper(keys[invitation.about]).answers_after()
            if answer and invitation.created_at + answer[1] <= now:
                yield "rates", partial(self._rate, invitation, answer[0])

    def _rate(self, invitation: Invitation, score: int) -> None:
        answer_invitation(invitation=invitation, score=score, words="", now=_now())

    def _confirm(self) -> Acts:
        now = _now()
        asked = self._waiting().filter(kind="prove", asked_at__isnull=False)
        for step, key in _with_keys(asked):
            says = self._temper(key).says_after()
            if says and step.asked_at and step.asked_at + says[1] <= now:
                yield says[0], partial(self._say, step, says[0])

    def _say(self, step: Step, what: str) -> None:
        if what == "confirms":
            customer_confirms(case=step.case, now=_now())
        else:
            customer_says_not_right(case=step.case, words="Nobody called.", now=_now())

    def _close(self) -> Acts:
        now = _now()
        reopened = Closure.objects.exclude(reopened_at=None).values("case")
        standing = Case.objects.open().filter(site__in=self._sites).exclude(pk__in=reopened)
        cases = list(standing.select_related("site").order_by("pk"))
        keys = _keys(case.pk for case in cases)
        for case in cases:
            after = self._temper(keys[case.pk]).gives_up_after()
            if after and case.opened_at + after <= now:
                yield "gives up", partial(self._give_up, case)
        asked = self._waiting().filter(kind="prove", asked_at__isnull=False)
        for step, key in _with_keys(asked):
            after = self._temper(key).closes_after()
            if after and step.asked_at and step.asked_at + after <= now:
                yield "closes", partial(self._give_up, step.case)

    def _give_up(self, case: Case) -> None:
        manager = _staff(case.site_id, Role.MANAGER)
        close_lost(case=case, reason="No way to reach them.", by=manager, now=_now())

    def _open_again(self) -> Acts:
        now = _now()
        lost = Closure.objects.filter(outcome="lost", reopened_at=None, case__site__in=self._sites)
        reopened = Closure.objects.exclude(reopened_at=None).values("case")
        lost = lost.exclude(case__in=reopened).filter(closed_at__gte=now - timedelta(days=25))
        closures = list(lost.select_related("case__site").order_by("pk"))
        keys = _keys(closure.case_id for closure in closures)
        for closure in closures:
            after = self._temper(keys[closure.case_id]).opens_again_after()
            if after and closure.closed_at + after <= now:
                yield "opens again", partial(self._reopen, closure.case)

    def _reopen(self, case: Case) -> None:
        manager = _staff(case.site_id, Role.MANAGER)
        reopen(case=case, because="They wrote after all.", by=manager, now=_now())

    def _waiting(self) -> StepQuerySet:
        return Step.objects.waiting().filter(case__site__in=self._sites)

    def _publish(self, policy: Path) -> None:
        house, text = Organisation.objects.get(), policy.read_text("utf-8")
        publish(organisation=house, text=text, by=None, now=_now())


def _listed(look: Callable[[], Acts]) -> list[tuple[str, Callable[[], Any]]]:
    return list(look())


def _now() -> datetime:
    """The house's time this moment, whoever moved the clock."""
    with connection.cursor() as cursor:
        cursor.execute("select makegood_now()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def _with_keys(steps: Any) -> list[tuple[Step, str]]:
    found = list(steps.select_related("case__site").order_by("due_at", "pk"))
    keys = _keys({step.case_id for step in found})
    return [(step, keys[step.case_id]) for step in found]


def _keys(cases: Iterable[Any]) -> dict[Any, str]:
    """Of each case the key of the press that opened it."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [list(cases)])
        return {case: key.removesuffix("-again") for case, key in cursor.fetchall()}


KEYS = """
select distinct on (belongs.case_id) belongs.case_id, s.key
from recover_casesignal belongs join sense_signal s on s.id = belongs.signal_id
where belongs.case_id = any(%s::uuid[]) order by belongs.case_id, belongs.joined_at, s.id
"""


@cache
def _staff(site: UUID, role: Role) -> Staff:
    return Staff.objects.select_related("site", "organisation").get(site=site, role=role)
