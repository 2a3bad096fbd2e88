"""How doors get at people: everything here is within the asker's reach, or not found."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from makegood.ground import links
from makegood.ground.refusals import NotFound
from makegood.people.models import (
    Absence,
    ContactPoint,
    Customer,
    Duty,
    Holiday,
    Organisation,
    Role,
    Rotation,
    Site,
    Staff,
    TurnOverride,
)

FEWEST_DIGITS = 4  # of a phone number, to look for


def any_organisation() -> bool:
    """Whether somebody founded a house here already."""
    return Organisation.objects.exists()


def owner_of(organisation: Organisation) -> Staff:
    """Who founded the organisation, or owns it longest."""
    owners = Staff.objects.filter(organisation=organisation, role=Role.OWNER, is_active=True)
    owner = owners.select_related("site", "organisation").order_by("pk").first()
    if owner is None:
        raise NotFound
    return owner


def first_site(organisation: Organisation) -> Site:
    """The site the organisation began with."""
    site = Site.objects.filter(organisation=organisation).order_by("pk").first()
    if site is None:
        raise NotFound
    return site


def sites_within_reach(staff: Staff) -> QuerySet[Site]:
    """An owner's all; everybody else's own, and the one where they are on duty."""
    sites = Site.objects.filter(organisation_id=staff.organisation_id)
    if staff.role == Role.OWNER:
        return sites
    on_duty_at = Duty.objects.running().filter(staff=staff)
    return sites.filter(Q(pk=staff.site_id) | Q(pk__in=on_duty_at.values("site")))


def sites_for(staff: Staff) -> list[Site]:
    """The sites within reach, by name."""
    return list(sites_within_reach(staff).order_by("name", "pk"))


def site_for(staff: Staff, id: UUID) -> Site:
    """One of the sites within reach of `staff`."""
    for site in sites_for(staff):
        if site.pk == id:
            return site
    raise NotFound


def holiday_for(staff: Staff, id: UUID) -> Holiday:
    """A holiday of one of the sites within reach of `staff`."""
    found = Holiday.objects.filter(pk=id, site__in=sites_within_reach(staff))
    holiday = found.select_related("site").first()
    if holiday is None:
        raise NotFound
    return holiday


def rotation_for(staff: Staff, id: UUID) -> Rotation:
    """A rotation of one of the sites within reach of `staff`."""
    found = Rotation.objects.filter(pk=id, site__in=sites_within_reach(staff))
    rotation = found.select_related("site").first()
    if rotation is None:
        raise NotFound
    return rotation


def override_for(staff: Staff, id: UUID) -> TurnOverride:
    """An override of such a rotation."""
    found = TurnOverride.objects.filter(pk=id, rotation__site__in=sites_within_reach(staff))
    override = found.select_related("rotation").first()
    if override is None:
        raise NotFound
    return override


def absence_for(staff: Staff, id: UUID) -> Absence:
    """When a colleague of one of the sites within reach of `staff` is away."""
    found = Absence.objects.filter(pk=id, staff__site__in=sites_within_reach(staff))
    absence = found.select_related("staff").first()
    if absence is None:
        raise NotFound
    return absence


def colleagues_of(staff: Staff, site: Site) -> list[Staff]:
    """Everybody who works at a site within reach of `staff`, by name."""
    colleagues = Staff.objects.filter(site=site_for(staff, site.pk), is_active=True)
    return list(colleagues.select_related("team").order_by("first_name", "last_name", "pk"))


def colleague_for(staff: Staff, id: UUID) -> Staff:
    """A colleague of the same organisation, so that anybody can hand over to anybody."""
    colleagues = Staff.objects.filter(organisation_id=staff.organisation_id, is_active=True)
    colleague = colleagues.select_related("site").filter(pk=id).first()
    if colleague is None:
        raise NotFound
    return colleague


def customer_for(staff: Staff, id: UUID) -> Customer:
    """A customer of the organisation; one found to be an earlier one answers as that one."""
    customers = Customer.objects.filter(organisation_id=staff.organisation_id)
    customer = customers.select_related("same_as").filter(pk=id).first()
    if customer is None:
        raise NotFound
    return customer.same_as or customer


def customers_called(staff: Staff, text: str, *, most: int = 20) -> list[Customer]:
    """Customers of the organisation by a part of their name, their e-mail or their number."""
    called = Q(name__icontains=text) | Q(contact_points__value__icontains=text)
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) >= FEWEST_DIGITS:
        phone = ContactPoint.Kind.PHONE
        called |= Q(contact_points__kind=phone, contact_points__value__contains=digits)
    found = Customer.objects.filter(organisation_id=staff.organisation_id, same_as=None)
    return list(found.filter(called).distinct().order_by("name", "pk")[:most])


def customers_for(staff: Staff, ids: Sequence[UUID]) -> list[Customer]:
    """These customers of the organisation, by name; one found to be an earlier one is that one."""
    rows = Customer.objects.filter(organisation_id=staff.organisation_id, pk__in=ids)
    found = {(row.same_as or row).pk: row.same_as or row for row in rows.select_related("same_as")}
    return sorted(found.values(), key=lambda customer: (customer.name.casefold(), customer.pk))


def staff_by_stream(token: str) -> Staff:
    """Whose pager this stream link feeds; a raised `link_version` ends older links."""
    sealed = links.open_link(f"{links.STREAM}:staff", token)
    found = Staff.objects.filter(pk=sealed.id, link_version=sealed.version, is_active=True)
    staff = found.select_related("site", "organisation").first()
    if staff is None:
        raise NotFound("This link is not one of ours, or it is no longer valid.")
    return staff
