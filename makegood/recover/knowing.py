"""What we may call the guest of a case, also on the pages of open questions about it."""

from makegood.amends.models import AmendsRequest
from makegood.ground.models import Entry
from makegood.page.updating import update_page
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case
from makegood.sense.facts import ContactLeft, RemarkAdded
from makegood.sense.models import Remark


def name_of_guest(case: Case) -> str:
    """The customer's full name, or what they last said we may call them; empty if neither."""
    if case.customer_name:
        return case.customer_name
    named = Remark.objects.filter(signal__case_signal__case=case).exclude(name="")
    return named.order_by("-said_at", "-pk").values_list("name", flat=True).first() or ""


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
