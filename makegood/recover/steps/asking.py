"""What the house asks the customer by itself: how we handled it, and whether we kept our word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from makegood.ground import links
from makegood.ground.models import Entry
from makegood.people.models import ContactPoint, Customer, Role, Staff
from makegood.recover.models import Case, Step
from makegood.recover.policy.timing import postponed
from makegood.recover.steps.pausing import look_next
from makegood.recover.steps.reminding import Due
from makegood.recover.steps.stepping import end_skipped
from makegood.recover.versions.publishing import policy_of
from makegood.sense.inviting import invite
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter

NO_ADDRESS = "There is no e-mail address that we may write to."
NOT_AGAIN = "They asked us not to ask them again."


def promise_path(case: Case) -> str:
    """Path of the customer's promise page."""
    return f"/m/{links.close(links.PROMISE, case.pk, case.link_version)}"


def ask_how_we_did(due: Sequence[Due], now: datetime) -> None:
    """Invites the customer to rate how we handled it; leaves it out if nobody may write to them."""
    for step, entry in due:
        case = step.case
        address, sender = _may_ask_at(case, now), _sender_for(case)
        if case.customer and address and sender:
            _ask(case, case.customer, sender, address, entry)
        else:
            step.asked_at = None
            end_skipped(step, reason=NO_ADDRESS if may_ask(case) else NOT_AGAIN, now=now)


def ask_for_confirmation(due: Sequence[Due], now: datetime) -> None:
    """Asks, on the promise page and by letter if we may write, whether we kept our word."""
    for step, entry in due:
        case = step.case
        address, sender = _may_ask_at(case, now), _sender_for(case)
        if address and sender:
            _write(
                case,
                sender,
                to=address,
                subject="Did we keep our word?",
                body=_prove_body(case),
                link=promise_path(case),
                caused_by=entry.pk,
                now=now,
            )


def ask_anew_later(step: Step, *, now: datetime) -> None:
    """They said that it is not right: whether we kept our word is asked anew, once there was time
    to mend it: as long as we would wait for their answer. Held; not saved."""
    policy, zone = policy_of(step.case.policy_id), ZoneInfo(step.case.site.timezone)
    earliest = now + policy.wait_for_customer
    step.asked_at = None
    if step.due_at and step.due_at < earliest:
        step.due_at = postponed(step.due_at, stood_still=earliest - step.due_at, zone=zone)
    if step.due_at:
        look_next(step, policy.look_at(step.kind, step.due_at, now))


def may_ask(case: Case) -> bool:
    """Whether they did not say that they are asked enough."""
    return case.customer is None or case.customer.no_questions_at is None


def address_of(case: Case, now: datetime) -> str:
    """The e-mail address we may write to; empty if there is none, or they asked us not to."""
    if not case.customer or case.customer.no_messages_at:
        return ""
    valid = Q(valid_until=None) | Q(valid_until__gt=now)
    points = ContactPoint.objects.filter(
        valid, customer=case.customer, kind=ContactPoint.Kind.EMAIL
    )
    return points.order_by("-valid_from").values_list("value", flat=True).first() or ""


def _may_ask_at(case: Case, now: datetime) -> str:
    return address_of(case, now) if may_ask(case) else ""


def _sender_for(case: Case) -> Staff | None:
    """Whose word the customer has; else a manager of the place, else the owner of the house."""
    if case.owner and case.owner.is_active:
        return case.owner
    seniors = Staff.objects.filter(organisation_id=case.organisation_id, is_active=True)
    manager = seniors.filter(site_id=case.site_id, role=Role.MANAGER).order_by("pk").first()
    return manager or seniors.filter(role=Role.OWNER).order_by("pk").first()


def _ask(case: Case, customer: Customer, sender: Staff, address: str, entry: Entry) -> None:
    invitation = invite(
        customer=customer,
        site=case.site,
        occasion="how we handled it",
        about=case.pk,
        caused_by=entry.pk,
        now=entry.at,
    )
    _write(
        case,
        sender,
        to=address,
        subject="How did we handle it?",
        body=_ask_body(case),
        link=f"/r/{links.close(links.RATING, invitation.pk)}",
        caused_by=entry.pk,
        now=entry.at,
    )


def _write(
    case: Case, sender: Staff, *, to: str, subject: str, body: str, link: str, caused_by: UUID,
    now: datetime,
) -> None:  # fmt: skip
    letter = draft_letter(
        about=case.pk,
        customer=case.customer,
        sender=sender,
        kind=Letter.Kind.QUESTION,
        subject=subject,
        body=body,
        to=to,
        link=link,
        caused_by=caused_by,
        now=now,
    )
    send_letter(letter=letter, now=now)


def _greeting(case: Case) -> str:
    return f"Dear {case.customer.first_name}," if case.customer_name and case.customer else "Hello,"


def _ask_body(case: Case) -> str:
    return (
        f"{_greeting(case)}\n\nsome weeks ago we failed you, and we promised to put it right. "
        "How have we handled it so far? One tap is enough, and I read every answer."
    )


def _prove_body(case: Case) -> str:
    return (
        f"{_greeting(case)}\n\neverything we promised you is on the page below, with what we did "
        "and when. Did we keep our word? If anything is not right, please tell me there."
    )
