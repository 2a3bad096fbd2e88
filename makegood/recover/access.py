"""How doors obtain cases: only those within a person's reach, or behind a valid link."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from makegood.ground import links, tenancy
from makegood.ground.models import Entry
from makegood.ground.refusals import NotFound
from makegood.people.access import sites_within_reach
from makegood.people.models import Site, Staff
from makegood.recover.belonging import answering_for
from makegood.recover.drafts import PolicyDraftQuerySet
from makegood.recover.facts import CaseOpened, SignalJoined
from makegood.recover.models import (
    Case,
    CaseQuerySet,
    Pause,
    PolicyDraft,
    PolicyVersion,
    Replay,
    Step,
)
from makegood.sense.models import Signal

MOST_TO_JOIN = 40


def case_for(staff: Staff, id: UUID) -> Case:
    """A case of a site where the colleague works or is on duty; of any site for an owner."""
    return _found(_with_names().filter(site__in=sites_within_reach(staff), pk=id).first())


def case_by_token(token: str) -> Case:
    """The case a promise link names, or the one it was joined with.

    NotFound for a link that is not ours, or was renewed.
    """
    sealed = links.open_link(links.PROMISE, token)
    with tenancy.everywhere():
        named = Case.objects.filter(pk=sealed.id, link_version=sealed.version)
        case_id = named.values_list("pk", flat=True).first()
        answering = _with_names().filter(pk=answering_for(case_id)) if case_id else None
        return _found(answering.first() if answering else None)


def case_of_signal(signal: Signal | UUID) -> Case | None:
    """The case a signal belongs to, if it has one by now."""
    signal_id = signal.pk if isinstance(signal, Signal) else signal
    return _with_names().filter(case_signals__signal=signal_id).first()


def pressed_by_several(case: Case) -> bool:
    """Whether more than one press is about `case`, also one that was taken back."""
    return Signal.objects.filter(case_signal__case=case, kind=Signal.Kind.PRESS).count() > 1


def signals_behind(causes: Iterable[UUID]) -> dict[UUID, Signal]:
    """The signal that opened or joined a case, by the fact that says so; other facts have none."""
    telling = Entry.objects.filter(
        pk__in=list(causes), name__in=(CaseOpened.name, SignalJoined.name)
    )
    told = {entry.pk: UUID(entry.data["signal_id"]) for entry in telling}
    signals = Signal.objects.in_bulk(told.values())
    return {fact: signals[signal] for fact, signal in told.items() if signal in signals}


def case_about(matter: UUID) -> Case | None:
    """The case that answers for `matter`, if it names one: it, or what it was joined with."""
    return _with_names().filter(pk=answering_for(matter)).first()


def cases_to_join(staff: Staff, case: Case) -> list[Case]:
    """Open cases within reach that may be the same repair: of the same guest, or of an unknown one.

    Those of the same guest come first, then the latest.
    """
    near = _with_names().open().filter(site__in=sites_within_reach(staff)).exclude(pk=case.pk)
    if case.customer_id:
        near = near.filter(Q(customer=case.customer_id) | Q(customer=None))
    same = near.order_by(F("customer").asc(nulls_last=True), "-last_signal_at")
    return list(same[:MOST_TO_JOIN])


def open_cases(site: Site) -> CaseQuerySet:
    """The open cases of a site, the latest first."""
    return _with_names().open().filter(site=site).order_by("-opened_at")


def closed_cases(site: Site) -> CaseQuerySet:
    """The cases of a site that have ended, the latest first."""
    open_now = Case.objects.open().filter(site=site)
    return _with_names().filter(site=site).exclude(pk__in=open_now).order_by("-opened_at")


def promises_due(site: Site, *, until: datetime) -> list[Step]:
    """What people of a site promised to do by `until`, the most overdue first.

    Where we wait for the customer the clock stands still, and nothing is due.
    """
    steps = Step.objects.waiting().filter(case__site=site, due_at__lte=until)
    waits = Pause.objects.standing().filter(kind=Pause.Kind.CUSTOMER, case=OuterRef("case"))
    steps = steps.exclude(Exists(waits))
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


def policy_version(staff: Staff, number: int) -> PolicyVersion:
    """One version of the colleague's organisation, by its number."""
    versions = PolicyVersion.objects.filter(organisation_id=staff.organisation_id, number=number)
    version = versions.select_related("published_by", "restores").first()
    if version is None:
        raise NotFound("We cannot find that version.")
    return version


def open_draft(staff: Staff) -> PolicyDraft | None:
    """What the organisation is changing in its policy; for seniors only, None for others."""
    return _drafts(staff).open().first()


def discarded_draft(staff: Staff) -> PolicyDraft | None:
    """The draft that was laid aside last, to bring it back; for seniors only."""
    laid_aside = _drafts(staff).filter(discarded_at__isnull=False)
    return laid_aside.order_by("-discarded_at").first()


def draft_for(staff: Staff, id: UUID) -> PolicyDraft:
    """A draft of the senior's organisation."""
    draft = _drafts(staff).filter(pk=id).first()
    if draft is None:
        raise NotFound("We cannot find that draft.")
    return draft


def latest_replay(draft: PolicyDraft) -> Replay | None:
    """The replay of a draft that was asked for last, perhaps of an earlier text."""
    return draft.replays.select_related("against", "asked_by").order_by("-asked_at").first()


def replay_for(staff: Staff, id: UUID) -> Replay:
    """A replay of a draft of the senior's organisation."""
    replays = Replay.objects.filter(draft__in=_drafts(staff))
    replay = replays.select_related("draft", "against", "asked_by").filter(pk=id).first()
    if replay is None:
        raise NotFound("We cannot find that replay.")
    return replay


def _drafts(staff: Staff) -> PolicyDraftQuerySet:
    drafts = PolicyDraft.objects.select_related(
        "based_on", "edited_by", "asked_by", "published_as", "begun_by", "discarded_by"
    )
    within = drafts.filter(organisation_id=staff.organisation_id)
    return within if staff.is_senior else within.none()


def _with_names() -> CaseQuerySet:
    return Case.objects.select_related(
        "organisation", "site", "customer", "owner", "policy", "touchpoint"
    )


def _found(case: Case | None) -> Case:
    if case is None:
        raise NotFound("We cannot find that case.")
    return case
