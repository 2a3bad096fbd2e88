"""What a new house can give before anybody has set anything up: a small catalogue and purses."""

from dataclasses import dataclass
from typing import Final

from makegood.amends import catalogue, purses
from makegood.amends.models import Remedy
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.people.facts import OrganisationFounded, SiteAdded, StaffJoined
from makegood.people.models import Role, Site, Staff

DAILY_MINOR: Final = {Role.HOST: 120_00, Role.MANAGER: 500_00, Role.OWNER: 2_000_00}
"""How much each role gives per day without asking, in minor units of the house's currency."""


@dataclass(frozen=True)
class Starter:
    """One remedy of the first catalogue; a price in minor units."""

    name: str
    note: str
    minor: int
    kind: Remedy.Kind = Remedy.Kind.GESTURE


STARTERS: Final = (
    Starter("A fresh one, now", "It repairs what went wrong", 0),
    Starter("Something small on us", "Matches a short wait", 12_00),
    Starter("This one off the bill", "Matches what was spoiled", 30_00),
    Starter("A coupon for next time", "A reason to come back", 40_00, Remedy.Kind.COUPON),
)


def stock_first_site(entry: Entry, fact: OrganisationFounded) -> None:
    """Reaction: the founder's site gets its first catalogue, the founder a purse."""
    owner = Staff.objects.select_related("site__organisation", "organisation").get(pk=fact.owner_id)
    _stock(owner.site)
    _open_purse(owner)


def stock_site(entry: Entry, fact: SiteAdded) -> None:
    """Reaction: a further site gets the same first catalogue."""
    _stock(Site.objects.select_related("organisation").get(pk=entry.about))


def open_purse_of_newcomer(entry: Entry, fact: StaffJoined) -> None:
    """Reaction: whoever joins may give something from the first day."""
    _open_purse(Staff.objects.select_related("organisation").get(pk=entry.about))


def _stock(site: Site) -> None:
    for position, starter in enumerate(STARTERS):
        catalogue.add_remedy(
            site=site,
            name=starter.name,
            note=starter.note,
            price=Money(starter.minor, site.organisation.currency),
            kind=starter.kind,
            position=position,
        )


def _open_purse(staff: Staff) -> None:
    daily = Money(DAILY_MINOR[Role(staff.role)], staff.organisation.currency)
    purses.open_purse(staff=staff, daily=daily)
