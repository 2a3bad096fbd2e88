"""What somebody typed and chose when they noticed something, and what that stands for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid
from makegood.people.access import customers_called, customers_for
from makegood.people.models import Customer, Site, Staff
from makegood.people.plain_text import one_line
from makegood.sense.access import guests_between, touchpoints_for
from makegood.sense.models import Touchpoint
from makegood.sense.reporting import Happening, Whom
from makegood.web.pager.gift_form import KEY

LONGEST_QUERY = 80
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Typed:
    """The form as it was sent; `shown` is what somebody has seen the consequences of."""

    what: str
    topic: str
    place: str
    happened_at: str
    query: str
    key: str
    customers: Sequence[UUID]
    places: Sequence[UUID]
    shown: str = ""

    @property
    def mark(self) -> str:
        """Tells whether the form still says what it said when its consequences were shown."""
        said = (
            self.what.strip(), self.topic, self.place.strip(), self.happened_at,
            *sorted(map(str, self.customers)), *sorted(map(str, self.places)),
        )  # fmt: skip
        return blake2b("\n".join(said).encode(), digest_size=8).hexdigest()


def typed(form: QueryDict) -> Typed:
    """Reads the form; what is no id in it was not ours, and is left out."""
    return Typed(
        what=form.get("what", ""),
        topic=form.get("topic", ""),
        place=form.get("place", ""),
        happened_at=form.get("happened_at", ""),
        query=form.get("q", ""),
        key=form.get("key", ""),
        customers=_ids(form.getlist("customer")),
        places=_ids(form.getlist("at")),
        shown=form.get("shown", ""),
    )


def untouched(site: Site, now: datetime) -> Typed:
    """An empty form: it happened just now."""
    local = now.astimezone(ZoneInfo(site.timezone))
    return Typed("", "", "", f"{local:%Y-%m-%dT%H:%M}", "", new_id().hex, [], [])


def happening(said: Typed, site: Site) -> Happening:
    """What happened; refuses a time that is none and a form that is not ours."""
    if not KEY.fullmatch(said.key):
        raise Invalid(_("Open this screen again, then send it once more."), field="key")
    return Happening(
        what=said.what,
        topic=said.topic,
        place=said.place,
        happened_at=moment_of(said, site),
        key=said.key,
    )


def moment_of(said: Typed, site: Site) -> datetime:
    """When it happened, by the clock of the site."""
    try:
        local = datetime.fromisoformat(said.happened_at)
    except ValueError as error:
        raise Invalid(_("When did it happen? Day and time."), field="happened_at") from error
    return local.replace(tzinfo=ZoneInfo(site.timezone))


def whom(said: Typed, site: Site, staff: Staff) -> list[Whom]:
    """Whom it touched: the guests and the places that are chosen."""
    guests = [Whom(customer=customer) for customer in customers_for(staff, said.customers)]
    return [*guests, *(Whom(touchpoint=there) for there in chosen_places(said, site))]


def chosen_places(said: Typed, site: Site) -> list[Touchpoint]:
    """The places that are chosen."""
    return touchpoints_for(site, said.places)


@dataclass(frozen=True)
class Guests:
    """Whom one can choose: those who are chosen, who was found, who was here that day."""

    chosen: Sequence[Customer]
    found: Sequence[Customer]
    here: Sequence[Customer]
    query: str


def guests(said: Typed, site: Site, staff: Staff) -> Guests:
    """The guests to choose from; each is there once. Refuses a search longer than a line."""
    chosen = customers_for(staff, said.customers)
    query = one_line(said.query, field="q", longest=LONGEST_QUERY)
    found = _without(chosen, customers_called(staff, query)) if query else []
    here = _without([*chosen, *found], _here_that_day(said, site))
    return Guests(chosen, found, here, query)


def _here_that_day(said: Typed, site: Site) -> list[Customer]:
    try:
        day = moment_of(said, site).replace(hour=0, minute=0)
    except Invalid:
        return []
    return guests_between(site, day, day + A_DAY)


def _without(known: Iterable[Customer], others: Iterable[Customer]) -> list[Customer]:
    seen = {customer.pk for customer in known}
    return [customer for customer in others if customer.pk not in seen]


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
