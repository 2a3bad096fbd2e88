"""Hands a case over: from now on another colleague's word stands."""

from datetime import datetime

from django.db import transaction

from makegood.ground import bulletins, chronicle, topics
from makegood.ground.refusals import NotAllowed
from makegood.people.models import Staff
from makegood.recover import telling
from makegood.recover.facts import CaseHandedOver
from makegood.recover.holding import hold_open
from makegood.recover.models import Case


def hand_case_over(*, case: Case, to: Staff, by: Staff, now: datetime) -> Case:
    """Makes `to` answer for the case; refuses a closed case and people who do not work here."""
    if not to.is_active or to.organisation_id != case.organisation_id:
        raise NotAllowed("Only a colleague can take this over.")
    with transaction.atomic():
        hold_open(case)
        case.owner = to
        case.save(update_fields=["owner"])
        entry = chronicle.record(
            CaseHandedOver(staff_id=to.pk),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk),
            about=case.pk,
        )
        telling.tell(case, what=entry.name, at=now)
        bulletins.post(
            [topics.staff(to.pk)],
            {"kind": "update", "fact": entry.name, "case": str(case.pk)},
            organisation_id=case.organisation_id,
            at=now,
        )
    return case
