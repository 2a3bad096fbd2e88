"""What the duty screens ask: who else is there, who is not, who waits, what the form names."""

from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid
from makegood.page import access as pages
from makegood.page.models import Page
from makegood.people import access, duty
from makegood.people.models import Duty, Site, Staff


def colleagues_on_duty(mine: Duty) -> list[Staff]:
    """Everybody else on duty at the same site, the longest first."""
    return [person for person in duty.on_duty(mine.site) if person.pk != mine.staff_id]


def visit_of(staff: Staff) -> Page | None:
    """The customer this person is going to, or with; a promise they took is none."""
    held = pages.current_page_of(staff)
    return held if held and held.purpose in Page.VISITS else None


def off_duty_at(staff: Staff, site: Site) -> list[Staff]:
    """Colleagues of the site who are not on duty now."""
    on_duty = {person.pk for person in duty.on_duty(site)}
    colleagues = access.colleagues_of(staff, site)
    return [one for one in colleagues if one.pk not in on_duty and one.pk != staff.pk]


def posted_id(form: QueryDict, field: str) -> UUID:
    """The id a form names; refuses anything that is none."""
    try:
        return UUID(form.get(field, ""))
    except ValueError as error:
        raise Invalid(_("Choose one from the list."), field=field) from error
