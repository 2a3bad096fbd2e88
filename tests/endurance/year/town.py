"""The houses of the year as its tests know them: sites in several zones. No Django here."""

from uuid import UUID

import msgspec

ZONES = {"Harbour": "Europe/Madrid", "Station": "America/New_York", "Garden": "Asia/Tokyo"}


class Place(msgspec.Struct, frozen=True):
    """One site: its zone, who goes to guests there, who manages it, and its buttons."""

    id: UUID
    zone: str
    host: UUID
    manager: UUID
    tables: list[UUID]


class Town(msgspec.Struct, frozen=True):
    """Everything that was founded."""

    organisation: UUID
    places: list[Place]


class Press(msgspec.Struct, frozen=True):
    """The button `table` is to be pressed under this key."""

    key: str
    table: UUID


class Stretch(msgspec.Struct, frozen=True):
    """What people are told when a stretch of time begins: who presses; a policy to publish."""

    presses: list[Press] = []
    policy: str = ""


class Lived(msgspec.Struct, frozen=True):
    """What people did in a stretch, counted by name."""

    did: dict[str, int]
