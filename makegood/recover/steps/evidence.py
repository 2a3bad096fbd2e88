"""Takes facts as evidence for steps."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models.functions import Coalesce

from makegood.amends.facts import AmendsGiven, AmendsTakenBack, CouponRedeemed, NothingGiven
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.page.facts import CustomerLeft, CustomerReached, GoingExpired
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.belonging import answering_for, matters_of
from makegood.recover.facts import CaseHandedOver
from makegood.recover.holding import hold, hold_steps
from makegood.recover.models import Callback, Case, Step
from makegood.recover.steps.needing import all_shown
from makegood.recover.steps.pausing import look_next
from makegood.recover.steps.planning import plan_of
from makegood.recover.steps.rearming import promise_again
from makegood.recover.steps.stepping import arm, end_done, end_skipped
from makegood.recover.summoning import ring_for_visit
from makegood.recover.versions.publishing import policy_of
from makegood.sense.facts import RatingGiven, VisitBegan
from makegood.sense.models import Invitation
from makegood.sense.visiting import ONE_VISIT
from makegood.words.facts import LetterFailed, LetterSent, ReplyReceived
from makegood.words.models import Letter


def note_reached(entry: Entry, fact: CustomerReached) -> None:
    """Reaction: whoever stands before the customer gives their word; a visit may end a step."""
    reached = Case.objects.filter(pk=fact.matter).update(
        reached_at=Coalesce("reached_at", entry.at), owner=Coalesce("owner", fact.staff_id)
    )
    if reached and fact.purpose == Page.Purpose.CALL:
        Callback.objects.filter(case__in=matters_of(fact.matter), called_at=None).update(
            called_at=entry.at, look_at=None, phone=""
        )
    if not reached:
        _end_step_at_visit(entry, fact)


def note_nobody_came(entry: Entry, fact: GoingExpired) -> None:
    """Reaction: the customer says that whoever claimed to be with them was not. The case has
    reached nobody by it, unless somebody did before, on another page or by telephone; and the word
    they gave is nobody's again, unless the case was handed to them."""
    if not fact.by_customer:
        return
    claims = Entry.objects.filter(name=CustomerReached.name, about=entry.about)
    claim = claims.order_by("-at", "-pk").first()
    if claim is None or claim.data["staff_id"] != str(fact.staff_id):
        return
    claimed = Case.objects.filter(pk=fact.matter, reached_at=claim.at)
    if not Entry.objects.filter(about=fact.matter, name=CaseHandedOver.name).exists():
        claimed.filter(owner=fact.staff_id).update(owner=None)
    claimed.update(reached_at=None)


def note_left(entry: Entry, fact: CustomerLeft) -> None:
    """Reaction: the customer had gone; who went for them carries the case on."""
    Case.objects.filter(pk=fact.matter).update(owner=Coalesce("owner", fact.staff_id))


def note_amends(entry: Entry, fact: AmendsGiven) -> None:
    """Reaction: something was given; a second gift adds to the evidence."""
    given = _gift(fact)
    waiting = _ready(answering_for(fact.matter), awaits="amends_given")
    for step in waiting:
        end_done(step, evidence=[entry.pk], note=given, now=entry.at, by=_staff(fact.staff_id),
                 caused_by=entry.pk)  # fmt: skip
    if not waiting:
        _add_evidence(fact.matter, "amends_given", entry, given)


def note_nothing_given(entry: Entry, fact: NothingGiven) -> None:
    """Reaction: somebody decided, with a reason, that nothing is to be given."""
    for step in hold_steps(answering_for(fact.matter), awaits="amends_given"):
        end_skipped(step, reason=fact.reason, now=entry.at, by=_staff(fact.staff_id),
                    caused_by=entry.pk)  # fmt: skip


def note_taken_back(entry: Entry, fact: AmendsTakenBack) -> None:
    """Reaction: the gift was undone; if no other stands, amends are promised again."""
    case_id = answering_for(fact.matter)
    hold(case_id)
    done = Step.objects.filter(
        case__in={fact.matter, case_id}, awaits="amends_given", state=Step.State.DONE
    )
    for step in done.select_for_update(of=("self",)).select_related("case"):
        given = Entry.objects.filter(pk__in=step.evidence).exclude(about=entry.about)
        standing = [one for one in given.order_by("pk") if one.name == AmendsGiven.name]
        if standing:
            step.evidence = [str(one.pk) for one in standing]
            step.note = "; ".join(_gift(AmendsGiven(**one.data)) for one in standing)
        else:
            promise_again(
                step, reason="What was given was taken back", now=entry.at, caused_by=entry.pk
            )
        step.save()


def note_redeemed(entry: Entry, fact: CouponRedeemed) -> None:
    """Reaction: the customer used what we gave them: the amends arrived."""
    waiting = _ready(answering_for(fact.matter), awaits="amends_redeemed")
    note = f"Coupon {fact.code} was used"
    for step in waiting:
        end_done(step, evidence=[entry.pk], note=note, now=entry.at, caused_by=entry.pk)
    if not waiting:
        _add_evidence(fact.matter, "amends_given", entry, note)


def note_letter(entry: Entry, fact: LetterSent) -> None:
    """Reaction: a letter left; an apology, news or a question is what some step awaits."""
    for step in _ready(answering_for(fact.matter), **_kept_by(fact)):
        sender = _staff(fact.staff_id)
        end_done(
            step,
            evidence=[entry.pk],
            note=f"A letter from {sender.first_name}" if sender else "A letter",
            now=entry.at,
            by=sender,
            caused_by=entry.pk,
        )


def note_letter_failed(entry: Entry, fact: LetterFailed) -> None:
    """Reaction: a letter did not arrive: what it was to show waits again, or is looked at now."""
    case_id = answering_for(fact.matter)
    hold(case_id)
    sent = Entry.objects.filter(about=entry.about, name=LetterSent.name)
    shown = {str(pk) for pk in sent.values_list("pk", flat=True)}
    done = Step.objects.filter(case=case_id, state=Step.State.DONE)
    for step in done.select_for_update(of=("self",)).select_related("case__site"):
        if shown & set(step.evidence):
            _rearm(step, entry, without=shown, reason=f"The letter did not arrive: {fact.reason}")
    for step in hold_steps(case_id, **_kept_by(fact)):
        if step.due_at:
            policy = policy_of(step.case.policy_id)
            at = entry.at if step.asked_at else policy.look_at(step.kind, step.due_at, entry.at)
            look_next(step, at)
            step.save(update_fields=["look_at"])


def note_reply(entry: Entry, fact: ReplyReceived) -> None:
    """Reaction: the customer wrote back; some step may have waited for just that."""
    case_id = answering_for(fact.matter)
    for step in _ready(case_id, awaits="reply_received"):
        end_done(step, evidence=[entry.pk], note="They wrote back", now=entry.at,
                 caused_by=entry.pk)  # fmt: skip
    for case in Case.objects.open().filter(pk=case_id).select_related("site"):
        arm(case, now=entry.at)


def note_visit(entry: Entry, fact: VisitBegan) -> None:
    """Reaction: the customer is with us again; a senior is rung to be there, who knows why.

    The visit itself reassures nobody: the step ends when a person has been with the customer. What
    comes after the next visit has its day from now on. The visit on which we failed them, noted a
    little later, is not another one.
    """
    before = entry.at - ONE_VISIT
    open_cases = Case.objects.open().filter(customer=fact.customer_id, opened_at__lt=before)
    cases = list(open_cases.select_related("site", "customer").order_by("-opened_at"))
    for case in sorted(cases, key=lambda one: one.pk):  # held in one order
        hold(case.pk)
    for case in cases:
        for step in _ready(case.pk, awaits="visit_began"):
            end_done(step, evidence=[entry.pk], note="They were with us again", now=entry.at,
                     caused_by=entry.pk)  # fmt: skip
        arm(case, now=entry.at)
    _ring_for_visit(cases, entry, fact)


def _ring_for_visit(cases: Sequence[Case], entry: Entry, fact: VisitBegan) -> None:
    """One person comes, however many promises wait; nobody does where all that people promised is
    kept."""
    waiting = [(case, step) for case in cases for step in hold_steps(case.pk)]
    ours = [(case, step) for case, step in waiting if not plan_of(step).automatic]
    forward = [
        (case, step) for case, step in ours if plan_of(step).brought_forward_by == "visit_began"
    ]
    for case, step in (forward or ours)[:1]:
        ring_for_visit(
            case,
            step if forward else None,
            about=step.pk if forward else entry.pk,
            site_id=fact.site_id,
            caused_by=entry.pk,
            now=entry.at,
        )


def note_rating(entry: Entry, fact: RatingGiven) -> None:
    """Reaction: the customer answered the question of their case."""
    about = Invitation.objects.values_list("about", flat=True).get(pk=fact.invitation_id)
    if about is None:
        return
    about = answering_for(about)
    waiting = [
        step for step in hold_steps(about) if step.kind == "ask" or step.awaits == "rating_given"
    ]
    note = f"The customer rated us {fact.score} of 5"
    for step in waiting:
        end_done(step, evidence=[entry.pk], note=note, now=entry.at, caused_by=entry.pk)
    if not waiting:
        _add_evidence(about, "question_sent", entry, note)


def _kept_by(fact: LetterSent | LetterFailed) -> dict[str, object]:
    """Which steps a letter keeps: those that await its kind. A question keeps `ask` whatever that
    awaits, once the house has asked: any other is a colleague's own."""
    if fact.kind == Letter.Kind.QUESTION:
        return {"kind": "ask", "asked_at__isnull": False}
    return {"awaits": f"{fact.kind}_sent"}


def _ready(case_id: UUID, **which: object) -> list[Step]:
    """The waiting steps that match and lack nothing else that they need; a person ends the rest."""
    return [step for step in hold_steps(case_id, **which) if all_shown(step)]


def _gift(given: AmendsGiven) -> str:
    return f"{given.what}, {Money(given.minor, given.currency).in_words()}"


def _rearm(step: Step, entry: Entry, *, without: set[str], reason: str) -> None:
    """What showed the step does not stand; if nothing else does, it waits again."""
    standing = [fact_id for fact_id in step.evidence if fact_id not in without]
    if standing:
        step.evidence = standing
    else:
        promise_again(step, reason=reason, now=entry.at, caused_by=entry.pk)
    step.save()


def _end_step_at_visit(entry: Entry, fact: CustomerReached) -> None:
    case_id = Step.objects.filter(pk=fact.matter).values_list("case_id", flat=True).first()
    if not case_id:
        return
    for step in _ready(case_id, pk=fact.matter):
        end_done(step, evidence=[entry.pk], note="In person, at their visit", now=entry.at,
                 by=_staff(fact.staff_id), caused_by=entry.pk)  # fmt: skip


def _add_evidence(case_id: UUID, awaits: str, entry: Entry, note: str) -> None:
    cases = {case_id, answering_for(case_id)}
    done = Step.objects.filter(case__in=cases, awaits=awaits, state=Step.State.DONE)
    for step in done.select_for_update():
        step.evidence = [*step.evidence, str(entry.pk)]
        step.note = f"{step.note}; {note}" if step.note else note
        step.save(update_fields=["evidence", "note"])


def _staff(id: UUID | None) -> Staff | None:
    return Staff.objects.filter(pk=id).first() if id else None
