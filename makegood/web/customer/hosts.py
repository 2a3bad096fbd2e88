"""Who speaks for the house when nobody has taken the matter yet."""

from makegood.people.models import Role, Site, Staff


def senior_at(site: Site) -> Staff | None:
    """The manager of the site, or else the owner; whoever is there longest."""
    seniors = Staff.objects.filter(organisation_id=site.organisation_id, is_active=True)
    manager = seniors.filter(role=Role.MANAGER, site=site).order_by("pk").first()
    return manager or seniors.filter(role=Role.OWNER).order_by("pk").first()
