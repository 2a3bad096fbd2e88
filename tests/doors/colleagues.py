"""What the tests of the staff doors share: a colleague's browser, a stranger's, and pages."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from makegood.ground.ids import new_id
from makegood.page.models import Page
from makegood.page.rungs.ringing import Summons, open_page
from makegood.people.duty import begin_duty
from makegood.people.joining import add_site, add_staff, create_organisation
from makegood.people.models import Organisation, Role, Site, Staff

SIGN_IN = "/account/login/"


def browser_of(staff: Staff) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def felt(staff: Staff, now: datetime) -> Staff:
    """`staff` is on duty since `now`."""
    begin_duty(staff=staff, site=Site.objects.get(pk=staff.site_id), felt_at=now, now=now)
    return staff


def rung(site: Site, now: datetime, **words: Any) -> Page:
    """A page about a customer at table 14, ringing whoever is on duty."""
    told: dict[str, Any] = {
        "about": new_id(),
        "place": "Table 14",
        "hint": "Window, left side",
        "what": "The food, and waiting",
        "who": "Ana Ruiz, 3rd visit. We failed Ana in March: room not ready",
        "customer_name": "Ana Ruiz",
        "leaves_at": now + timedelta(minutes=4),
    }
    return open_page(
        Summons(
            organisation_id=site.organisation_id,
            site_id=site.pk,
            happened_at=now,
            caused_by=new_id(),
            **told | words,
        ),
        now=now,
    )


def at_another_site(house: Organisation, now: datetime) -> Staff:
    """A colleague of the same house, at a site that is not Harbour."""
    spa = add_site(organisation=house, name="Hillside", timezone="Europe/Madrid", now=now)
    return add_staff(
        site=spa, first_name="Finn", last_name="", email="finn@fairline.example",
        role=Role.HOST, title="Host", now=now,
    )  # fmt: skip


def of_another_house(now: datetime) -> Staff:
    """The owner of a house that has nothing to do with ours."""
    other = create_organisation(
        name="Elsewhere", site_name="Elsewhere", timezone="Europe/Lisbon", currency="EUR",
        first_name="Eve", last_name="", email="eve@elsewhere.example",
        password="niemand errät dieses Wort", now=now,
    )  # fmt: skip
    return Staff.objects.get(organisation=other, role=Role.OWNER)


def body(answer: Any) -> str:
    """What the page says."""
    return str(answer.content.decode())
