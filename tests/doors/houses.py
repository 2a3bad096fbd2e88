"""The smallest house that has a button: Harbour, table 14, and Bo."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from makegood.ground import tenancy
from makegood.ground.models import Entry
from makegood.ground.tokens import Seal
from makegood.people.models import Organisation, Site, Staff
from makegood.sense.models import Signal, Touchpoint
from tests.doors.serving import settings

THEN = datetime(2026, 11, 21, 20, 12, tzinfo=UTC)


@dataclass
class House:
    """One organisation with one site, one button and one colleague."""

    organisation: Organisation
    site: Site
    table: Touchpoint
    bo: Staff
    seal: Seal

    @property
    def token(self) -> str:
        """The link of table 14."""
        return self.seal.close("touchpoint", self.table.pk, self.table.link_version)

    @property
    def press(self) -> str:
        """Where the button's press goes."""
        return f"/t/{self.token}/press"

    def signals(self) -> list[Signal]:
        """Every signal there is."""
        with tenancy.everywhere():
            return list(Signal.objects.order_by("received_at", "id"))

    def facts(self) -> list[Entry]:
        """Every fact there is."""
        with tenancy.everywhere():
            return list(Entry.objects.order_by("id"))


def build_house() -> House:
    """Writes it to the database."""
    with tenancy.everywhere():
        house = Organisation.objects.create(name="The Fairline Hotel", created_at=THEN)
        site = Site.objects.create(
            organisation=house, name="Harbour", helper_sign="Anyone in a green apron"
        )
        table = Touchpoint.objects.create(
            organisation=house, site=site, place="Table 14", created_at=THEN,
            arrival_words="Someone comes to your table",
        )  # fmt: skip
        bo = Staff.objects.create(organisation=house, site=site, email="bo@x.example")
        return House(house, site, table, bo, Seal(settings().secret))


def opened(seal: Seal, press_url: str) -> UUID:
    """The signal a /p/ link leads to."""
    return seal.open("press", press_url.removeprefix("/p/")).id
