"""What a customer told a colleague about letters."""

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.ground import chronicle
from makegood.ground.refusals import Refused
from makegood.people.consent import welcome_messages
from makegood.recover.models import Case
from makegood.web.cases.workspace import act
from makegood.web.door import StaffRequest


@act("customer")
def write_again(case: Case, request: StaffRequest, now: datetime) -> str:
    """They had asked for silence, and let us write and ask again."""
    if case.customer is None:
        raise Refused(_("We do not know yet who this is."), code="no_customer")
    welcome_messages(customer=case.customer, now=now, by=chronicle.staff_actor(request.user.pk))
    return _("Noted. We may write to them again.")
