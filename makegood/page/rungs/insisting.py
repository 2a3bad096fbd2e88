"""Where every hand counts: whoever has not said that they know who goes is rung anew.

Never whoever goes. A page in hand that waits for somebody has `asks_again_at`, a queue of its own
beside `next_rung_at`; it is empty where nobody is waited for any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import prefetch_related_objects

from makegood.ground import chronicle, rows
from makegood.page.channels.screen import sending as screen
from makegood.page.facts import AskedAgain
from makegood.page.holding import yet_to_know
from makegood.page.models import Attempt, Page
from makegood.page.rungs import ladder
from makegood.page.rungs.attempting import Attempts, attempts_for, keep
from makegood.page.rungs.climbing import asked_for
from makegood.page.rungs.reach import Asked, Reach, decide_exactly
from makegood.page.telling import telling

PUT_OFF_FOR: Final = timedelta(seconds=5)


def first_asks_again_at(now: datetime) -> datetime:
    """When a page that somebody takes now rings those anew who have not said that they know."""
    return now + ladder.round_length(0)


def claim(now: datetime, limit: int) -> list[Page]:
    """Pages in hand that wait for somebody to say that they know."""
    due = Page.objects.filter(asks_again_at__lte=now).order_by("asks_again_at", "pk")
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("taken_by")
    return list(locked[:limit])


def insist_all(pages: Sequence[Page], now: datetime) -> None:
    """Rings whoever is due anew, as often as the table allows. Callers hold the pages."""
    prefetch_related_objects(pages, "attempts__staff", "answers")
    asked = [asked_for(page) for page in pages]
    moves = decide_exactly(asked, lambda reach: list(_moves(pages, asked, reach)), now=now)
    for page, (move, unheard) in zip(pages, moves, strict=True):
        page.asks_again_at = move.look_again_at if move else None
        if move and move.people:
            _ring(page, [one for one in unheard if one.person in move.people], now)
    rows.save_all(Page, pages, ["asks_again_at"])


def _moves(
    pages: Sequence[Page], asked: Sequence[Asked], reach: Reach
) -> Iterator[tuple[ladder.Insist | None, list[ladder.Unheard]]]:
    for page, where in zip(pages, asked, strict=True):
        near = {person.id: person for person in reach.people_for(where)}
        unheard = _unheard(page, near)
        move = ladder.insist(unheard, now=reach.now)
        if move:
            reach.note_rung(move.people)
        yield move, unheard


def put_off(page: Page, error: Exception, now: datetime) -> None:
    """Looks again a little later."""
    still_due = Page.objects.filter(pk=page.pk, asks_again_at__lte=now)
    still_due.update(asks_again_at=now + PUT_OFF_FOR)


def next_due(now: datetime) -> datetime | None:
    """When the next page rings somebody anew."""
    waiting = Page.objects.filter(asks_again_at__isnull=False).order_by("asks_again_at")
    return waiting.values_list("asks_again_at", flat=True).first()


def _unheard(page: Page, near: Mapping[UUID, ladder.Person]) -> list[ladder.Unheard]:
    """Who is waited for, of those who can be rung now; silent since somebody has the page."""
    in_hand_at = page.going_at or page.with_at or page.opened_at
    found = []
    for staff in yet_to_know(page):
        rung = [one for one in page.attempts.all() if _asks(one, page, staff.pk)]
        since = max([in_hand_at, *(one.made_at for one in rung)])
        times = max(one.again for one in rung) + 1
        if staff.pk in near:
            found.append(ladder.Unheard(near[staff.pk], times, since))
    return found


def _asks(attempt: Attempt, page: Page, staff_id: UUID) -> bool:
    return attempt.staff_id == staff_id and attempt.round == page.round


def _ring(page: Page, unheard: Sequence[ladder.Unheard], now: datetime) -> None:
    """A device that has not rung yet of an earlier ring keeps its time, and rings once."""
    waiting = page.attempts.filter(round=page.round, hand_over_at__isnull=False)
    kept = set(waiting.values_list("device_id", flat=True))
    for times in sorted({one.times for one in unheard}):
        people = [one.person for one in unheard if one.times == times]
        made = attempts_for(page, people, now=now, until_known=True, again=times)
        made = Attempts([one for one in made.made if one.device_id not in kept])
        keep([made])
        told = screen.asked_again(page, people, times=times, now=now, devices=made.told)
        screen.post([told], now=now)
    fact = AskedAgain(matter=page.about, staff_ids=[one.person.id for one in unheard])
    chronicle.record_all([telling(page, fact, now=now)])
