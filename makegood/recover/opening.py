"""Opens a case for a verdict, or joins the open one. The hot path: every query counts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Least

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.page.updating import update_page
from makegood.people.models import Customer
from makegood.recover import telling
from makegood.recover.facts import CaseOpened, SignalJoined
from makegood.recover.models import Case, CaseSignal, PolicyVersion, Step
from makegood.recover.policy import Policy
from makegood.recover.publishing import in_force, pinned, policy_of, publish_default
from makegood.recover.summoning import failed_before, in_short, ring_for_customer, who_it_is
from makegood.sense import topics
from makegood.sense.models import Signal, Touchpoint
from makegood.triage.facts import SignalTriaged
from makegood.triage.models import Verdict

GENUINE = "Genuine, and ours"
UNREAD = "Taken as it came"


def open_or_join(entry: Entry, fact: SignalTriaged) -> None:
    """Reaction: a signal that needs repair gets its case.

    Presses that come close together at one place, and another rating or complaint of a customer
    with an open case, join it. Nothing happens when nothing went wrong.
    """
    verdict = entry.row
    assert isinstance(verdict, Verdict)
    signal = verdict.signal
    if not verdict.needs_repair or signal.cancelled_at:
        return
    version_id = in_force(entry.organisation_id) or _first_policy(verdict, entry.at).pk
    case = _open_case_for(signal, policy_of(version_id))
    if case:
        _join(case, verdict, entry)
    else:
        _open(Case(policy_id=version_id, **_what_is_known(verdict, entry)), verdict, entry)


def _first_policy(verdict: Verdict, now: datetime) -> PolicyVersion:
    return publish_default(organisation=verdict.organisation, now=now)


def _open_case_for(signal: Signal, policy: Policy) -> Case | None:
    """The case this signal belongs to. Holds a lock, so that two at once do not open two.

    The lock lets others refer to the locked row: intake goes on accepting presses.
    """
    found = None
    if signal.touchpoint and signal.touchpoint.kind == Touchpoint.Kind.BUTTON:
        Touchpoint.objects.select_for_update(no_key=True).only("pk").get(pk=signal.touchpoint.pk)
        close = policy.same_place_within
        found = _latest(
            touchpoint_id=signal.touchpoint_id,
            last_signal_at__gte=signal.happened_at - close,
            happened_at__lte=signal.happened_at + close,
        )
    if not found and signal.customer_id and signal.kind != Signal.Kind.PRESS:
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=signal.customer_id)
        found = _latest(customer_id=signal.customer_id)
    return found


def _latest(**which: object) -> Case | None:
    found = Case.objects.open().filter(**which).order_by("-last_signal_at")
    pk = found.values_list("pk", flat=True).first()  # mostly there is none
    return Case.objects.select_related("customer", "site").get(pk=pk) if pk else None


def _what_is_known(verdict: Verdict, entry: Entry) -> dict[str, object]:
    signal = verdict.signal
    return {
        "organisation_id": entry.organisation_id,
        "site": signal.site,
        "touchpoint": signal.touchpoint,
        "customer": signal.customer,
        "place": signal.place,
        "topic": verdict.topic,
        "severity": verdict.severity,
        "reaction": verdict.reaction,
        "happened_at": signal.happened_at,
        "last_signal_at": signal.happened_at,
        "opened_at": entry.at,
        "leaves_at": verdict.leaves_at,
        "caused_by": entry.pk,
    }


def _open(case: Case, verdict: Verdict, entry: Entry) -> None:
    policy = policy_of(case.policy_id)
    case.save(force_insert=True)
    _attach(case, verdict.signal, entry)
    Step.objects.bulk_create(_twelve_steps(case, policy, verdict, entry))
    opened = chronicle.record(
        CaseOpened(signal_id=verdict.signal_id, policy=pinned(case.policy_id).number),
        organisation_id=case.organisation_id,
        at=entry.at,
        by=chronicle.SYSTEM,
        about=case.pk,
        caused_by=entry.pk,
    )
    if _rings(verdict, policy):
        _ring(case, verdict, opened)
    else:
        telling.tell(case, what=opened.name, at=entry.at, signals=[verdict.signal_id])


def _attach(case: Case, signal: Signal, entry: Entry) -> None:
    CaseSignal.objects.create(
        organisation_id=case.organisation_id, case=case, signal=signal, joined_at=entry.at
    )


def _twelve_steps(case: Case, policy: Policy, verdict: Verdict, entry: Entry) -> list[Step]:
    """All twelve, the first done: the verdict is its evidence."""
    zone = ZoneInfo(case.site.timezone)
    steps = []
    for kind, plan in policy.steps.items():
        due_at = policy.due_at_opening(kind, entry.at, zone)
        step = Step(
            organisation_id=case.organisation_id,
            case=case,
            kind=kind,
            position=plan.position,
            due_at=due_at,
            look_at=policy.look_at(kind, due_at, entry.at) if due_at else None,
            awaits=plan.awaits,
        )
        if kind == "validate":
            step.state, step.ended_at, step.look_at = Step.State.DONE, entry.at, None
            step.evidence, step.note = [str(entry.pk)], UNREAD if verdict.raw else GENUINE
        steps.append(step)
    return steps


def _rings(verdict: Verdict, policy: Policy) -> bool:
    """Somebody is rung for a customer who is still here, and for anything grave."""
    here = verdict.signal.kind == Signal.Kind.PRESS or verdict.leaves_at is not None
    return here or verdict.severity >= policy.page_from_severity


def _ring(case: Case, verdict: Verdict, cause: Entry) -> None:
    again = failed_before(
        case.customer,
        policy=policy_of(case.policy_id),
        zone=ZoneInfo(case.site.timezone),
        now=cause.at,
        besides=case.pk,
    )
    signal = verdict.signal
    ring_for_customer(
        case,
        senior=bool(again),
        who=again or who_it_is(case.customer),
        hint=signal.touchpoint.hint if signal.touchpoint else "",
        what=what_was_said(signal, verdict),
        caused_by=cause.pk,
        now=cause.at,
    )


def what_was_said(signal: Signal, verdict: Verdict) -> str:
    """The topics and the words so far, for the page: `The food and waiting. “It came cold.”`"""
    remarks = signal.remarks.all()  # triage has read them
    if remarks:
        last = max(remarks, key=lambda remark: (remark.said_at, remark.pk))
        return in_short(last.topics, last.words)
    codes = signal.topics or [verdict.topic]
    return in_short([code for code in codes if code != topics.UNSAID], signal.words)


def _join(case: Case, verdict: Verdict, entry: Entry) -> None:
    signal = verdict.signal
    _attach(case, signal, entry)
    case.intensity += 1
    Case.objects.filter(pk=case.pk).update(
        intensity=F("intensity") + 1,
        severity=Greatest("severity", verdict.severity),
        happened_at=Least("happened_at", signal.happened_at),
        last_signal_at=Greatest("last_signal_at", signal.happened_at),
        leaves_at=Coalesce("leaves_at", verdict.leaves_at) if verdict.leaves_at else F("leaves_at"),
    )
    joined = chronicle.record(
        SignalJoined(signal_id=signal.pk, intensity=case.intensity),
        organisation_id=case.organisation_id,
        at=entry.at,
        by=chronicle.SYSTEM,
        about=case.pk,
        caused_by=entry.pk,
    )
    if Page.objects.open().filter(about=case.pk).exists():
        update_page(about=case.pk, now=entry.at, intensity=case.intensity)
    elif _rings(verdict, policy_of(case.policy_id)):
        _ring(case, verdict, joined)
    telling.tell(case, what=joined.name, at=entry.at, signals=[signal.pk])
