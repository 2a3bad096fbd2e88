"""Founds the houses of the year through the verbs, and prints them as JSON."""

import sys
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import transaction

from makegood.ground import clock, tenancy
from makegood.people.duty import begin_duty
from makegood.people.joining import add_site, add_staff, create_organisation
from makegood.people.models import Organisation, Role, Site, Staff
from makegood.recover.versions.publishing import publish
from makegood.sense.placing import place_touchpoint
from tests.endurance.hotel import PASSWORD
from tests.endurance.year.town import ZONES, Place, Town


def main() -> None:
    """`founding.main()` with the number of TABLES per site and the file of the first POLICY."""
    tables, policy = int(sys.argv[1]), Path(sys.argv[2])
    now = clock.now()
    with tenancy.everywhere(), transaction.atomic():
        house = _house(now)
        publish(organisation=house, text=policy.read_text("utf-8"), by=None, now=now)
        places = [_place(site, tables, now) for site in _sites(house, now)]
    sys.stdout.write(msgspec.json.encode(Town(house.pk, places)).decode())


def _house(now: datetime) -> Organisation:
    first, zone = next(iter(ZONES.items()))
    return create_organisation(
        name="The Fairline Hotels", site_name=first, timezone=zone, currency="EUR",
        first_name="Di", last_name="Okoro", email="di@fairline.example", password=PASSWORD,
        now=now,
    )  # fmt: skip


def _sites(house: Organisation, now: datetime) -> list[Site]:
    first, *others = ZONES.items()
    return [
        Site.objects.get(organisation=house, name=first[0]),
        *(add_site(organisation=house, name=name, timezone=zone, now=now) for name, zone in others),
    ]


def _place(site: Site, tables: int, now: datetime) -> Place:
    buttons = [
        place_touchpoint(site=site, place=f"Table {number}", now=now).pk for number in range(tables)
    ]
    host, manager = _hire(site, "Bo", Role.HOST, now), _hire(site, "Cy", Role.MANAGER, now)
    return Place(site.pk, site.timezone, host.pk, manager.pk, buttons)


def _hire(site: Site, name: str, role: Role, now: datetime) -> Staff:
    staff = add_staff(
        site=site, first_name=name, last_name=site.name, role=role, title="Host",
        email=f"{name}@{site.name}.example".lower(), password=PASSWORD, now=now,
    )  # fmt: skip
    begin_duty(staff=staff, site=site, felt_at=now, now=now)
    return staff
