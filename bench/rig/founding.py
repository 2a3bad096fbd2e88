"""Founds the house of a bench through the verbs: sites, people on duty with a pager, buttons.

Runs where Django is set up, as `bin/bench press` does; prints the `House` as JSON.
"""

import sys
from datetime import datetime

import msgspec
from django.db import connection, transaction

from bench.rig.crowd import House, Pager, Table
from bench.rig.wrist import Wrist
from makegood.ground import clock, links, tenancy
from makegood.page.access import password_of
from makegood.page.channels.registry import WRIST
from makegood.page.equipment.equipping import add_device
from makegood.people.duty import begin_duty
from makegood.people.joining import add_site, add_staff, create_organisation
from makegood.people.models import Organisation, Role, Site, Staff
from makegood.sense.placing import place_touchpoint


def main() -> None:
    """`founding.main()` with SITES, PEOPLE and TABLES per site, and WRISTS as arguments."""
    sites, people, tables, wrists = map(int, sys.argv[1:])
    now = clock.now()
    with tenancy.everywhere():
        with transaction.atomic():
            house = _found(sites, people, tables, wrists, now)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
    sys.stdout.write(msgspec.json.encode(house).decode())


def _found(sites: int, people: int, tables: int, wrists: int, now: datetime) -> House:
    fairline = create_organisation(
        name="The Fairline Hotels", site_name="Site 0", timezone="Europe/Madrid", currency="EUR",
        first_name="Di", last_name="Okoro", email="di@bench.example",
        password="goldener Riss im Teller", now=now,
    )  # fmt: skip
    house = House([], [], [])
    for number in range(sites):
        site = _site(fairline, number, now)
        for person in range(people):
            staff = _on_duty(site, f"{number}-{person}", now)
            house.pagers.append(Pager(links.stream("staff", staff.pk, staff.link_version)))
            if person * sites + number < wrists:
                house.wrists.append(_wrist(staff, now))
        for table in range(tables):
            house.tables.append(_table(site, f"Table {number}-{table}", now))
    return house


def _site(fairline: Organisation, number: int, now: datetime) -> Site:
    if number == 0:
        return Site.objects.get(organisation=fairline)
    return add_site(organisation=fairline, name=f"Site {number}", timezone="Europe/Madrid", now=now)


def _on_duty(site: Site, name: str, now: datetime) -> Staff:
    staff = add_staff(
        site=site, first_name="Bo", last_name=name, email=f"bo-{name}@bench.example",
        role=Role.HOST, title="Host", now=now,
    )  # fmt: skip
    begin_duty(staff=staff, site=site, felt_at=now, now=now)
    return staff


def _wrist(staff: Staff, now: datetime) -> Wrist:
    device = add_device(staff=staff, channel=WRIST.name, name="wrist", address={}, now=now)
    return Wrist(f"pager-{device.pk.hex}", password_of(device), f"p/{device.pk.hex}")


def _table(site: Site, place: str, now: datetime) -> Table:
    touchpoint = place_touchpoint(site=site, place=place, now=now)
    token = links.close(links.TOUCHPOINT, touchpoint.pk, touchpoint.link_version)
    return Table(place, f"/t/{token}/press")
