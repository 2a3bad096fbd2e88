"""What screens say about a page: who is asked, who is rung next and when, what happened so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.page import access
from makegood.page.holding import yet_to_know
from makegood.page.models import Answer, Page
from makegood.page.rungs import ladder
from makegood.page.rungs.climbing import Past, View, look_around, place_of, view_of
from makegood.page.rungs.reach import people_within_reach
from makegood.people.models import Site, Staff


@dataclass(frozen=True)
class Next:
    """Who is rung next, unless somebody acts, and when."""

    names: tuple[str, ...]
    at: datetime

    def in_seconds(self, now: datetime) -> int:
        """Whole seconds until then, for a countdown; never negative."""
        return max(0, int((self.at - now) / timedelta(seconds=1)))


@dataclass(frozen=True)
class Standing:
    """One line of the floor board."""

    page: Page
    asked: tuple[Staff, ...]
    next: Next | None
    unheard: tuple[Staff, ...] = ()  # who has to say yet that they know who goes


@dataclass(frozen=True)
class Moment:
    """One line of a page's story: what, when, and who; `by_customer` if they said so."""

    what: str
    at: datetime
    who: Staff | None = None
    by_customer: bool = False
    note: str = ""


def next_after(page: Page, *, now: datetime) -> Next | None:
    """Whom the ladder rings next ("Mina is rung in 0:22"); None when it is only the same again."""
    return _next(page, look_around(page, now=now))


def asked_now(page: Page) -> tuple[Staff, ...]:
    """Who is being asked at this moment: the latest ring of the round, without who declined."""
    if page.state != Page.State.RINGING:
        return ()
    asked = [attempt for attempt in page.attempts.all() if attempt.round == page.round]
    latest = max((attempt.made_at for attempt in asked), default=None)
    declined = {
        answer.staff_id
        for answer in page.answers.all()
        if answer.kind == Answer.Kind.CANT and answer.round == page.round
    }
    people = {
        attempt.staff_id: attempt.staff
        for attempt in asked
        if attempt.made_at == latest and attempt.staff_id not in declined
    }
    return tuple(people.values())


def board(site: Site, *, now: datetime) -> list[Standing]:
    """The floor: every open page of the site, who is asked and who is next; in a few queries."""
    pages = access.open_pages(site)
    ladders = {page.pk: ladder.read(page.ladder) for page in pages}
    people = people_within_reach(
        organisation_id=site.organisation_id,
        site_id=site.pk,
        rungs=[rung for rungs in ladders.values() for rung in rungs],
        now=now,
    )
    views = {
        page.pk: view_of(
            page, ladders[page.pk], people, Past(page.attempts.all(), page.answers.all())
        )
        for page in pages
    }
    return [
        Standing(page, asked_now(page), _next(page, views[page.pk]), unheard(page))
        for page in pages
    ]


def unheard(page: Page) -> tuple[Staff, ...]:
    """Of a page somebody has: who was rung with them and has not said yet that they know."""
    return tuple(yet_to_know(page)) if page.state in Page.IN_HAND_STATES else ()


def times_again(page: Page, staff: Staff) -> int:
    """Which ring of this round stands on this person's screen: 0 is the first, then rings anew."""
    rings = page.attempts.filter(staff=staff, round=page.round)
    return rings.order_by("-again").values_list("again", flat=True).first() or 0


def timeline_of(page: Page) -> list[Moment]:
    """The page's story in order: pressed, sent, received, seen, going, with, whatever was said."""
    attempts = page.attempts.select_related("staff")
    answers = page.answers.select_related("staff")
    moments = [Moment("pressed", page.happened_at, by_customer=True)]
    for attempt in attempts:
        times = {
            "sent": attempt.sent_at,
            "received": attempt.received_at,
            "seen": attempt.seen_at,
        }
        moments.extend(Moment(what, at, attempt.staff) for what, at in times.items() if at)
    moments.extend(_said(answers))
    if page.ended_at and not page.answers.filter(said_at=page.ended_at).exists():
        moments.append(Moment("done", page.ended_at))
    return sorted(moments, key=lambda moment: moment.at)


def _said(answers: Iterable[Answer]) -> Iterator[Moment]:
    for answer in answers:
        yield Moment(answer.kind, answer.said_at, answer.staff, answer.by_customer, answer.note)


def _next(page: Page, view: View) -> Next | None:
    if page.state != Page.State.RINGING or page.next_rung_at is None:
        return None
    move = ladder.next_move(
        view.rungs, view.lines, place=place_of(page), passed=view.passed, now=page.next_rung_at
    )
    if not isinstance(move, ladder.Ring):
        return None
    asked = {staff.pk for staff in asked_now(page)}
    names = tuple(person.first_name for person in move.people if person.id not in asked)
    return Next(names, page.next_rung_at) if names else None
