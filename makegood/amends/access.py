"""How doors obtain what lies in this room; nobody reaches another organisation's rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from makegood.amends.models import Amends, AmendsRequest, Purse, Remedy
from makegood.ground.refusals import NotFound
from makegood.people.models import Site, Staff

Row = TypeVar("Row", bound=Model)


def remedies_at(site: Site) -> Sequence[Remedy]:
    """What the site offers, in the order of its catalogue."""
    return list(site.remedies.filter(retired_at=None))


def remedy_for(staff: Staff, id: UUID) -> Remedy:
    """A remedy of the staff's organisation, or NotFound."""
    remedy = Remedy.objects.filter(organisation_id=staff.organisation_id, pk=id).first()
    return _found(remedy)


def purse_of(staff: Staff) -> Purse | None:
    """The staff's own purse, if they have one."""
    return Purse.objects.filter(staff=staff).first()


def amends_for(staff: Staff, id: UUID) -> Amends:
    """Something that was given in the staff's organisation, or NotFound."""
    amends = Amends.objects.filter(organisation_id=staff.organisation_id, pk=id).first()
    return _found(amends)


def request_for(staff: Staff, id: UUID) -> AmendsRequest:
    """A request in the staff's organisation, or NotFound."""
    requests = AmendsRequest.objects.select_related("asked_by", "decided_by", "remedy")
    return _found(requests.filter(organisation_id=staff.organisation_id, pk=id).first())


def open_requests_for(staff: Staff) -> Sequence[AmendsRequest]:
    """What waits for a decision this senior may take, the oldest first; nothing for others."""
    if not staff.is_senior:
        return []
    waiting = AmendsRequest.objects.undecided().filter(organisation_id=staff.organisation_id)
    return list(waiting.select_related("asked_by").order_by("asked_at"))


def amends_about(*about: UUID) -> Sequence[Amends]:
    """What was given for a matter, or for several, and not taken back, the first first."""
    given = Amends.objects.filter(about__in=about, taken_back_at=None)
    return list(
        given.select_related("given_by", "coupon", "coupon__redemption", "request__decided_by")
        .order_by("given_at", "id")
    )  # fmt: skip


def was_given(staff: Staff, key: str) -> bool:
    """Whether the tap of this key gave something in the staff's organisation."""
    return Amends.objects.filter(organisation_id=staff.organisation_id, key=key).exists()


def just_given_by(staff: Staff, *, since: datetime) -> Sequence[Amends]:
    """What the staff gave on their own since then and nobody took back, the first first."""
    given = Amends.objects.filter(given_by=staff, given_at__gt=since, taken_back_at=None)
    return list(given.filter(request=None).order_by("given_at", "id"))


def requests_about(*about: UUID) -> Sequence[AmendsRequest]:
    """What a senior was asked for a matter, or for several, the first first."""
    asked = AmendsRequest.objects.filter(about__in=about)
    return list(asked.select_related("asked_by", "decided_by").order_by("asked_at", "id"))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
