"""The hotel of the kill tests as its guests and hosts know it. No Django here."""

from uuid import UUID

import msgspec

PASSWORD = "goldener Riss im Teller"


class Table(msgspec.Struct, frozen=True):
    """One button, and where its press is sent."""

    id: UUID
    path: str


class Host(msgspec.Struct, frozen=True):
    """Somebody on duty, who signs in with `PASSWORD`."""

    id: UUID
    site_id: UUID
    email: str


class Button(msgspec.Struct, frozen=True):
    """Hardware at a place of its own."""

    id: UUID


class Lamp(msgspec.Struct, frozen=True):
    """A light in the kitchen of a site."""

    id: UUID
    site_id: UUID


class Wearer(msgspec.Struct, frozen=True):
    """Somebody on duty with a pager on the wrist and nothing else."""

    id: UUID
    device_id: UUID


class Hotel(msgspec.Struct, frozen=True):
    """Many tables, a few crowded ones that are pressed all the time, hardware, who is on duty."""

    tables: list[Table]
    crowded: list[Table]
    hosts: list[Host]
    buttons: list[Button]
    wearers: list[Wearer]
    lamps: list[Lamp]
