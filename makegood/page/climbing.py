"""Carries pages up their ladders. Callers hold the page's row, or are just making it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from makegood.ground import chronicle
from makegood.page import ladder
from makegood.page.channels.screen import sending as screen
from makegood.page.facts import GoingExpired, NobodyReached, RungReached
from makegood.page.models import Answer, Attempt, Page
from makegood.page.reach import people_within_reach
from makegood.page.telling import tell
from makegood.people.models import Staff

PASSES = (Answer.Kind.CANT, Answer.Kind.HANDED)
SAID_THEY_COME = (Answer.Kind.GOING, Answer.Kind.WITH)


@dataclass(frozen=True)
class View:
    """What the ladder needs to know about a page and the people around it."""

    rungs: list[ladder.Rung]
    people: list[ladder.Person]
    passed: frozenset[UUID]

    @property
    def lines(self) -> list[list[ladder.Person]]:
        return ladder.line_up(self.rungs, self.people)


@dataclass(frozen=True)
class Reason:
    """Why a page moves: the fact to record first, who made it so, what caused it."""

    fact: chronicle.Fact | None = None
    by: str = chronicle.SYSTEM
    caused_by: UUID | None = None
    handed_by: Staff | None = None
    word: str = ""


LET_TIME_PASS = Reason()


def look_around(page: Page, *, now: datetime) -> View:
    """Who can be reached for `page`, who was rung in this round, who did not keep their word."""
    rungs = ladder.read(page.ladder)
    people = people_within_reach(
        organisation_id=page.organisation_id, site_id=page.site_id, rungs=rungs, now=now
    )
    return View(rungs, people, frozenset()) if page._state.adding else view_of(page, rungs, people)


def view_of(page: Page, rungs: list[ladder.Rung], people: Iterable[ladder.Person]) -> View:
    """The same from people known already, and the page's attempts and answers."""
    said = [answer for answer in page.answers.all() if answer.staff_id and not answer.by_customer]
    came = {answer.staff_id for answer in said if answer.kind in SAID_THEY_COME}
    rung = {attempt.staff_id for attempt in page.attempts.all() if attempt.round == page.round}
    for answer in said:
        if answer.staff_id and answer.kind in PASSES and answer.round == page.round:
            rung.add(answer.staff_id)
    return View(
        rungs,
        [replace(person, late=person.id in came) for person in people],
        frozenset(rung),
    )


def place_of(page: Page) -> ladder.Place:
    """Where the page stands on its ladder."""
    return ladder.Place(page.round, page.rung, page.round_began_at)


def climb(page: Page, *, now: datetime) -> None:
    """The page's time is over: the next is rung; who said they were going and did not is told."""
    if page.state == Page.State.GOING and page.taken_by_id:
        fact = GoingExpired(matter=page.about, purpose=page.purpose, staff_id=page.taken_by_id)
        ring_again(page, now=now, reason=Reason(fact))
    else:
        step_on(page, now=now)


def ring_again(page: Page, *, now: datetime, reason: Reason) -> None:
    """Takes the page out of its hand and begins a new round; that hand comes last on its rung."""
    former = page.taken_by_id
    release(page, now=now)
    step_on(page, now=now, reason=reason)
    if former:
        screen.tell_state(page, [former], hand=None, now=now)


def release(page: Page, *, now: datetime) -> None:
    """Makes the page free for any hand, at the start of a new round. Not saved yet."""
    page.taken_by = None
    page.going_at = page.ended_at = None
    fresh = ladder.fresh_round(place_of(page), now)
    page.round, page.rung, page.round_began_at = fresh.round, fresh.rung, fresh.round_began_at


def step_on(page: Page, *, now: datetime, reason: Reason = LET_TIME_PASS) -> None:
    """Decides the page's next move and carries it out."""
    view = look_around(page, now=now)
    move = ladder.next_move(
        view.rungs, view.lines, place=place_of(page), passed=view.passed, now=now
    )
    carry_out(page, move, view, now=now, reason=reason)


def carry_out(
    page: Page, move: ladder.Move, view: View, *, now: datetime, reason: Reason = LET_TIME_PASS
) -> None:
    """Saves the page where `move` puts it, tells why, and rings whom it names."""
    nobody_before = page.state == Page.State.NOBODY and not page._state.adding
    _stand(page, move, now)
    page.save()
    cause = reason.caused_by
    if reason.fact:
        cause = tell(page, reason.fact, now=now, by=reason.by, caused_by=cause).pk
    if isinstance(move, ladder.Ring):
        _ring(page, move, view, now=now, reason=reason, cause=cause)
    elif isinstance(move, ladder.Nobody) and not nobody_before:
        screen.tell_state(page, [], hand=None, now=now)
        fact = NobodyReached(matter=page.about, purpose=page.purpose)
        tell(page, fact, now=now, caused_by=cause)


def _stand(page: Page, move: ladder.Move, now: datetime) -> None:
    nobody = isinstance(move, ladder.Nobody)
    page.state = Page.State.NOBODY if nobody else Page.State.RINGING
    page.round, page.rung = move.place.round, move.place.rung
    page.round_began_at = move.place.round_began_at
    page.next_rung_at = move.look_again_at
    if isinstance(move, ladder.Ring):
        page.sent_at = page.sent_at or now


def _ring(
    page: Page,
    move: ladder.Ring,
    view: View,
    *,
    now: datetime,
    reason: Reason,
    cause: UUID | None,
) -> None:
    Attempt.objects.bulk_create(_attempts(page, move.people, now))
    screen.ring(
        page,
        move.people,
        now=now,
        following=ladder.following(view.rungs, view.lines, after=move, passed=view.passed),
        handed_by=reason.handed_by,
        word=reason.word,
    )
    fact = RungReached(
        matter=page.about,
        rung=page.rung,
        round=page.round,
        staff_ids=[person.id for person in move.people],
    )
    tell(page, fact, now=now, caused_by=cause)


def _attempts(page: Page, people: Sequence[ladder.Person], now: datetime) -> list[Attempt]:
    return [
        Attempt(
            organisation_id=page.organisation_id,
            page=page,
            staff_id=person.id,
            channel=screen.CHANNEL,
            round=page.round,
            rung=page.rung,
            made_at=now,
            sent_at=now,
        )
        for person in people
    ]
