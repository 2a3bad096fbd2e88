"""Who is this? The same contact point is the same customer.

E-mail, phone and loyalty number identify. A room is shared and passes on: it identifies only while
the stay lasts, only if nothing stronger does, and never against the name that was given.

Points that belong to two customers show that they are one. The one we met first stays, gets the
other's points and whatever it did not know; the other stays as a row that points to it.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid
from makegood.people.contacts import ROOM, Contact, normalise, region_of
from makegood.people.facts import CustomerRecognised, CustomersJoined
from makegood.people.models import ContactPoint, Customer, Site
from makegood.people.plain_text import one_line

CHECK_OUT = time(12)
LOCK_CLASS = 7201  # first key of our advisory locks; the second is the organisation


def recognise(
    *,
    organisation_id: UUID,
    contacts: Sequence[Contact],
    name: str,
    now: datetime,
    by: str,
    site: Site | None = None,
    known: Customer | None = None,
) -> Customer:
    """The customer with these contact points: known, found to be two of them, or new.

    `site` gives rooms their house and phone numbers their country. `known` is whose points these
    are, as a colleague knows: they get them, and whoever had them before is joined with them.
    Recognitions within one organisation wait for each other, so however many come at once, one
    point has one customer. Refuses contact points that cannot be one, having neither a point nor a
    name, and a point of somebody whose name speaks against being `known`.
    """
    name = one_line(name, field="name", longest=120)
    with transaction.atomic():
        points = _normalised(organisation_id, contacts, site, now)
        if not points and not name:
            raise Invalid("Please leave a name or a way to reach you.", field="contact")
        _wait_for_others(organisation_id)
        found = _known_by(organisation_id, points, name, now)
        if known:
            found = _with_known(known, found)
        customer = found[0] if found else _new(organisation_id, name, now)
        for younger in found[1:]:
            _join(younger, customer, now=now, by=by)
        _keep_points(customer, points, now)
        _learn_name(customer, name)
        _tell_recognised(customer, known_before=bool(found), now=now, by=by)
    return customer


def add_point(
    *,
    customer: Customer,
    contact: Contact,
    only_typed: bool,
    now: datetime,
    by: str,
    site: Site | None = None,
) -> Customer | None:
    """What somebody who may be `customer`, or may not, says where to reach them.

    Whom we know by nothing but what they typed there (`only_typed`) may correct an address, and
    turn out to be somebody we know. Of anybody else we learn a way we had none of. More could hand
    their letters to a stranger: nothing is kept, and it is None.
    """
    with transaction.atomic():
        point = _normalised(customer.organisation_id, [contact], site, now)[0]
        _wait_for_others(customer.organisation_id)
        kept = _locked(customer)
        holder = _holders(kept.organisation_id, [point], now).first()
        if holder == kept:
            return kept
        if holder:
            return holder if only_typed else None
        of_its_kind = kept.contact_points.filter(_valid_at(now), kind=point.kind)
        if only_typed:
            of_its_kind.update(valid_until=now)
        elif of_its_kind.exists():
            return None
        _keep_points(kept, [point], now)
        _tell_recognised(kept, known_before=True, now=now, by=by)
    return kept


def learn_name(*, customer: Customer, name: str) -> Customer:
    """Keeps what the customer says their name is, if it tells more than we knew."""
    with transaction.atomic():
        kept = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        _learn_name(kept, one_line(name, field="name", longest=120))
    return kept


def region_at(organisation_id: UUID, site: Site | None) -> str | None:
    """The country whose phone numbers need no +: the site's, or that of the oldest site."""
    place = site or Site.objects.filter(organisation_id=organisation_id).order_by("pk").first()
    return region_of(place.timezone) if place else None


def _normalised(
    organisation_id: UUID, contacts: Sequence[Contact], site: Site | None, now: datetime
) -> list[Contact]:
    if not contacts:
        return []
    region = region_at(organisation_id, site)
    points = [
        normalise(contact, region=region, site_id=site.pk if site else None) for contact in contacts
    ]
    return [
        Contact(ROOM, point.value, point.valid_until or _next_check_out(site, now))
        if point.kind == ROOM and site
        else point
        for point in points
    ]


def _next_check_out(site: Site, now: datetime) -> datetime:
    """Noon at the site, tomorrow: a stay we were told no end of is never longer than a night."""
    zone = ZoneInfo(site.timezone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), CHECK_OUT, zone)


def _wait_for_others(organisation_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_CLASS, str(organisation_id)]
        )


def _known_by(
    organisation_id: UUID, points: Sequence[Contact], name: str, now: datetime
) -> list[Customer]:
    """The customers these points belong to, first met first."""
    strong = [point for point in points if point.kind != ROOM]
    found = list(_holders(organisation_id, strong, now))
    if found:
        return found
    rooms = [point for point in points if point.kind == ROOM]
    sharing = _holders(organisation_id, rooms, now)
    return [customer for customer in sharing if _may_be(customer.name, name)][:1]


def _with_known(known: Customer, found: Sequence[Customer]) -> list[Customer]:
    """`known` and who has the points, first met first; refused where their names differ."""
    kept = _locked(known)
    for other in found:
        if other != kept and not _may_be(kept.name, other.name):
            raise Invalid(
                f"That belongs to {other.name}, whom we know. If this case is theirs, say that "
                "it is somebody else.",
                field="contact",
            )
    return sorted({kept, *found}, key=lambda one: (one.first_met_at, one.pk))


def _locked(customer: Customer) -> Customer:
    """The customer as they are now, or whom they were found to be."""
    rows = Customer.objects.select_for_update(no_key=True)
    found = rows.get(pk=customer.pk)
    return rows.get(pk=found.same_as_id) if found.same_as_id else found


def _holders(organisation_id: UUID, points: Sequence[Contact], now: datetime) -> QuerySet[Customer]:
    if not points:
        return Customer.objects.none()
    any_point = Q()
    for point in points:
        any_point |= Q(kind=point.kind, value=point.value)
    holding = ContactPoint.objects.filter(
        any_point, _valid_at(now), organisation_id=organisation_id
    )
    return (
        Customer.objects.select_for_update(no_key=True)
        .filter(pk__in=holding.values("customer_id"))
        .order_by("first_met_at", "pk")
    )


def _valid_at(now: datetime) -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=now)


def _may_be(known: str, said: str) -> bool:
    known, said = known.casefold(), said.casefold()
    return not known or not said or known.startswith(said) or said.startswith(known)


def _new(organisation_id: UUID, name: str, now: datetime) -> Customer:
    return Customer.objects.create(organisation_id=organisation_id, name=name, first_met_at=now)


def _join(younger: Customer, kept: Customer, *, now: datetime, by: str) -> None:
    points = list(younger.contact_points.select_for_update())
    younger.contact_points.update(customer=kept)
    Customer.objects.filter(Q(same_as=younger) | Q(pk=younger.pk)).update(same_as=kept)
    kept.language = kept.language or younger.language
    kept.timezone = kept.timezone or younger.timezone
    declined = [at for at in (kept.no_messages_at, younger.no_messages_at) if at]
    kept.no_messages_at = min(declined, default=None)
    unasked = [at for at in (kept.no_questions_at, younger.no_questions_at) if at]
    kept.no_questions_at = min(unasked, default=None)
    kept.save(update_fields=["language", "timezone", "no_messages_at", "no_questions_at"])
    _learn_name(kept, younger.name)
    chronicle.record(
        CustomersJoined(
            kept_id=kept.pk,
            joined_id=younger.pk,
            moved_contact_ids=[point.pk for point in points],
        ),
        organisation_id=kept.organisation_id,
        at=now,
        by=by,
        about=kept.pk,
    )


def _keep_points(customer: Customer, points: Sequence[Contact], now: datetime) -> None:
    held = set(customer.contact_points.filter(_valid_at(now)).values_list("kind", "value"))
    fresh = {(point.kind, point.value): point for point in points}
    ContactPoint.objects.bulk_create(
        ContactPoint(
            organisation_id=customer.organisation_id,
            customer=customer,
            kind=point.kind,
            value=point.value,
            valid_from=now,
            valid_until=point.valid_until,
        )
        for known_as, point in fresh.items()
        if known_as not in held
    )


def _learn_name(customer: Customer, name: str) -> None:
    """A name we did not have, or a fuller one (Ana, then Ana Ruiz)."""
    fuller = len(name) > len(customer.name) and _may_be(customer.name, name)
    if fuller:
        customer.name = name
        customer.save(update_fields=["name"])


def _tell_recognised(customer: Customer, *, known_before: bool, now: datetime, by: str) -> None:
    chronicle.record(
        CustomerRecognised(customer_id=customer.pk, known_before=known_before),
        organisation_id=customer.organisation_id,
        at=now,
        by=by,
        about=customer.pk,
    )
