"""The customer says more, and the case is graver for it: whom that calls is rung, too."""

from dataclasses import replace
from datetime import datetime

from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.page.rungs.updating import update_page
from makegood.people.models import Customer
from makegood.recover.life.remarks import held_case_of, second_failure
from makegood.recover.models import Case
from makegood.recover.policy.deciding import ladder_of, severity_of
from makegood.recover.steps.standing import standing_situation
from makegood.recover.steps.stepping import arm
from makegood.recover.summoning import ring_colleagues
from makegood.recover.versions.publishing import policy_of
from makegood.triage.facts import VerdictRevised
from makegood.triage.models import Verdict


def hear_revision(entry: Entry, fact: VerdictRevised) -> None:
    """Reaction: the case is what the customer says it is; it never becomes milder by that.

    Whoever was rung for it goes on. Where the policy calls others for such a case than for the one
    it was, they are rung besides, however far the first have come.
    """
    case = held_case_of(entry.about)
    if not case:
        return
    before, _ = _ladder(case, entry.at)
    verdict = Verdict.objects.select_related("signal__customer").get(pk=fact.verdict_id)
    case.topic, case.reaction = verdict.topic, verdict.reaction
    case.severity = max(case.severity, _severity(case, verdict.severity, entry.at))
    case.save(update_fields=["topic", "reaction", "severity"])
    arm(case, now=entry.at)  # who reacts otherwise may wait for something else
    update_page(about=case.pk, now=entry.at, severity=case.severity)
    ladder, why = _ladder(case, entry.at)
    if ladder and ladder != before and not _is_called_for(case, verdict.signal.customer, entry.at):
        _call(case, ladder, why, entry)


def _is_called_for(case: Case, customer: Customer | None, now: datetime) -> bool:
    """Whether nobody needs to be called: it is over, or a second failure, which calls by itself."""
    if case.standing_closure:
        return True
    if customer is None or case.customer_id:
        return False
    return bool(second_failure(case, customer, now))


def _ladder(case: Case, now: datetime) -> tuple[str | None, str]:
    return ladder_of(policy_of(case.policy_id), standing_situation(case, now))


def _severity(case: Case, judged: int, now: datetime) -> int:
    """How grave the case is by its policy, now that triage judges its signal so."""
    situation = standing_situation(case, now)
    verdict = replace(situation.verdict, severity=judged)
    return severity_of(policy_of(case.policy_id), replace(situation, verdict=verdict))[0]


def _call(case: Case, ladder: str, why: str, entry: Entry) -> None:
    ring_colleagues(
        case,
        about=entry.pk,
        purpose=Page.Purpose.DECIDE,
        ladder=ladder,
        what=f"{why.rstrip('.') or 'It is graver than it was'}. Please go yourself.",
        caused_by=entry.pk,
        now=entry.at,
    )
