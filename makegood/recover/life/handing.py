"""Hands a case over, with a word: from now on another colleague's word stands."""

from datetime import datetime

from django.db import transaction

from makegood.ground import bulletins, chronicle, topics
from makegood.ground.models import Entry
from makegood.ground.refusals import NotAllowed
from makegood.page.models import Page
from makegood.page.rungs.ringing import Summons, open_page
from makegood.people.duty import on_duty
from makegood.people.models import Staff
from makegood.people.plain_text import paragraphs
from makegood.recover import telling, wording
from makegood.recover.belonging import link_to
from makegood.recover.facts import CaseHandedOver
from makegood.recover.holding import hold_open, hold_steps
from makegood.recover.knowing import name_of_guest
from makegood.recover.models import Case
from makegood.recover.steps.planning import plan_of
from makegood.recover.steps.stepping import silence

LONGEST_WORD = 500
WAITS = 30 * 60  # seconds the receiver's pager waits before it rings again


def hand_case_over(*, case: Case, to: Staff, by: Staff, now: datetime, word: str = "") -> Case:
    """Makes `to` answer for the case and all that waits in it; they are told, with `word`.

    Their pager says so if they are on duty; they see it in the case in any event. Refuses a closed
    case and people who do not work here.
    """
    said = paragraphs(word, field="word", longest=LONGEST_WORD)
    if not to.is_active or to.organisation_id != case.organisation_id:
        raise NotAllowed("Only a colleague can take this over.")
    with transaction.atomic():
        hold_open(case)
        case.owner = to
        case.save(update_fields=["owner"])
        entry = chronicle.record(
            CaseHandedOver(staff_id=to.pk, word=said),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk),
            about=case.pk,
        )
        _let_promises_follow(case, now)
        if to.pk != by.pk and to in on_duty(case.site):
            _ring(case, to, by, said, entry)
        telling.tell(case, what=entry.name, at=now)
        bulletins.post(
            [topics.staff(to.pk)],
            {"kind": "update", "fact": entry.name, "case": str(case.pk)},
            organisation_id=case.organisation_id,
            at=now,
        )
    return case


def _let_promises_follow(case: Case, now: datetime) -> None:
    """Nobody goes on being reminded of what is not theirs any more."""
    for step in hold_steps(case.pk):
        if plan_of(step).who == "case_owner":
            silence(step, now=now)


def _ring(case: Case, to: Staff, by: Staff, word: str, entry: Entry) -> None:
    name = name_of_guest(case)
    open_page(
        Summons(
            organisation_id=case.organisation_id,
            site_id=case.site_id,
            about=entry.pk,
            purpose=Page.Purpose.REMIND,
            place=case.place,
            what=f"{by.first_name} hands you this case" + (f": {word}" if word else ""),
            who=name or wording.NAMELESS,
            customer_name=name,
            link=link_to(case.pk),
            severity=case.severity,
            happened_at=entry.at,
            ladder=[{"who": f"staff:{to.pk}", "wait_seconds": WAITS}],
            caused_by=entry.pk,
        ),
        now=entry.at,
    )
