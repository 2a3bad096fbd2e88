"""How doors get at touchpoints, signals and invitations, and the addresses of their pages.

A public link is its own permission: it is opened across organisations, and the door then enters
the organisation of what it found.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from natsort import natsorted, ns

from makegood.ground import links, tenancy
from makegood.ground.refusals import NotFound
from makegood.people.access import sites_for
from makegood.people.models import Customer, Site, Staff
from makegood.sense.inviting import rating_key
from makegood.sense.models import Button, Incident, Invitation, Lamp, Signal, Touchpoint, Visit

Row = TypeVar("Row", bound=Model)


def touchpoint_by_token(token: str) -> Touchpoint:
    """The touchpoint of a button link; a renewed link ends the older ones."""
    sealed = links.open_link(links.TOUCHPOINT, token)
    standing = Touchpoint.objects.filter(link_version=sealed.version, retired_at=None)
    return _one(standing.select_related("site", "organisation"), sealed.id)


def signal_by_token(token: str) -> Signal:
    """The signal of a page after the press."""
    sealed = links.open_link(links.PRESS, token)
    rows = Signal.objects.select_related("site", "organisation", "touchpoint", "customer")
    return _one(rows, sealed.id)


def invitation_by_token(token: str) -> Invitation:
    """The invitation of a rating link, with its answer if there is one; also an expired one."""
    sealed = links.open_link(links.RATING, token)
    rows = Invitation.objects.select_related("site", "organisation", "customer", "rating")
    return _one(rows, sealed.id)


def answers_to(invitation: Invitation) -> QuerySet[Signal]:
    """What the customer answered, and answered anew, as signals."""
    return Signal.objects.filter(
        touchpoint_id=invitation.touchpoint_id, key__startswith=rating_key(invitation.pk)
    )


def changed_answers(signals: Iterable[Signal]) -> list[Signal]:
    """Answers that changed one of `signals` later, besides those that are among them."""
    given = [one for one in signals if one.kind == Signal.Kind.RATING]
    changed: dict[UUID, Signal] = {}
    for one in given:
        question, _, _ = one.key.rpartition("-")
        anew = Signal.objects.filter(
            touchpoint=one.touchpoint_id, key__startswith=f"{question}-",
            received_at__gt=one.received_at,
        )  # fmt: skip
        changed |= {later.pk: later for later in anew}
    return [one for pk, one in changed.items() if pk not in {first.pk for first in given}]


def touchpoints_at(site: Site) -> list[Touchpoint]:
    """The buttons in use at `site`, by place as people count: table 2 before table 10."""
    buttons = Touchpoint.objects.filter(site=site, kind=Touchpoint.Kind.BUTTON, retired_at=None)
    return natsorted(buttons.select_related("site"), key=str, alg=ns.IGNORECASE)


def touchpoint_for(staff: Staff, id: UUID) -> Touchpoint:
    """A touchpoint at a site within reach of `staff`."""
    rows = Touchpoint.objects.filter(site__in=sites_for(staff)).select_related("site")
    touchpoint = rows.filter(pk=id).first()
    if touchpoint is None:
        raise NotFound
    return touchpoint


def touchpoints_for(site: Site, ids: Sequence[UUID]) -> list[Touchpoint]:
    """These buttons of `site`, by place."""
    wanted = set(ids)
    return [touchpoint for touchpoint in touchpoints_at(site) if touchpoint.pk in wanted]


def buttons_at(site: Site) -> list[Button]:
    """The hardware in use at `site`, by place as people count."""
    rows = Button.objects.filter(touchpoint__site=site, retired_at=None).order_by("added_at")
    found = rows.select_related("touchpoint")
    return natsorted(found, key=lambda button: button.touchpoint.place, alg=ns.IGNORECASE)


def button_for(staff: Staff, id: UUID) -> Button:
    """A piece of hardware at a site within reach of `staff`."""
    rows = Button.objects.filter(touchpoint__site__in=sites_for(staff))
    button = rows.select_related("touchpoint__site").filter(pk=id).first()
    if button is None:
        raise NotFound
    return button


def button_secret(button: Button) -> str:
    """What a button knows: part of its address over HTTP, its password over MQTT."""
    return links.close(links.BUTTON, button.pk, button.link_version)


def lamps_at(site: Site) -> list[Lamp]:
    """The lamps in use at `site`, by place as people count."""
    rows = Lamp.objects.filter(site=site, retired_at=None).order_by("added_at")
    return natsorted(rows, key=str, alg=ns.IGNORECASE)


def lamp_for(staff: Staff, id: UUID) -> Lamp:
    """A lamp in use at a site within reach of `staff`."""
    rows = Lamp.objects.filter(site__in=sites_for(staff), retired_at=None)
    lamp = rows.select_related("site").filter(pk=id).first()
    if lamp is None:
        raise NotFound
    return lamp


def lamp_secret(lamp: Lamp) -> str:
    """What a lamp knows: its password over MQTT."""
    return links.close(links.LAMP, lamp.pk, lamp.link_version)


def guests_between(
    site: Site, since: datetime, until: datetime, *, most: int = 40
) -> list[Customer]:
    """Who was noted at `site` between two moments, the latest first."""
    visits = Visit.objects.filter(site=site, began_at__gte=since, began_at__lt=until)
    latest = visits.select_related("customer").order_by("-began_at", "-pk")[: most * 2]
    return list({visit.customer_id: visit.customer for visit in latest}.values())[:most]


def incident_for(staff: Staff, id: UUID) -> Incident:
    """Something we noticed ourselves, at a site within reach of `staff`."""
    rows = Incident.objects.filter(site__in=sites_for(staff))
    incident = rows.select_related("site", "organisation", "reported_by").filter(pk=id).first()
    if incident is None:
        raise NotFound
    return incident


def touched_by(incident: Incident) -> list[Signal]:
    """The signals an incident made, by who or where."""
    signals = Signal.objects.filter(touched__incident=incident).select_related("customer")
    return list(signals.order_by("customer__name", "place", "pk"))


def button_path(touchpoint: Touchpoint) -> str:
    """Where a touchpoint's button is: what the QR code says."""
    return f"/t/{links.close(links.TOUCHPOINT, touchpoint.pk, touchpoint.link_version)}"


def press_path(signal_id: UUID) -> str:
    """Where the customer sees what becomes of their press."""
    return f"/p/{links.close(links.PRESS, signal_id)}"


def rating_path(invitation: Invitation) -> str:
    """Where an invitation is answered."""
    return f"/r/{links.close(links.RATING, invitation.pk)}"


def _one(rows: QuerySet[Row], id: UUID) -> Row:
    with tenancy.everywhere():
        found = rows.filter(pk=id).first()
    if found is None:
        raise NotFound("This link is not one of ours, or it is no longer valid.")
    return found
