"""What we may call the guest of a case, also on the pages of open questions about it."""

from collections.abc import Iterable
from uuid import UUID

from makegood.amends.models import AmendsRequest
from makegood.ground.models import Entry
from makegood.page.rungs.updating import update_page
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case
from makegood.sense.facts import ContactLeft, RemarkAdded
from makegood.sense.models import Remark


def name_of_guest(case: Case) -> str:
    """The customer's full name, or what they last said we may call them; empty if neither."""
    return names_of_guests([case])[case.pk]


def names_of_guests(cases: Iterable[Case]) -> dict[UUID, str]:
    """The same for many cases at once."""
    names = {case.pk: case.customer_name for case in cases}
    nameless = [case_id for case_id, name in names.items() if not name]
    if nameless:
        said = Remark.objects.filter(signal__case_signal__case__in=nameless).exclude(name="")
        names |= said.order_by("said_at", "pk").values_list("signal__case_signal__case", "name")
    return names


def name_on_questions(entry: Entry, fact: RemarkAdded | ContactLeft) -> None:
    """Reaction: who is asked to decide learns whom it is for as soon as we do."""
    case = case_of_signal(entry.about)
    if not case:
        return
    asked = AmendsRequest.objects.filter(about=case.pk, decided_at=None)
    waiting = list(asked.values_list("pk", flat=True))
    name = name_of_guest(case) if waiting else ""
    for request in waiting if name else ():
        update_page(about=request, now=entry.at, who=name, customer_name=name)
