"""What our pages say, and to whom they climb."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.page.models import Page
from makegood.page.rungs.ringing import Summons, open_page
from makegood.people.models import Customer
from makegood.recover import wording
from makegood.recover.acquaintance import acquainted
from makegood.recover.belonging import link_to
from makegood.recover.knowing import name_of_guest
from makegood.recover.models import Case, Step
from makegood.recover.policy import Policy
from makegood.recover.versions.publishing import policy_of
from makegood.sense import topics
from makegood.sense.models import Visit


def summons_for_customer(
    case: Case,
    *,
    leaves_at: datetime | None,
    ladder: str,
    who: str,
    hint: str,
    what: str,
    caused_by: UUID,
) -> Summons:
    """Calls the people of `ladder` to the customer, who is thought to leave at `leaves_at`.

    A customer who is not with us now (None), who answered a mail, is called instead.
    """
    policy = policy_of(case.policy_id)
    return Summons(
        organisation_id=case.organisation_id,
        site_id=case.site_id,
        about=case.pk,
        purpose=Page.Purpose.REACH if leaves_at else Page.Purpose.CALL,
        place=case.place,
        hint=hint,
        what=what,
        who=who,
        customer_name=case.customer_name,
        link=link_to(case.pk),
        intensity=case.intensity,
        severity=case.severity,
        happened_at=case.happened_at,
        leaves_at=leaves_at,
        ladder=policy.ladders[ladder].climb(case_owner=case.owner_id),
        caused_by=caused_by,
    )


def ring_colleagues(
    case: Case,
    *,
    about: UUID,
    purpose: str,
    ladder: str,
    what: str,
    caused_by: UUID,
    now: datetime,
    who_promised: str = "",
) -> Page:
    """Rings colleagues about a matter of the case: a question, a call, a letter."""
    summons = for_colleagues(
        case,
        about=about,
        purpose=purpose,
        ladder=ladder,
        what=what,
        caused_by=caused_by,
        who_promised=who_promised,
        now=now,
        name=name_of_guest(case),
    )
    return open_page(summons, now=now)


def for_colleagues(
    case: Case,
    *,
    about: UUID,
    purpose: str,
    ladder: str,
    what: str,
    caused_by: UUID,
    now: datetime,
    name: str,
    who_promised: str = "",
    rests_for: timedelta = timedelta(),
) -> Summons:
    """A page for colleagues about a matter of the case, not rung yet; `name` is the guest's."""
    rungs = policy_of(case.policy_id).ladders[ladder]
    return Summons(
        organisation_id=case.organisation_id,
        site_id=case.site_id,
        about=about,
        purpose=purpose,
        place=case.place,
        what=what,
        who=name or wording.NAMELESS,
        customer_name=name,
        link=link_to(case.pk),
        severity=case.severity,
        happened_at=now,
        ladder=rungs.climb(case_owner=case.owner_id, who_promised=who_promised),
        rests_for=rests_for,
        caused_by=caused_by,
    )


def ring_for_visit(
    case: Case, step: Step | None, *, about: UUID, site_id: UUID, caused_by: UUID, now: datetime
) -> Page:
    """Rings a senior to be there for a customer we failed, who is with us again.

    `step` is the promise that this visit brings forward, if one waits for it.
    """
    policy = policy_of(case.policy_id)
    name = case.customer.first_name if case.customer else ""
    zone = ZoneInfo(case.site.timezone)
    plan = policy.plan(step.kind, case.reaction) if step else None
    return open_page(
        Summons(
            organisation_id=case.organisation_id,
            site_id=site_id,
            about=about,
            purpose=Page.Purpose.REACH,
            place=f"{name or 'A guest we failed'} is here",
            what=f"Be there. {plan.title}: {plan.evidence}" if plan else "Be there.",
            who=wording.failed_before(
                case.customer_name,
                case.happened_at.astimezone(zone).date(),
                now.astimezone(zone).date(),
                _topic_words(case),
            ),
            customer_name=case.customer_name,
            link=link_to(case.pk),
            severity=case.severity,
            happened_at=now,
            ladder=policy.ladders["senior"].climb(case_owner=case.owner_id),
            caused_by=caused_by,
        ),
        now=now,
    )


def failed_before(
    customer: Customer | None, *, policy: Policy, zone: ZoneInfo, now: datetime,
    besides: UUID,
) -> str:  # fmt: skip
    """`We failed Ana in March: room not ready`; empty if we did not, as far as we know."""
    if not customer:
        return ""
    known = acquainted([customer.pk])[customer.pk]
    earlier = known.failure(since=now - policy.failed_before_within, besides=besides)
    return failure_in_words(earlier, customer, zone=zone, now=now) if earlier else ""


def failure_in_words(earlier: Case, customer: Customer, *, zone: ZoneInfo, now: datetime) -> str:
    """`We failed Ana in March: room not ready`."""
    return wording.failed_before(
        customer.name,
        earlier.happened_at.astimezone(zone).date(),
        now.astimezone(zone).date(),
        _topic_words(earlier),
    )


def who_it_is(customer: Customer | None) -> str:
    """`Ana Ruiz, 3rd visit`, or that nobody told us."""
    visits = Visit.objects.filter(customer=customer).count() if customer else 0
    return who_with(customer, visits)


def who_with(customer: Customer | None, visits: int) -> str:
    """The same of a customer who was with us so often."""
    name = (customer.name if customer else "") or wording.NAMELESS
    return f"{name}, {wording.ordinal(visits)} visit" if visits else name


def in_short(codes: Sequence[str], words: str) -> str:
    """Chosen topics, then what they wrote."""
    quote = f"“{' '.join(words.split())}”" if words.strip() else ""
    chosen = f"{topics.in_words(codes)}." if codes and quote else topics.in_words(codes)
    return f"{chosen} {quote}".strip() if codes else quote


def _topic_words(case: Case) -> str:
    return "" if case.topic == topics.UNSAID else topics.in_words([case.topic]).lower()
