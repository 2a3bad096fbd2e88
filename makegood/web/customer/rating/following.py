"""What a low answer has set in motion: who writes, and by when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from makegood.people.models import Staff
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case, Step
from makegood.recover.steps.asking import promise_path
from makegood.sense.access import answers_to
from makegood.sense.models import Invitation
from makegood.web.customer.hosts import senior_at


@dataclass(frozen=True)
class Repair:
    """The repair a rating began, as its customer may know it."""

    case: Case
    writer: Staff | None
    writes_by: datetime | None
    now: datetime

    @property
    def is_today(self) -> bool:
        """Whether a clock time says enough."""
        today = timezone.localdate(self.now)
        return bool(self.writes_by and timezone.localdate(self.writes_by) == today)

    @property
    def promises(self) -> str:
        """The promise page."""
        return promise_path(self.case)


def repair_of(invitation: Invitation, now: datetime) -> Repair | None:
    """The repair the answer to `invitation` began or joined; None until triage has seen it."""
    latest = answers_to(invitation).order_by("-received_at").first()
    case = case_of_signal(latest) if latest else None
    if case is None or case.standing_closure:
        return None
    letter = case.steps.filter(kind="apologise", state=Step.State.WAITING).first()
    writes_by = letter.due_at if letter and letter.due_at and letter.due_at > now else None
    return Repair(case, case.owner or senior_at(invitation.site), writes_by, now)
