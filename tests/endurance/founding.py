"""Founds the hotel of the kill tests through the verbs, and prints it as JSON.

Runs in a process of its own that has Django set up. The policy is the default one in a hurry: its
first promises fall due within seconds, so that `tick` has work while it is killed.
"""

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from makegood.ground import clock, links, tenancy
from makegood.page.equipment.equipping import add_device
from makegood.people.duty import begin_duty
from makegood.people.joining import add_site, add_staff, create_organisation
from makegood.people.models import Organisation, Role, Site, Staff
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.equipping import add_button, add_lamp
from makegood.sense.placing import place_touchpoint
from tests.endurance.hotel import PASSWORD, Button, Host, Hotel, Lamp, Table, Wearer

IN_A_HURRY = {
    "before: 3 hours": "before: 4 seconds",
    "by: 1 day at 10:00": "by: 12 seconds",  # apologise: reminded of, and then overdue
    "by: 37 days at 10:00": "by: 15 seconds",  # ask: a letter, if there is an address
    "by: 90 days at 10:00": "by: 20 seconds",  # prove: on the promise page
}
HOSTS_PER_SITE = 2
CROWDED = 3
BUTTONS_PER_SITE = 2


def main() -> None:
    """`founding.main()` with the number of TABLES as its argument."""
    now = clock.now()
    with tenancy.everywhere(), transaction.atomic():
        hotel = _found(int(sys.argv[1]), now)
    sys.stdout.write(msgspec.json.encode(hotel).decode())


def _found(tables: int, now: datetime) -> Hotel:
    fairline = create_organisation(
        name="The Fairline Hotel", site_name="Harbour", timezone=_where_it_is_noon(now),
        currency="EUR", first_name="Di", last_name="Okoro", email="di@fairline.example",
        password=PASSWORD, now=now,
    )  # fmt: skip
    publish(organisation=fairline, text=_hurried(DEFAULT_TEXT), by=None, now=now)
    hotel = Hotel([], [], [], [], [], [])
    for site in _sites(fairline, now):
        hotel.hosts.extend(_host(site, number, now) for number in range(HOSTS_PER_SITE))
        hotel.wearers.append(_wearer(site, now))
        lamp = add_lamp(site=site, place="Kitchen", now=now)
        hotel.lamps.append(Lamp(lamp.pk, site.pk))
        hotel.buttons.extend(_button(site, number, now) for number in range(BUTTONS_PER_SITE))
        hotel.crowded.extend(_table(site, f"Bar {number}", now) for number in range(CROWDED))
        hotel.tables.extend(_table(site, f"Table {number}", now) for number in range(tables // 2))
    return hotel


def _where_it_is_noon(now: datetime) -> str:
    """A zone in which guests are awake, so that letters leave at once."""
    return min(
        (f"Etc/GMT{offset:+d}" for offset in range(-12, 13)),
        key=lambda name: abs(now.astimezone(ZoneInfo(name)).hour - 12),
    )


def _hurried(text: str) -> str:
    for leisurely, hurried in IN_A_HURRY.items():
        assert text.count(leisurely) == 1, f"the default policy has changed: {leisurely}"
        text = text.replace(leisurely, hurried)
    return text


def _sites(fairline: Organisation, now: datetime) -> list[Site]:
    harbour = Site.objects.get(organisation=fairline)
    station = add_site(organisation=fairline, name="Station", timezone=harbour.timezone, now=now)
    return [harbour, station]


def _host(site: Site, number: int, now: datetime) -> Host:
    staff = _on_duty(site, f"Bo-{number}", now)
    return Host(staff.pk, site.pk, staff.email)


def _wearer(site: Site, now: datetime) -> Wearer:
    staff = _on_duty(site, "Mina", now)
    wrist = add_device(staff=staff, channel="wrist", name="wrist", address={}, now=now)
    return Wearer(staff.pk, wrist.pk)


def _on_duty(site: Site, first_name: str, now: datetime) -> Staff:
    staff = add_staff(
        site=site, first_name=first_name, last_name=site.name, role=Role.HOST, title="Host",
        email=f"{first_name}@{site.name}.example".lower(), password=PASSWORD, now=now,
    )  # fmt: skip
    begin_duty(staff=staff, site=site, felt_at=now, now=now)
    return staff


def _button(site: Site, number: int, now: datetime) -> Button:
    place = place_touchpoint(site=site, place=f"Room {number}", now=now)
    return Button(add_button(touchpoint=place, kind="makegood", now=now).pk)


def _table(site: Site, place: str, now: datetime) -> Table:
    touchpoint = place_touchpoint(site=site, place=place, now=now)
    token = links.close(links.TOUCHPOINT, touchpoint.pk, touchpoint.link_version)
    return Table(touchpoint.pk, f"/t/{token}/press")
