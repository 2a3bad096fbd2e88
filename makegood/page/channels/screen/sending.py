"""What pagers and floor boards are told. See README.md here for why this needs no worker."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from makegood.ground import bulletins, topics
from makegood.ground.bulletins import News
from makegood.page.models import Page, SelfTest
from makegood.people.models import Staff

CHANNEL: Final = "screen"


class Person(Protocol):
    """Whoever a screen can name."""

    @property
    def id(self) -> UUID: ...

    @property
    def first_name(self) -> str: ...


def post(news: Iterable[News], *, now: datetime) -> None:
    """Tells screens, each its own, in one go."""
    bulletins.post_all(news, at=now)


def ringing(
    page: Page,
    people: Iterable[Person],
    *,
    now: datetime,
    following: Iterable[Person] = (),
    handed_by: Staff | None = None,
    word: str = "",
    devices: Iterable[UUID] = (),
) -> News:
    """Rings `people`, and their `devices` that are told as screens are; says until when they alone
    are asked, and who `following` is rung then."""
    rung = list(people)
    data = {
        "kind": "ring",
        "rung_at": now.isoformat(),
        "round": page.round,
        "rung": [_named(person) for person in rung],
        "until": _iso(page.next_rung_at),
        "next": _next(list(following), page.next_rung_at),
        "handed_by": handed_by.first_name if handed_by else "",
        "word": word,
        **described(page),
    }
    told = [*map(topics.device, devices), *map(topics.staff, (person.id for person in rung))]
    return News([*told, topics.site(page.site_id)], data, page.organisation_id)


def ringing_device(page: Page, device: UUID, *, times: int, now: datetime) -> News:
    """Rings one told device later than the screens, when its person wished it."""
    return News([topics.device(device)], _anew(page, times, now), page.organisation_id)


def asked_again(
    page: Page,
    people: Iterable[Person],
    *,
    times: int,
    now: datetime,
    devices: Iterable[UUID] = (),
) -> News:
    """Rings people anew who have not said that they know who goes; nobody else hears of it."""
    told = [*map(topics.device, devices), *map(topics.staff, (person.id for person in people))]
    return News(told, _anew(page, times, now), page.organisation_id)


def _anew(page: Page, times: int, now: datetime) -> dict[str, Any]:
    return {
        "kind": "ring",
        "rung_at": now.isoformat(),
        "round": page.round,
        "again": times,
        "going": page.taken_by.first_name if page.taken_by else "",
        **described(page),
    }


def stop(
    page: Page,
    staff_ids: Iterable[UUID],
    *,
    because: str,
    by: str,
    now: datetime,
    devices: Iterable[UUID] = (),
) -> None:
    """Silences the screens and told devices of those who need not come: `because` taken, over,
    cant, known or moved."""
    told = [*map(topics.device, devices), *map(topics.staff, staff_ids)]
    if told:
        data = _stopped(page, page.round, because=because, by=by)
        post([News(told, data, page.organisation_id)], now=now)


def stop_device(
    page: Page, device: UUID, *, round: int, because: str, by: str, now: datetime
) -> None:
    """Silences what rang one told device up to a round; what rang there later rings on."""
    data = _stopped(page, round, because=because, by=by)
    post([News([topics.device(device)], data, page.organisation_id)], now=now)


def _stopped(page: Page, round: int, *, because: str, by: str) -> dict[str, Any]:
    return {
        "kind": "stop",
        "page": str(page.pk),
        "round": round,
        "state": page.state,
        "because": because,
        "by": by,
    }


def tell_state(page: Page, staff_ids: Iterable[UUID], *, hand: Staff | None, now: datetime) -> None:
    """Tells the board, and the screens of those whose page it is, how the page stands now."""
    post([state(page, staff_ids, hand=hand, now=now)], now=now)


def state(page: Page, staff_ids: Iterable[UUID], *, hand: Staff | None, now: datetime) -> News:
    """How the page stands now, for the board and the screens of those whose page it is."""
    data = {
        "kind": "state",
        "page": str(page.pk),
        "state": page.state,
        "at": now.isoformat(),
        "by": {"id": str(hand.pk), "name": hand.first_name} if hand else None,
        "look_again_at": _iso(page.next_rung_at),
    }
    return _news(page, staff_ids, data)


def update(page: Page, staff_ids: Iterable[UUID], *, now: datetime) -> None:
    """Tells everybody who sees the page that there is more to know."""
    post([_news(page, staff_ids, {"kind": "update", **described(page)})], now=now)


def tell_cover(
    site_id: UUID, staff_ids: Iterable[UUID], *, what: str, organisation_id: UUID, now: datetime
) -> None:
    """Tells the board of a site, and those on duty there, that somebody came or went."""
    named = [*map(topics.staff, staff_ids), topics.site(site_id)]
    bulletins.post(named, {"kind": "update", "fact": what}, organisation_id=organisation_id, at=now)


def test(self_test: SelfTest, *, now: datetime) -> None:
    """Rings one person's own screen, or a told device of theirs: did you feel this?"""
    data = {
        "kind": "test",
        "test": str(self_test.pk),
        "site": str(self_test.site_id),
        "site_name": self_test.site.name,
        "expires_at": self_test.expires_at.isoformat(),
    }
    bulletins.post(
        [_topic_of(self_test)],
        data,
        organisation_id=self_test.organisation_id,
        at=now,
    )


def felt(self_test: SelfTest, *, now: datetime) -> None:
    """Tells one person's own screen that they felt a device of theirs, wherever they said so."""
    data = {"kind": "felt", "test": str(self_test.pk)}
    post([News([topics.staff(self_test.staff_id)], data, self_test.organisation_id)], now=now)


def arrived(self_test: SelfTest, *, now: datetime) -> None:
    """Tells one person's own screen that a device of theirs rings to be felt."""
    data = {"kind": "arrived", "test": str(self_test.pk)}
    post([News([topics.staff(self_test.staff_id)], data, self_test.organisation_id)], now=now)


def leave(device: UUID, *, organisation_id: UUID, now: datetime) -> None:
    """Hangs up on a told device: it was put away, or has another password now."""
    post([News([topics.device(device)], {"kind": "leave"}, organisation_id)], now=now)


def _topic_of(test: SelfTest) -> str:
    return topics.device(test.device_id) if test.device_id else topics.staff(test.staff_id)


def described(page: Page) -> dict[str, Any]:
    """All that a pager shows of a page."""
    return {
        "page": str(page.pk),
        "purpose": page.purpose,
        "place": page.place,
        "hint": page.hint,
        "what": page.what,
        "who": page.who,
        "customer": page.customer_name,
        "link": page.link,
        "severity": page.severity,
        "intensity": page.intensity,
        "happened_at": page.happened_at.isoformat(),
        "leaves_at": _iso(page.leaves_at),
    }


def _next(following: list[Person], at: datetime | None) -> dict[str, Any] | None:
    return {**_named(following[0]), "at": _iso(at)} if following else None


def _named(person: Person) -> dict[str, str]:
    return {"id": str(person.id), "name": person.first_name}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _news(page: Page, staff_ids: Iterable[UUID], data: dict[str, Any]) -> News:
    told = [*map(topics.staff, staff_ids), topics.site(page.site_id)]
    return News(told, data, page.organisation_id)
