"""The house the demo plays in: its people, places, gifts and rota."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from makegood.amends.access import remedies_at
from makegood.amends.catalogue import add_remedy, retire_remedy
from makegood.amends.models import Remedy
from makegood.ground.money import Money
from makegood.people.access import first_site, owner_of
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Role, Site, Staff
from makegood.people.opening import keep_hours
from makegood.people.rota import plan_shift
from makegood.sense.models import Touchpoint
from makegood.sense.placing import place_touchpoint

PASSWORD: Final = "fairline-demo"  # noqa: S105 - printed for everybody who looks at the demo
MAIL: Final = "fairline.example"

COLLEAGUES: Final = (
    ("Cy", "Moreau", Role.MANAGER, "Manager"),
    ("Bo", "Lindqvist", Role.HOST, "Duty manager"),
    ("Mina", "Park", Role.HOST, "Host"),
    ("Tariq", "Aziz", Role.HOST, "Host"),
)
NEWCOMER: Final = ("Elsa", "Brandt", Role.HOST, "Spa host")  # joins late: rung first when she is on

TABLES: Final = range(1, 41)
ROOMS: Final = (*range(201, 213), 221, 312, 407, 508, 512)
HINTS: Final = {
    "Table 14": "Window, left side",
    "Table 7": "By the piano",
    "Room 312": "Third floor",
}
OTHER_PLACES: Final = (("Lobby", 15), ("Front desk", 15), ("Spa desk", 30), ("Pool", 40))
TABLE_DWELL, ROOM_DWELL = 45, 90

GIFTS: Final = (
    ("Fresh main, now", "It repairs what went wrong", 0, Remedy.Kind.GESTURE),
    ("Dessert and coffee, two", "Matches the long wait", 19_00, Remedy.Kind.GESTURE),
    ("Both mains off the bill", "Matches a spoiled dinner", 58_00, Remedy.Kind.GESTURE),
    ("Quiet room tonight", "Moves them at once", 0, Remedy.Kind.GESTURE),
    ("€40 for your next visit", "A reason to come back", 40_00, Remedy.Kind.COUPON),
)


@dataclass(frozen=True)
class House:
    """Everything a scene needs."""

    site: Site
    staff: dict[str, Staff]
    buttons: dict[str, Touchpoint]
    remedies: dict[str, Remedy]

    @property
    def zone(self) -> ZoneInfo:
        """The clocks of the site."""
        return ZoneInfo(self.site.timezone)

    def moment(self, now: datetime, *, days_ago: int, at: time) -> datetime:
        """A time of day at the site, so many days before `now`."""
        day = now.astimezone(self.zone).date() - timedelta(days=days_ago)
        return datetime.combine(day, at, self.zone)


def found_house(now: datetime) -> House:
    """Founds the Fairline Hotel with everything but its story."""
    organisation = create_organisation(
        name="The Fairline Hotel",
        site_name="Harbour",
        timezone="Europe/Madrid",
        currency="EUR",
        first_name="Di",
        last_name="Okoro",
        email=f"di@{MAIL}",
        password=PASSWORD,
        case_prefix="HB",
        now=now,
    )
    site, owner = first_site(organisation), owner_of(organisation)
    keep_hours(site=site, opens_at=time(6), closes_at=time(2), now=now, by=owner)
    colleagues = [join(site, *row, by=owner, now=now) for row in COLLEAGUES]
    return House(
        site=site,
        staff={staff.first_name: staff for staff in (owner, *colleagues)},
        buttons={button.place: button for button in _buttons(site, owner, now)},
        remedies=_stock(site, now),
    )


def join(
    site: Site, first: str, last: str, role: Role, title: str, *, by: Staff, now: datetime
) -> Staff:
    """Somebody joins the staff, with the demo's password."""
    return add_staff(
        site=site,
        first_name=first,
        last_name=last,
        email=f"{first.lower()}@{MAIL}",
        role=role,
        title=title,
        password=PASSWORD,
        by=by,
        now=now,
    )


def plan_rota(house: House, now: datetime) -> None:
    """The next day and a half, with a gap: for an hour and a half nobody is planned."""
    begins = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    late, early = begins + timedelta(hours=8), begins + timedelta(hours=9, minutes=30)
    shifts = (
        (("Bo", "Mina", "Elsa"), begins, late),
        (("Tariq", "Cy"), early, early + timedelta(hours=8)),
        (("Bo", "Elsa"), early + timedelta(hours=8), early + timedelta(hours=16)),
    )
    for names, starts_at, ends_at in shifts:
        for name in names:
            plan_shift(
                site=house.site, staff=house.staff[name], starts_at=starts_at, ends_at=ends_at,
                by=house.staff["Cy"], now=now,
            )  # fmt: skip


def _buttons(site: Site, owner: Staff, now: datetime) -> list[Touchpoint]:
    places = [(f"Table {number}", TABLE_DWELL) for number in TABLES]
    places += [(f"Room {number}", ROOM_DWELL) for number in ROOMS]
    return [
        place_touchpoint(
            site=site, place=place, hint=HINTS.get(place, ""), dwell_minutes=dwell, by=owner,
            now=now,
        )
        for place, dwell in (*places, *OTHER_PLACES)
    ]  # fmt: skip


def _stock(site: Site, now: datetime) -> dict[str, Remedy]:
    """The hotel's own catalogue instead of the one every new house begins with."""
    for remedy in remedies_at(site):
        retire_remedy(remedy=remedy, now=now)
    currency = site.organisation.currency
    added = [
        add_remedy(
            site=site, name=name, note=note, price=Money(minor, currency), kind=kind,
            position=position,
        )
        for position, (name, note, minor, kind) in enumerate(GIFTS)
    ]  # fmt: skip
    return {remedy.name: remedy for remedy in added}
