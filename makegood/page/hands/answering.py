"""What people say to a page: staff from their pager, the customer from theirs."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.page.channels.screen import sending as screen
from makegood.page.delivery.silencing import clear_told, silence_everybody, silence_one
from makegood.page.facts import (
    CustomerLeft,
    CustomerReached,
    GoingExpired,
    PageDeclined,
    PageEnded,
    PageHandedOver,
    PageOpened,
    PageTaken,
)
from makegood.page.hands import patience
from makegood.page.hands.ending import cancel_pages, close
from makegood.page.hands.knowing import is_asked_to_know, note_known
from makegood.page.hands.receipts import note_answered
from makegood.page.holding import (
    has_declined,
    hold,
    hold_with_matter,
    last_on_the_way,
    note_answer,
    over,
    taken,
    yet_to_know,
)
from makegood.page.models import Answer, Device, Page
from makegood.page.rungs import ladder
from makegood.page.rungs.climbing import (
    Reason,
    Turn,
    carry_out_all,
    look_around,
    place_of,
    release,
    ring_again,
    step_on,
)
from makegood.page.rungs.insisting import first_asks_again_at
from makegood.page.telling import tell
from makegood.people.models import Staff

__all__ = [
    "cancel_pages",
    "cant",
    "customer_left",
    "customer_says_came",
    "customer_says_nobody_came",
    "finish",
    "going",
    "hand_over",
    "may_say_nobody_came",
    "with_customer",
]


def going(*, page: Page, staff: Staff, now: datetime, device: Device | None = None) -> Page:
    """The first hand wins, by one conditional UPDATE; on other purposes it means "I take it".

    A second tap changes nothing. Refuses `taken` who came second, naming the first, and `over`; of
    who has to say that they know, it is noted that they do.
    """
    until = patience.look_again_at(page.purpose, leaves_at=page.leaves_at, now=now)
    with transaction.atomic():
        won = (
            Page.objects.untaken()
            .filter(pk=page.pk)
            .update(state=Page.State.GOING, taken_by=staff, going_at=now, next_rung_at=until)
        )
        page = Page.objects.select_related("taken_by").get(pk=page.pk)
        if won:
            note_answered(page, staff, device, now=now)
            _tell_taken(page, staff, now)
        elif is_asked_to_know(page, staff):
            note_known(hold(page), staff, device, now=now)
        elif page.is_open and not page.is_in_hand_of(staff):
            _note_too_late(page, staff, now)
    if not page.is_open:
        raise over(page)
    if not page.is_in_hand_of(staff):
        raise taken(page)
    return page


def cant(
    *, page: Page, staff: Staff, now: datetime, note: str = "", device: Device | None = None
) -> Page:
    """Moves on at once, unless somebody else is being asked right now; who can't, can't.

    From the hand that was going, it rings again. Said of a page in other hands, it changes nothing,
    but that they know, where they have to say so.
    Refuses `over`, and `reached` from somebody who is with the customer: they hand over instead.
    """
    with transaction.atomic():
        page = hold(page)
        if page.is_in_hand_of(staff):
            _give_back(page, staff, now, note)
        elif page.state in Page.UNTAKEN_STATES and not has_declined(page, staff):
            note_answered(page, staff, device, now=now)
            _decline(page, staff, now, note)
        elif not page.is_open:
            raise over(page)
        elif is_asked_to_know(page, staff):
            note_known(page, staff, device, now=now)
    return page


def with_customer(*, page: Page, staff: Staff, now: datetime) -> Page:
    """Somebody stands in front of the customer (or has them on the phone).

    Whoever is really there has the page, also when a colleague had said they were going.
    Refuses `taken`, `over`, and `not_a_visit` where no customer waits.
    """
    with transaction.atomic():
        page = hold_with_matter(page)
        _refuse_no_visit(page)
        if not page.is_open:
            raise over(page)
        if page.state == Page.State.WITH:
            if not page.is_in_hand_of(staff):
                raise taken(page)
            return page
        note_answer(page, Answer.Kind.WITH, staff=staff, now=now)
        _reach(page, staff, now, by=chronicle.staff_actor(staff.pk))
    return page


def customer_left(*, page: Page, staff: Staff, now: datetime, note: str = "") -> Page:
    """The customer had gone before anybody came: the page ends, the case goes on without them.

    Refuses `taken` to others than the hand, `reached` after somebody was there, and `over`.
    """
    with transaction.atomic():
        page = hold_with_matter(page)
        if page.answers.filter(staff=staff, kind=Answer.Kind.LEFT, round=page.round).exists():
            return page
        _refuse_no_visit(page)
        _refuse_stranger(page, staff)
        if page.state == Page.State.WITH:
            raise Refused(f"You were with {page.guest}: finish instead.", code="reached")
        note_answer(page, Answer.Kind.LEFT, staff=staff, now=now, note=note)
        close(page, Page.State.DONE, hand=staff, now=now)
        fact = CustomerLeft(matter=page.about, purpose=page.purpose, staff_id=staff.pk)
        tell(page, fact, now=now, by=chronicle.staff_actor(staff.pk))
    return page


def hand_over(*, page: Page, staff: Staff, to: Staff, now: datetime, word: str = "") -> Page:
    """Gives the page, with a word, to a colleague on duty, who is rung at once.

    If they do not answer, the ladder goes on. Only the hand it is in, or a senior, may hand over.
    Refuses `taken`, `over`, `not_yours`, and `not_on_duty` for a colleague nobody would reach.
    """
    with transaction.atomic():
        page = hold(page)
        if page.answers.filter(staff=staff, kind=Answer.Kind.HANDED, round=page.round).exists():
            return page
        _refuse_no_hand(page, staff)
        if to.pk == page.taken_by_id:
            raise Invalid("Please choose a colleague.", field="to")
        former = page.taken_by
        release(page, now=now)
        note_answer(page, Answer.Kind.HANDED, staff=staff, now=now, note=word)
        if former:
            clear_told(page, former, because="moved", now=now)
        _ring_colleague(page, staff, to, now, word)
        screen.tell_state(page, [former.pk] if former else [], hand=None, now=now)
    return page


def finish(*, page: Page, staff: Staff, now: datetime) -> Page:
    """The page is done; the case goes on. A second tap changes nothing.

    Refuses `not_there_yet` before anybody reached the customer, and who neither has the page nor
    is senior.
    """
    with transaction.atomic():
        page = hold(page)
        if page.state == Page.State.DONE:
            return page
        if page.state == Page.State.CANCELLED:
            raise over(page)
        reached = page.state == Page.State.WITH
        if not reached and (page.purpose == Page.Purpose.REACH or not page.taken_by):
            raise Refused(f"Nobody has been with {page.guest} yet.", code="not_there_yet")
        if not (page.is_in_hand_of(staff) or staff.is_senior):
            raise NotAllowed(taken(page).message)
        note_answer(page, Answer.Kind.DONE, staff=staff, now=now)
        close(page, Page.State.DONE, hand=staff, now=now)
        fact = PageEnded(matter=page.about, purpose=page.purpose, staff_id=page.taken_by_id)
        tell(page, fact, now=now, by=chronicle.staff_actor(staff.pk))
    return page


def customer_says_came(*, page: Page, now: datetime) -> Page:
    """The customer says who was on the way has come, also if that page rings again by now.

    Somebody who said so themselves is confirmed. Refuses `nobody_yet` if nobody ever went, `over`.
    """
    with transaction.atomic():
        page = hold_with_matter(page)
        if page.state == Page.State.CANCELLED:
            raise over(page)
        staff = last_on_the_way(page)
        if staff is None:
            raise Refused("Nobody has told us yet that they are going.", code="nobody_yet")
        if page.answers.filter(kind=Answer.Kind.WITH, by_customer=True, round=page.round).exists():
            return page
        note_answer(page, Answer.Kind.WITH, staff=staff, now=now, by_customer=True)
        if page.state in (Page.State.GOING, *Page.UNTAKEN_STATES):
            _reach(page, staff, now, by=chronicle.CUSTOMER)
    return page


def customer_says_nobody_came(*, page: Page, now: datetime) -> Page:
    """Whoever said they were going, or there, was not: the page rings again at once.

    While it rings already it changes nothing. Refuses `over` for a press that was taken back, and
    `too_late` once they will have left: who came, came.
    """
    with transaction.atomic():
        page = hold_with_matter(page)
        if page.state == Page.State.CANCELLED:
            raise over(page)
        if page.state in Page.UNTAKEN_STATES:
            return page
        if not may_say_nobody_came(page, now=now):
            why = "That was a while ago, and you will have left: nobody is sent there now."
            raise Refused(why, code="too_late")
        fact = _nobody_came(page)
        note_answer(page, Answer.Kind.NOBODY_CAME, staff=None, now=now, by_customer=True)
        page.with_at = None
        ring_again(page, now=now, reason=Reason(fact, by=chronicle.CUSTOMER))
    return page


def may_say_nobody_came(page: Page, *, now: datetime) -> bool:
    """Whether it would ring somebody: they may be there still, and nobody is being rung already."""
    if page.state in (*Page.UNTAKEN_STATES, Page.State.CANCELLED):
        return False
    return patience.may_still_be_there(
        expected_until=page.leaves_at or page.happened_at,
        came_at=page.with_at or page.ended_at or page.going_at,
        now=now,
    )


def _tell_taken(page: Page, staff: Staff, now: datetime) -> None:
    note_answer(page, Answer.Kind.GOING, staff=staff, now=now)
    told = _silence_others(page, staff, now)
    if page.asks_again_at:
        page.save(update_fields=["asks_again_at"])
    screen.tell_state(page, told, hand=staff, now=now)
    fact = PageTaken(matter=page.about, purpose=page.purpose, staff_id=staff.pk)
    tell(page, fact, now=now, by=chronicle.staff_actor(staff.pk))


def _silence_others(page: Page, hand: Staff, now: datetime) -> list[UUID]:
    """But for those who have to say that they know: their screens are to say who goes, and they are
    to be rung anew. The page is not saved yet."""
    waited_for = yet_to_know(page)
    if waited_for and page.asks_again_at is None:
        page.asks_again_at = first_asks_again_at(now)
    silence_everybody(
        page, but=hand, because="taken", by=hand.first_name, now=now, spared=waited_for
    )
    return [hand.pk, *(one.pk for one in waited_for)]


def _note_too_late(page: Page, staff: Staff, now: datetime) -> None:
    kind = Answer.Kind.TOO_LATE
    if not page.answers.filter(staff=staff, kind=kind, round=page.round).exists():
        note_answer(page, kind, staff=staff, now=now)


def _give_back(page: Page, staff: Staff, now: datetime, note: str) -> None:
    if page.state == Page.State.WITH:
        raise Refused(f"You are with {page.guest}: hand over instead.", code="reached")
    release(page, now=now)
    note_answer(page, Answer.Kind.CANT, staff=staff, now=now, note=note)
    clear_told(page, staff, because="cant", now=now)
    fact = GoingExpired(matter=page.about, purpose=page.purpose, staff_id=staff.pk)
    step_on(page, now=now, reason=Reason(fact, by=chronicle.staff_actor(staff.pk)))
    screen.tell_state(page, [staff.pk], hand=None, now=now)


def _decline(page: Page, staff: Staff, now: datetime, note: str) -> None:
    last_to_say = _is_last_being_asked(page, staff)
    note_answer(page, Answer.Kind.CANT, staff=staff, now=now, note=note)
    silence_one(page, staff, because="cant", now=now)
    fact = PageDeclined(matter=page.about, purpose=page.purpose, staff_id=staff.pk)
    by = chronicle.staff_actor(staff.pk)
    if last_to_say:
        step_on(page, now=now, reason=Reason(fact, by=by))
    else:
        tell(page, fact, now=now, by=by)


def _is_last_being_asked(page: Page, staff: Staff) -> bool:
    """Whether everyone else of the latest ring has declined already."""
    asked = page.attempts.filter(round=page.round, rung=page.rung).order_by("-made_at")
    latest = asked.values_list("made_at", flat=True).first()
    declined = page.answers.filter(round=page.round, kind=Answer.Kind.CANT).values("staff")
    if latest is None:
        return False
    waiting = asked.filter(made_at=latest).exclude(staff__in=declined).order_by()
    return list(waiting.values_list("staff_id", flat=True).distinct()) == [staff.pk]


def _reach(page: Page, staff: Staff, now: datetime, *, by: str) -> None:
    page.state = Page.State.WITH
    told = _silence_others(page, staff, now)
    page.taken_by = staff
    page.with_at = page.with_at or now
    page.next_rung_at = None
    page.save()
    screen.tell_state(page, told, hand=staff, now=now)
    fact = CustomerReached(
        matter=page.about,
        purpose=page.purpose,
        staff_id=staff.pk,
        in_time=page.leaves_at is None or page.with_at <= page.leaves_at,
        by_customer=by == chronicle.CUSTOMER,
    )
    tell(page, fact, now=now, by=by)


def _ring_colleague(page: Page, staff: Staff, to: Staff, now: datetime, word: str) -> None:
    view = look_around(page, now=now)
    colleague = next((p for p in view.people if p.id == to.pk and p.on_duty), None)
    if colleague is None:
        raise Refused(f"{to.first_name} is not on duty here.", code="not_on_duty", field="to")
    move = ladder.Ring(place_of(page), (colleague,), now + view.rungs[0].wait)
    fact = PageHandedOver(matter=page.about, purpose=page.purpose, staff_id=staff.pk, to_id=to.pk)
    reason = Reason(fact, by=chronicle.staff_actor(staff.pk), handed_by=staff, word=word)
    carry_out_all([Turn(page, move, view, reason)], now=now)


def _nobody_came(page: Page) -> GoingExpired | PageOpened:
    staff = last_on_the_way(page)
    if staff is None:  # it was ended without anybody going
        return PageOpened(matter=page.about, purpose=page.purpose)
    return GoingExpired(
        matter=page.about, purpose=page.purpose, staff_id=staff.pk, by_customer=True
    )


def _refuse_no_visit(page: Page) -> None:
    if page.purpose not in Page.VISITS:
        raise Refused("No customer is waiting for this one.", code="not_a_visit")


def _refuse_stranger(page: Page, staff: Staff) -> None:
    if not page.is_open:
        raise over(page)
    if page.taken_by and not page.is_in_hand_of(staff):
        raise taken(page)


def _refuse_no_hand(page: Page, staff: Staff) -> None:
    if not page.is_open:
        raise over(page)
    if not page.taken_by:
        raise Refused("Nobody has taken this one yet. If you can’t, say so.", code="not_yours")
    if not (page.is_in_hand_of(staff) or staff.is_senior):
        raise taken(page)
