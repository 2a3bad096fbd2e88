"""Two people do something about the same customer at the same moment: nobody loses, nothing hangs.

Every pair is played many times on connections of its own. What is refused in words is fine; a
deadlock is not: somebody would read an error page while a guest waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from makegood.amends.asking import ask_senior, decide
from makegood.amends.gifts import Gift
from makegood.amends.granting import give_nothing
from makegood.amends.models import AmendsRequest
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting, treat_waiting
from makegood.page.access import latest_page
from makegood.page.hands import answering
from makegood.page.models import Page
from makegood.people.contacts import PHONE, Contact
from makegood.people.duty import begin_duty, end_duty
from makegood.people.models import Customer, Site, Staff
from makegood.people.recognising import recognise
from makegood.recover.access import case_of_signal
from makegood.recover.jobs import CALLBACKS, STEPS
from makegood.recover.life.callbacks import ask_callback, note_called
from makegood.recover.life.closing import close_lost
from makegood.recover.life.handing import hand_case_over
from makegood.recover.models import Callback, Case, Step
from makegood.recover.steps.stepping import finish_step, skip_step
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.sense.visiting import note_visit
from makegood.triage.jobs import SIGNALS
from tests.cast import AtOnce

ROUNDS = 4  # the two ways to lock meet in nearly every round; 20 were run to find the order
LATER = timedelta(seconds=20)


@dataclass
class Scene:
    """Somebody pressed, Bo is going; `later` is the moment at which things happen at once."""

    signal: Signal
    case: Case
    page: Page
    customer: Customer
    bo: Staff
    cy: Staff
    later: datetime
    request: AmendsRequest | None = None


Act = Callable[[Scene], Any]
Play = Callable[[], Scene]


@pytest.fixture
def pressed(harbour: Site, bo: Staff, cy: Staff, now: datetime) -> Play:
    """Each time another table, another guest, another case; Bo says he is going."""
    for staff in (bo, cy):
        begin_duty(staff=staff, site=harbour, felt_at=now, now=now)

    def _pressed() -> Scene:
        name = f"Table {new_id().hex}"
        table = place_touchpoint(site=harbour, place=name, dwell_minutes=4, now=now)
        signal = receive_press(touchpoint=table, key=str(new_id()), happened_at=now, now=now)
        customer = leave_contact(signal=signal, contact=f"{new_id()}@guest.example", now=now)
        treat_all_waiting(SIGNALS, now=now)
        case = case_of_signal(signal)
        assert case
        page = answering.going(page=_page(case.pk), staff=bo, now=now)
        return Scene(signal, case, page, customer, bo, cy, now + LATER)

    return _pressed


def arrives(scene: Scene) -> Page:
    return answering.with_customer(page=scene.page, staff=scene.bo, now=scene.later)


def finds_nobody(scene: Scene) -> Page:
    return answering.customer_left(page=scene.page, staff=scene.bo, now=scene.later)


def says_he_came(scene: Scene) -> Page:
    return answering.customer_says_came(page=scene.page, now=scene.later)


def takes_it_back(scene: Scene) -> Signal:
    return cancel_press(signal=scene.signal, now=scene.later)


def gives_it_up(scene: Scene) -> object:
    return close_lost(case=scene.case, reason="They left town.", by=scene.cy, now=scene.later)


def says_more(scene: Scene) -> object:
    return add_remark(
        signal=scene.signal, topics=["food"], words="It came cold.", name="Ana", now=scene.later
    )


def leaves_a_number(scene: Scene) -> object:
    number = f"+346{scene.signal.pk.int % 100_000_000:08}"
    return leave_contact(signal=scene.signal, contact=number, now=scene.later)


def wants_a_call(scene: Scene) -> Callback:
    soon = scene.later + timedelta(minutes=15)
    return ask_callback(case=scene.case, wanted_at=soon, phone="", now=scene.later)


def takes_the_case(scene: Scene) -> object:
    return hand_case_over(case=scene.case, to=scene.cy, by=scene.cy, now=scene.later)


def gives_nothing(scene: Scene) -> object:
    why = "A word was enough."
    return give_nothing(about=scene.case.pk, reason=why, by=scene.cy, now=scene.later)


def grants(scene: Scene) -> object:
    assert scene.request
    return decide(request=scene.request, granted=True, reason="", by=scene.cy, now=scene.later)


def presses_again(scene: Scene) -> object:
    assert scene.case.touchpoint
    receive_press(touchpoint=scene.case.touchpoint, key=str(new_id()), now=scene.later)
    return treat_all_waiting(SIGNALS, now=scene.later)


def writes_down_the_call(scene: Scene) -> object:
    return note_called(case=scene.case, by=scene.cy, words="All well.", now=scene.later)


def says_it_is_done(scene: Scene) -> object:
    words = "I was there."
    return finish_step(case=scene.case, kind="reassure", words=words, by=scene.cy, now=scene.later)


def leaves_a_step_out(scene: Scene) -> object:
    why = "Enough was said."
    return skip_step(case=scene.case, kind="contact", reason=why, by=scene.cy, now=scene.later)


def begins_duty(scene: Scene) -> object:
    return begin_duty(staff=scene.bo, site=scene.bo.site, felt_at=scene.later, now=scene.later)


def ticks(scene: Scene) -> object:
    return treat_waiting(STEPS, now=scene.later)


def wait_for_tick(case: Case, moment: datetime) -> None:
    """Only the steps of `case` wait, and all of them."""
    Step.objects.exclude(case=case).update(look_at=None)
    Step.objects.waiting().filter(case=case).update(look_at=moment)


@pytest.mark.parametrize(
    "other", [takes_it_back, gives_it_up, says_more, leaves_a_number, wants_a_call, takes_the_case]
)
def test_who_comes_and_what_happens_to_the_case(at_once: AtOnce, pressed: Play, other: Act) -> None:
    for number in range(ROUNDS):
        scene = pressed()
        play(at_once, scene, (arrives, finds_nobody, says_he_came)[number % 3], other)
        is_sane(scene)


def test_the_table_presses_again_while_somebody_arrives(at_once: AtOnce, pressed: Play) -> None:
    for _ in range(ROUNDS):
        scene = pressed()
        play(at_once, scene, arrives, presses_again, says_more)
        assert is_sane(scene).intensity == 2


def test_an_answer_above_the_purse(at_once: AtOnce, pressed: Play) -> None:
    for number in range(ROUNDS):
        scene = pressed()
        gift = Gift(name="A weekend", worth=Money(40_000, "EUR"))
        scene.request = ask_senior(
            about=scene.case.pk, what=gift, by=scene.bo, key=str(new_id()), now=scene.later
        )
        play(at_once, scene, grants, *([gives_it_up] if number % 2 else [arrives, gives_nothing]))
        is_sane(scene)


def test_a_call(at_once: AtOnce, pressed: Play) -> None:
    """The colleague who calls writes it down while their phone says that they are talking."""
    for _ in range(ROUNDS):
        scene = pressed()
        scene.later = wants_a_call(scene).wanted_at
        treat_all_waiting(CALLBACKS, now=scene.later)
        call = _page(scene.case.pk, "call")
        scene.page = answering.going(page=call, staff=scene.bo, now=scene.later)
        play(at_once, scene, arrives, writes_down_the_call, wants_a_call)
        is_sane(scene)


def test_a_visit_that_ends_a_promise(at_once: AtOnce, pressed: Play, harbour: Site) -> None:
    """Bo stands before the guest; meanwhile the promise is swept, ended, or the case is."""
    for number in range(ROUNDS):
        scene = pressed()
        arrives(scene)
        scene.later += timedelta(days=40)
        note_visit(customer=scene.customer, site=harbour, by=None, now=scene.later)
        visit = _page(Step.objects.get(case=scene.case, kind="reassure").pk)
        scene.page = answering.going(page=visit, staff=scene.bo, now=scene.later)
        wait_for_tick(scene.case, scene.later)
        others: list[Act] = [says_it_is_done, leaves_a_step_out, gives_it_up]
        play(at_once, scene, arrives, ticks, others[number % 3])
        is_sane(scene)


def test_who_begins_duty_inherits_what_others_put_away(at_once: AtOnce, pressed: Play) -> None:
    """Nobody was on duty, so reminders and a press wait; Bo begins as Cy gives the case up."""
    for number in range(ROUNDS):
        scene = pressed()
        answering.cant(page=scene.page, staff=scene.bo, now=scene.later)
        for staff in (scene.bo, scene.cy):
            end_duty(staff=staff, now=scene.later)
        scene.later += timedelta(days=number + 1)
        wait_for_tick(scene.case, scene.later)
        ticks(scene)
        wait_for_tick(scene.case, scene.later)
        play(at_once, scene, begins_duty, gives_it_up, ticks)
        begin_duty(staff=scene.cy, site=scene.cy.site, felt_at=scene.later, now=scene.later)
        is_sane(scene)


def test_two_guests_are_one_while_somebody_arrives(at_once: AtOnce, pressed: Play) -> None:
    def turns_out_to_be(earlier: Scene) -> Act:
        points = [
            Contact("email", scene.customer.contact_points.get().value)
            for scene in (earlier, scene_now)
        ]
        return lambda scene: recognise(
            organisation_id=scene.case.organisation_id,
            contacts=[*points, Contact(PHONE, "+34600000000")],
            name="", now=scene.later, by="customer", site=scene.case.site,
        )  # fmt: skip

    for _ in range(ROUNDS):
        earlier, scene_now = pressed(), pressed()
        play(at_once, scene_now, arrives, says_more, turns_out_to_be(earlier))
        is_sane(scene_now)


def play(at_once: AtOnce, scene: Scene, *acts: Act) -> None:
    """All at the same moment; only refusals in words are allowed."""
    outcomes = at_once(*[lambda act=act: act(scene) for act in acts])
    errors = [found for found in outcomes if isinstance(found, Exception)]
    assert [error for error in errors if not isinstance(error, Refused)] == []


def is_sane(scene: Scene) -> Case:
    """Who was with the guest is in the case; a closed case leaves no page and no step behind."""
    case = Case.objects.get(pk=scene.case.pk)
    page = Page.objects.get(pk=scene.page.pk)
    if page.with_at and page.about == case.pk:
        assert case.reached_at == page.with_at
        assert case.owner_id
    steps = list(Step.objects.filter(case=case))
    if case.standing_closure:
        assert all(step.state != Step.State.WAITING for step in steps)
        about = [case.pk, *(step.pk for step in steps)]
        ringing = Page.objects.open().filter(about__in=about).exclude(state=Page.State.WITH)
        assert not ringing.exists()
    return case


def _page(about: Any, purpose: str = "reach") -> Page:
    page = latest_page(about, purpose)
    assert page
    return page
