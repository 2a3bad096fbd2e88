"""How doors obtain cases: only those within a person's reach, or behind a valid link."""

from datetime import datetime
from uuid import UUID

from makegood.ground import links, tenancy
from makegood.ground.refusals import NotFound
from makegood.people.access import sites_within_reach
from makegood.people.models import Site, Staff
from makegood.recover.models import Case, CaseQuerySet, PolicyVersion, Step
from makegood.sense.models import Signal


def case_for(staff: Staff, id: UUID) -> Case:
    """A case of a site where the colleague works or is on duty; of any site for an owner."""
    return _found(_with_names().filter(site__in=sites_within_reach(staff), pk=id).first())


def case_by_token(token: str) -> Case:
    """The case a promise link names; NotFound for a link that is not ours, or was renewed."""
    sealed = links.open_link(links.PROMISE, token)
    with tenancy.everywhere():
        case = _with_names().filter(pk=sealed.id, link_version=sealed.version).first()
    return _found(case)


def case_of_signal(signal: Signal | UUID) -> Case | None:
    """The case a signal belongs to, if it has one by now."""
    signal_id = signal.pk if isinstance(signal, Signal) else signal
    return _with_names().filter(case_signals__signal=signal_id).first()


def case_about(matter: UUID) -> Case | None:
    """The case that `matter` names, if it names one."""
    return _with_names().filter(pk=matter).first()


def open_cases(site: Site) -> CaseQuerySet:
    """The open cases of a site, the latest first."""
    return _with_names().open().filter(site=site).order_by("-opened_at")


def closed_cases(site: Site) -> CaseQuerySet:
    """The cases of a site that have ended, the latest first."""
    open_now = Case.objects.open().filter(site=site)
    return _with_names().filter(site=site).exclude(pk__in=open_now).order_by("-opened_at")


def promises_due(site: Site, *, until: datetime) -> list[Step]:
    """What people of a site promised to do by `until`, the most overdue first."""
    steps = Step.objects.waiting().filter(case__site=site, due_at__lte=until)
    return list(steps.select_related("case__customer", "case__owner", "case__site", "case__policy")
                .order_by("due_at", "position"))  # fmt: skip


def policy_in_force(staff: Staff) -> PolicyVersion:
    """The policy that new cases of the colleague's organisation will pin."""
    version = PolicyVersion.objects.filter(organisation_id=staff.organisation_id).first()
    if version is None:
        raise NotFound
    return version


def policy_versions(staff: Staff) -> list[PolicyVersion]:
    """All versions of the colleague's organisation, the newest first."""
    versions = PolicyVersion.objects.filter(organisation_id=staff.organisation_id)
    return list(versions.select_related("published_by"))


def _with_names() -> CaseQuerySet:
    return Case.objects.select_related(
        "organisation", "site", "customer", "owner", "policy", "touchpoint"
    )


def _found(case: Case | None) -> Case:
    if case is None:
        raise NotFound("We cannot find that case.")
    return case
