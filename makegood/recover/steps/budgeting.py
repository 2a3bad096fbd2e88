"""How often the house may write to one customer, and when: what is too much waits, visibly."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from makegood.ground import chronicle
from makegood.recover import telling
from makegood.recover.facts import ContactPutOff
from makegood.recover.models import Case, Pause, Step
from makegood.recover.policy.contact import Contact
from makegood.recover.steps.pausing import begin
from makegood.recover.versions.publishing import policy_of
from makegood.words.access import written_to


def put_off_writing(steps: Sequence[Step], now: datetime) -> set[UUID]:
    """Of the questions that the house would send now, those that have to wait; each says why.

    `steps` are claimed. It may be night where the customer is, or we wrote often enough.
    """
    asking = [step for step in steps if step.case.customer_id]
    if not asking:
        return set()
    written = written_to({step.case.customer_id for step in asking if step.case.customer_id})
    put_off = set()
    for step in asking:
        contact = policy_of(step.case.policy_id).contact
        sent = _sent(written, step.case)
        allowed = contact.next_allowed(now, zone=zone_of(step.case), sent=sent)
        if allowed > now:
            _put_off(step, allowed, _reason(step.case, contact, sent, now), now)
            put_off.add(step.pk)
    return put_off


def zone_of(case: Case) -> ZoneInfo:
    """The clocks the customer lives by, as far as we know."""
    own = case.customer.timezone if case.customer else ""
    try:
        return ZoneInfo(own or case.site.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(case.site.timezone)


def _sent(written: Mapping[UUID, Iterable[datetime]], case: Case) -> list[datetime]:
    return list(written.get(case.customer_id, ())) if case.customer_id else []


def _reason(case: Case, contact: Contact, sent: Iterable[datetime], now: datetime) -> str:
    recent = sum(at > now - contact.within for at in sent)
    name = (case.customer.first_name if case.customer else "") or "the guest"
    if recent >= contact.at_most:
        days = contact.within.days
        return f"We wrote to {name} {recent} times within {days} days; more would be too much."
    return f"We write to {name} from {contact.waking.words}."


def _put_off(step: Step, until: datetime, reason: str, now: datetime) -> None:
    begin(step.case, Pause.Kind.QUIET, [step], step=step, until=until, reason=reason, by=None,
          now=now)  # fmt: skip
    entry = chronicle.record(
        ContactPutOff(step=step.kind, until=until, reason=reason),
        organisation_id=step.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=step.case_id,
    )
    telling.tell(step.case, what=entry.name, at=now)
