"""Which site a list shows: the person's own, or another within their reach."""

from uuid import UUID

from makegood.ground.refusals import NotFound
from makegood.people import access
from makegood.people.models import Site
from makegood.web.door import StaffRequest


def chosen_site(request: StaffRequest) -> Site:
    """The site that `?site=` names, or else the person's own."""
    chosen = request.GET.get("site")
    if not chosen:
        return request.user.site
    try:
        return access.site_for(request.user, UUID(chosen))
    except ValueError as error:
        raise NotFound from error
