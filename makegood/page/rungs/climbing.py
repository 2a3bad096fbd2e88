"""Carries pages up their ladders. Callers hold the pages' rows, or are just making them.

Whatever their number, pages that move together cost a handful of statements; one is many of one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from makegood.ground import chronicle, rows
from makegood.ground.bulletins import News
from makegood.page.channels.screen import sending as screen
from makegood.page.facts import GoingExpired, NobodyReached, PageHeld, RungReached
from makegood.page.models import Answer, Attempt, Page
from makegood.page.rungs import ladder
from makegood.page.rungs.attempting import attempts_for, keep
from makegood.page.rungs.queueing import Line, first_in_line, rank
from makegood.page.rungs.reach import Asked, Reach, decide_exactly, look_for
from makegood.page.telling import telling
from makegood.people.models import Staff

PASSES = (Answer.Kind.CANT, Answer.Kind.HANDED)
SAID_THEY_COME = (Answer.Kind.GOING, Answer.Kind.WITH)
MOVES = (
    "state", "round", "rung", "round_began_at", "next_rung_at", "sent_at",
    "going_at", "with_at", "ended_at", "taken_by", "asks_again_at",
)  # fmt: skip
# Earlier rounds say nothing, and months of them are many.
THIS_ROUND: Final = """
    select a.* from unnest(%s::uuid[], %s::int[]) as known (page_id, round)
    join page_attempt a on a.page_id = known.page_id and a.round >= known.round"""


@dataclass(frozen=True)
class View:
    """What the ladder needs to know about a page and the people around it."""

    rungs: Sequence[ladder.Rung]
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


@dataclass(frozen=True)
class Turn:
    """A page that moves: to where, seen from where, and why."""

    page: Page
    move: ladder.Move
    view: View
    reason: Reason = LET_TIME_PASS


@dataclass(frozen=True)
class Past:
    """Who was rung for a page, and what was said to it."""

    attempts: Iterable[Attempt] = ()
    answers: Iterable[Answer] = ()


def look_around(page: Page, *, now: datetime) -> View:
    """Who can be reached for `page`, who was rung in this round, who did not keep their word."""
    asked = asked_for(page)
    people = look_for([asked], now=now).people_for(asked)
    return view_of(page, asked.rungs, people, _pasts([page])[page.pk])


def view_of(
    page: Page, rungs: Sequence[ladder.Rung], people: Iterable[ladder.Person], past: Past
) -> View:
    """The same from people, attempts and answers known already."""
    said = [answer for answer in past.answers if answer.staff_id and not answer.by_customer]
    came = {answer.staff_id for answer in said if answer.kind in SAID_THEY_COME}
    rung = {attempt.staff_id for attempt in past.attempts if attempt.round == page.round}
    for answer in said:
        if answer.staff_id and answer.kind in PASSES and answer.round == page.round:
            rung.add(answer.staff_id)
    return View(
        rungs,
        [replace(person, late=True) if person.id in came else person for person in people],
        frozenset(rung),
    )


def place_of(page: Page) -> ladder.Place:
    """Where the page stands on its ladder."""
    return ladder.Place(page.round, page.rung, page.round_began_at, page.rests_for)


def climb_all(pages: Sequence[Page], *, now: datetime) -> None:
    """Their time is over: the next are rung; who said they were going and did not is told."""
    move_on_all([(page, expire(page, now=now)) for page in pages], now=now)


def move_on_all(moves: Sequence[tuple[Page, Reason]], *, now: datetime) -> None:
    """Lets pages step on; who lost one because they said they were going and did not is told."""
    step_on_all(moves, now=now)
    gave_up = [(page, reason.fact) for page, reason in moves]
    screen.post(
        [
            screen.state(page, [fact.staff_id], hand=None, now=now)
            for page, fact in gave_up
            if isinstance(fact, GoingExpired)
        ],
        now=now,
    )


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
    page.going_at = page.ended_at = page.asks_again_at = None
    fresh = ladder.fresh_round(place_of(page), now)
    page.round, page.rung, page.round_began_at = fresh.round, fresh.rung, fresh.round_began_at


def step_on(page: Page, *, now: datetime, reason: Reason = LET_TIME_PASS) -> None:
    """Decides the page's next move and carries it out."""
    step_on_all([(page, reason)], now=now)


def step_on_all(pages: Sequence[tuple[Page, Reason]], *, now: datetime) -> None:
    """Decides the next moves of pages in turn, each with its reason, and carries them out.

    Who is rung for one of them is asked last for those that follow.
    """
    if pages:
        carry_out_all(_decide(pages, now), now=now)


def carry_out_all(turns: Sequence[Turn], *, now: datetime) -> None:
    """Saves pages where their moves put them, tells why, and rings whom they name."""
    were_nobody = {turn.page.pk for turn in turns if turn.page.state == Page.State.NOBODY}
    for turn in turns:
        _stand(turn.page, turn.move, now)
    _save([turn.page for turn in turns])
    causes = _tell_why(turns, now)
    _ring([turn for turn in turns if isinstance(turn.move, ladder.Ring)], causes, now)
    found_nobody = [
        turn
        for turn in turns
        if isinstance(turn.move, ladder.Nobody) and turn.page.pk not in were_nobody
    ]
    _say_nobody(found_nobody, causes, now)
    held = [turn for turn in turns if isinstance(turn.move, ladder.Held)]
    _say_held([turn for turn in held if turn.reason != LET_TIME_PASS], causes, now)


def _decide(pages: Sequence[tuple[Page, Reason]], now: datetime) -> list[Turn]:
    asked = [asked_for(page) for page, _ in pages]
    pasts = _pasts([page for page, _ in pages])
    first = first_in_line(page for page, _ in pages)

    def decide(reach: Reach) -> list[Turn]:
        return list(_turns(pages, asked, reach, pasts, first))

    return decide_exactly(asked, decide, now=now)


def _turns(
    pages: Sequence[tuple[Page, Reason]],
    asked: Sequence[Asked],
    reach: Reach,
    pasts: Mapping[UUID, Past],
    first: Line,
) -> Iterator[Turn]:
    now = reach.now
    for (page, reason), where in zip(pages, asked, strict=True):
        people = first.make_way(page, reach.people_for(where), now)
        view = view_of(page, where.rungs, people, pasts[page.pk])
        move = ladder.next_move(
            view.rungs, view.lines, place=place_of(page), passed=view.passed, now=now
        )
        if isinstance(move, ladder.Ring):
            reach.note_rung(move.people)
        yield Turn(page, move, view, reason)


def asked_for(page: Page) -> Asked:
    """What the question who is near needs to know of a page."""
    return Asked(page.organisation_id, page.site_id, ladder.read(page.ladder), rank(page))


def _pasts(pages: Iterable[Page]) -> dict[UUID, Past]:
    """Of pages that are just being made, nothing is asked: nobody was rung for them yet."""
    known = {page.pk: page.round for page in pages if not page._state.adding}
    attempts: dict[UUID, list[Attempt]] = defaultdict(list)
    answers: dict[UUID, list[Answer]] = defaultdict(list)
    if known:
        for attempt in Attempt.objects.raw(THIS_ROUND, [list(known), list(known.values())]):
            attempts[attempt.page_id].append(attempt)
        for answer in Answer.objects.filter(page__in=known):
            answers[answer.page_id].append(answer)
    return {page.pk: Past(attempts[page.pk], answers[page.pk]) for page in pages}


def expire(page: Page, *, now: datetime) -> Reason:
    """Takes the page out of the hand of who said they were going, if somebody did."""
    if page.state != Page.State.GOING or not page.taken_by_id:
        return LET_TIME_PASS
    fact = GoingExpired(matter=page.about, purpose=page.purpose, staff_id=page.taken_by_id)
    release(page, now=now)
    return Reason(fact)


def _stand(page: Page, move: ladder.Move, now: datetime) -> None:
    nobody = isinstance(move, ladder.Nobody)
    page.state = Page.State.NOBODY if nobody else Page.State.RINGING
    page.round, page.rung = move.place.round, move.place.rung
    page.round_began_at = move.place.round_began_at
    page.next_rung_at = move.look_again_at
    if isinstance(move, ladder.Ring):
        page.sent_at = page.sent_at or now


def _save(pages: Sequence[Page]) -> None:
    fresh = [page for page in pages if page._state.adding]
    rows.save_all(Page, [page for page in pages if not page._state.adding], MOVES)
    rows.insert_all(Page, fresh)


def _tell_why(turns: Sequence[Turn], now: datetime) -> dict[UUID, UUID | None]:
    """Records why pages move; the cause of what follows, by page."""
    entries = chronicle.record_all(
        telling(
            turn.page, turn.reason.fact, now=now, by=turn.reason.by, caused_by=turn.reason.caused_by
        )
        for turn in turns
        if turn.reason.fact
    )
    return {turn.page.pk: turn.reason.caused_by for turn in turns} | {
        entry.about: entry.pk for entry in entries
    }


def _ring(turns: Sequence[Turn], causes: dict[UUID, UUID | None], now: datetime) -> None:
    if not turns:
        return
    made = [
        attempts_for(turn.page, _people(turn), now=now, until_known=_asks_every(turn))
        for turn in turns
    ]
    keep(made)
    told = [_ringing(turn, now, one.told) for turn, one in zip(turns, made, strict=True)]
    screen.post(told, now=now)
    chronicle.record_all(
        telling(turn.page, _rung_reached(turn), now=now, caused_by=causes[turn.page.pk])
        for turn in turns
    )


def _say_nobody(turns: Sequence[Turn], causes: dict[UUID, UUID | None], now: datetime) -> None:
    if not turns:
        return
    screen.post([screen.state(turn.page, [], hand=None, now=now) for turn in turns], now=now)
    chronicle.record_all(
        telling(
            turn.page,
            NobodyReached(matter=turn.page.about, purpose=turn.page.purpose),
            now=now,
            caused_by=causes[turn.page.pk],
        )
        for turn in turns
    )


def _say_held(turns: Sequence[Turn], causes: dict[UUID, UUID | None], now: datetime) -> None:
    if not turns:
        return
    screen.post([screen.state(turn.page, [], hand=None, now=now) for turn in turns], now=now)
    chronicle.record_all(
        telling(
            turn.page, PageHeld(matter=turn.page.about), now=now, caused_by=causes[turn.page.pk]
        )
        for turn in turns
    )


def _people(turn: Turn) -> tuple[ladder.Person, ...]:
    return turn.move.people if isinstance(turn.move, ladder.Ring) else ()


def _asks_every(turn: Turn) -> bool:
    return isinstance(turn.move, ladder.Ring) and turn.move.every


def _ringing(turn: Turn, now: datetime, devices: Iterable[UUID]) -> News:
    assert isinstance(turn.move, ladder.Ring)
    view = turn.view
    return screen.ringing(
        turn.page,
        turn.move.people,
        now=now,
        following=ladder.following(view.rungs, view.lines, after=turn.move, passed=view.passed),
        handed_by=turn.reason.handed_by,
        word=turn.reason.word,
        devices=devices,
    )


def _rung_reached(turn: Turn) -> RungReached:
    page = turn.page
    return RungReached(
        matter=page.about,
        rung=page.rung,
        round=page.round,
        staff_ids=[person.id for person in _people(turn)],
    )
