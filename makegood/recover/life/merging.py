"""Joins two cases that are one repair, and takes that back exactly.

The signals move; what was given and written stays where it was made and is shown with the survivor.
`Merger.before` keeps what the joining changed, so that undoing it restores it, except where
something else changed it since.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.chronicle import Fact
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.page.hands import moving
from makegood.page.models import Page
from makegood.page.rungs.ringing import open_page
from makegood.people.models import Staff
from makegood.recover import telling
from makegood.recover.belonging import link_to
from makegood.recover.facts import CaseReopened, CasesMerged, MergerUndone
from makegood.recover.holding import hold
from makegood.recover.life.closing import close
from makegood.recover.models import Case, CaseSignal, Closure, Merger
from makegood.recover.steps.keeping import Kept, as_json, keep, put_back, put_back_fields
from makegood.recover.steps.sharing import share, unshare
from makegood.recover.steps.stepping import checked_words
from makegood.recover.summoning import summons_for_customer, who_it_is
from makegood.sense import topics

UNDONE = "The joining was taken back."


def merge_cases(*, survivor: Case, absorbed: Case, reason: str, by: Staff, now: datetime) -> Merger:
    """Makes one case of two: `survivor` goes on, `absorbed` ends with it.

    Refuses a case with itself, one of another house, a closed one, two different customers, and no
    reason.
    """
    said = checked_words(reason, field="reason", remedy="Say why these two belong together.")
    with transaction.atomic():
        survivor, absorbed = _held(survivor, absorbed)
        _refuse_strangers(survivor, absorbed)
        for case in (survivor, absorbed):
            if case.standing_closure:
                raise Refused(
                    f"{case.reference} is closed. Open it again first.", code="case_closed"
                )
        return absorb(survivor, absorbed, reason=said, by=by, now=now)


def undo_merger(*, merger: Merger, by: Staff, now: datetime) -> Merger:
    """Makes two cases again of one, as they were. Undoing it twice is once.

    Refuses where the survivor was joined with another case since, or what it took was split off.
    """
    with transaction.atomic():
        survivor, absorbed = _held(merger.survivor, merger.absorbed)
        merger = Merger.objects.get(pk=merger.pk)
        if merger.ended_at:
            return merger
        _refuse_entangled(merger, survivor)
        merger.ended_at, merger.ended_by = now, by
        merger.save(update_fields=["ended_at", "ended_by"])
        before: dict[str, Any] = merger.before
        reached_meanwhile = survivor.reached_at or absorbed.reached_at
        CaseSignal.objects.filter(signal__in=before["signals"]).update(case=absorbed)
        put_back_fields(survivor, before["survivor"], before["wrote"])
        survivor.intensity = max(1, survivor.intensity - absorbed.intensity)
        survivor.save()
        closure = _closure_of(absorbed)
        put_back(Kept.of(before), closure, now=now)
        _reopen(closure, by, now)
        pages = [UUID(page) for page in before["pages"]]
        moving.move_back(pages=pages, about=survivor.pk, to=absorbed.pk, link=link_to(absorbed.pk))
        entry = _tell(survivor, MergerUndone(absorbed_id=absorbed.pk), by, now)
        unshare(before["shared"], survivor, reason=UNDONE.rstrip("."), now=now, caused_by=entry)
        reopened = _tell(absorbed, CaseReopened(reason=UNDONE), by, now, caused_by=entry)
        rung = Page.Purpose.REACH in before["ended_pages"]
        is_here = absorbed.leaves_at is not None and absorbed.leaves_at > now
        if rung and is_here and not reached_meanwhile:
            _ring_again(absorbed, reopened, now)
    return merger


def absorb(
    survivor: Case,
    absorbed: Case,
    *,
    reason: str,
    by: Staff,
    now: datetime,
    besides: Collection[str] = (),
) -> Merger:
    """Joins two held cases, whatever they are; `merge_cases` asks whether they may be.

    The survivor learns what the other knows, `besides` these fields.
    """
    kept = keep(absorbed)
    joined = _joined(survivor, absorbed)
    fields = {name: value for name, value in joined.items() if name not in besides}
    signals = CaseSignal.objects.filter(case=absorbed)
    before: dict[str, Any] = {
        **kept.as_json(),
        "survivor": as_json({name: getattr(survivor, name) for name in fields}),
        "wrote": as_json(fields),
        "signals": [str(pk) for pk in signals.order_by("pk").values_list("signal_id", flat=True)],
    }
    for name, value in fields.items():
        setattr(survivor, name, value)
    survivor.intensity += absorbed.intensity
    survivor.save()
    signals.update(case=survivor)
    moved = moving.move_pages(about=absorbed.pk, to=survivor.pk, link=link_to(survivor.pk), now=now)
    before |= {"pages": [str(pk) for pk in moved.pages], "ended_pages": moved.ended}
    merger = Merger.objects.create(
        organisation_id=survivor.organisation_id, survivor=survivor, absorbed=absorbed,
        reason=reason, merged_at=now, merged_by=by, before=before,
    )  # fmt: skip
    fact = CasesMerged(absorbed_id=absorbed.pk, reason=reason)
    entry = _tell(survivor, fact, by, now)
    why = f"Joined with {survivor.reference}. {reason}"
    close(absorbed, Closure.Outcome.MERGED, reason=why, by=by, now=now, caused_by=entry)
    merger.before["shared"] = share(survivor, absorbed, now=now, caused_by=entry)
    merger.save(update_fields=["before"])
    return merger


def _held(first: Case, second: Case) -> tuple[Case, Case]:
    """Both cases as they are now, held in one order, so that two who join never wait in a ring."""
    for pk in sorted({first.pk, second.pk}):
        hold(pk)
    fresh = Case.objects.select_related("organisation", "site", "customer", "owner", "touchpoint")
    cases = fresh.in_bulk([first.pk, second.pk])
    return cases[first.pk], cases[second.pk]


def _refuse_strangers(survivor: Case, absorbed: Case) -> None:
    if survivor.pk == absorbed.pk:
        raise Invalid("Choose another case than this one.", field="other")
    if survivor.organisation_id != absorbed.organisation_id:
        raise NotAllowed("Only cases of one house can be joined.")
    both = survivor.customer_id and absorbed.customer_id
    if both and survivor.customer_id != absorbed.customer_id:
        raise Refused(
            "These are two different guests, and each has our word. They stay two cases.",
            code="two_customers", field="other",
        )  # fmt: skip


def _refuse_entangled(merger: Merger, survivor: Case) -> None:
    later = Merger.objects.standing().filter(absorbed=survivor).select_related("survivor").first()
    if later:
        name = later.survivor.reference
        raise Refused(f"It was joined with {name} since. Take that back first.", code="joined")
    signals = merger.before["signals"]
    here = CaseSignal.objects.filter(case=survivor, signal__in=signals).count()
    if here != len(signals):
        raise Refused(
            "Some of what came with it is a case of its own by now. Take that back first.",
            code="split",
        )


def _joined(survivor: Case, absorbed: Case) -> Mapping[str, Any]:
    """What the survivor knows with the other one; only what changes."""
    unsaid = survivor.topic == topics.UNSAID
    reached = [at for at in (survivor.reached_at, absorbed.reached_at) if at]
    fields = {
        "customer_id": survivor.customer_id or absorbed.customer_id,
        "owner_id": survivor.owner_id or absorbed.owner_id,
        "topic": absorbed.topic if unsaid else survivor.topic,
        "severity": max(survivor.severity, absorbed.severity),
        "happened_at": min(survivor.happened_at, absorbed.happened_at),
        "last_signal_at": max(survivor.last_signal_at, absorbed.last_signal_at),
        "leaves_at": survivor.leaves_at or absorbed.leaves_at,
        "reached_at": min(reached, default=None),
    }
    return {name: value for name, value in fields.items() if getattr(survivor, name) != value}


def _closure_of(absorbed: Case) -> Closure:
    return absorbed.closures.get(reopened_at=None, outcome=Closure.Outcome.MERGED)


def _reopen(closure: Closure, by: Staff, now: datetime) -> None:
    closure.reopened_at, closure.reopened_because = now, UNDONE
    closure.reopened_by = chronicle.staff_actor(by.pk)
    closure.save(update_fields=["reopened_at", "reopened_by", "reopened_because"])


def _ring_again(case: Case, caused_by: UUID, now: datetime) -> None:
    """The customer of this case still waits for somebody, whose page ended with the joining."""
    summons = summons_for_customer(
        case,
        leaves_at=case.leaves_at,
        ladder="reach",
        who=who_it_is(case.customer),
        hint=case.touchpoint.hint if case.touchpoint else "",
        what=UNDONE,
        caused_by=caused_by,
    )
    open_page(summons, now=now)


def _tell(
    case: Case, fact: Fact, by: Staff, now: datetime, *, caused_by: UUID | None = None
) -> UUID:
    entry = chronicle.record(
        fact, organisation_id=case.organisation_id, at=now, by=chronicle.staff_actor(by.pk),
        about=case.pk, caused_by=caused_by,
    )  # fmt: skip
    telling.tell(case, what=entry.name, at=now)
    return entry.pk
