"""When a step of a running case is due: by its policy, its customer's reaction and its place."""

from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.people import opening
from makegood.recover.models import Case, Step
from makegood.recover.policy import Plan, Policy
from makegood.recover.policy.timing import Calendar
from makegood.recover.versions.publishing import policy_of


def plan_of(step: Step) -> Plan:
    """What the pinned policy says about a step, for a customer who reacts like this one."""
    return policy_of(step.case.policy_id).plan(step.kind, step.case.reaction)


def calendar_of(case: Case, policy: Policy) -> Calendar:
    """The clocks of the case's site, and its opening hours where the policy counts in them."""
    zone = ZoneInfo(case.site.timezone)
    if not policy.counts_opening_time:
        return Calendar(zone)
    return Calendar(zone, *opening.hours_of(case.site))


def due_after(case: Case, policy: Policy, plan: Plan, start: datetime) -> datetime:
    """When `plan` is promised, counted from `start`."""
    return plan.by.after(start, calendar_of(case, policy))
