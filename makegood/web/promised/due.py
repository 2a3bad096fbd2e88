"""Promises by when they fall due: late, today, within a week. Geometry of days, and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.people import access as people
from makegood.people.models import Role, Site, Staff
from makegood.recover import access
from makegood.recover.models import Step
from makegood.recover.versions.publishing import policy_of
from makegood.web.cases.lines import heading
from makegood.web.floor.promised import span

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """One promise: when, what, to whom, whose word it is, how late or how soon."""

    when: str
    title: str
    to: str
    url: str
    apart: str
    is_late: bool
    who: Staff | None


@dataclass(frozen=True)
class Promises:
    """All promises of a site until the end of a week from now."""

    late: Sequence[Due]
    today: Sequence[Due]
    week: Sequence[Due]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.late) + len(self.today) + len(self.week)


def promises_of(site: Site, viewer: Staff, *, now: datetime) -> Promises:
    """What people of `site` promised, as `viewer` may see it; `now` is local."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    steps = access.promises_due(site, until=midnight + WEEK)
    seniors = _seniors(site, viewer)
    ours = [step for step in steps if _is_a_persons(step)]
    return Promises(
        late=[_line(step, seniors, now) for step in ours if _due(step) < now],
        today=[_line(step, seniors, now) for step in ours if now <= _due(step) < midnight],
        week=[_line(step, seniors, now) for step in ours if _due(step) >= midnight],
    )


def _is_a_persons(step: Step) -> bool:
    return not policy_of(step.case.policy_id).steps[step.kind].automatic


def _due(step: Step) -> datetime:
    if step.due_at is None:
        raise LookupError("only steps with a day are due")
    return step.due_at


def _seniors(site: Site, viewer: Staff) -> Mapping[str, Staff]:
    """Who answers for what a manager or the owner promised."""
    managers = [one for one in people.colleagues_of(viewer, site) if one.role == Role.MANAGER]
    owner = people.owner_of(site.organisation)
    return {Role.OWNER.value: owner, Role.MANAGER.value: min(managers, key=_joined, default=owner)}


def _joined(staff: Staff) -> UUID:
    return staff.pk


def _line(step: Step, seniors: Mapping[str, Staff], now: datetime) -> Due:
    plan = policy_of(step.case.policy_id).plan(step.kind, step.case.reaction)
    due = _due(step).astimezone(now.tzinfo)
    late = due < now
    apart = {"time": span(abs(now - due))}
    return Due(
        when=date_format(due, "H:i" if due.date() == now.date() else "D j M"),
        title=plan.title,
        to=heading(step.case),
        url=f"{reverse('case', args=[step.case_id])}#step-{step.kind}",
        apart=(_("%(time)s late") if late else _("in %(time)s")) % apart,
        is_late=late,
        who=seniors.get(plan.who, step.case.owner),
    )
