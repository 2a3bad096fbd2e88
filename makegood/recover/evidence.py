"""Takes facts as evidence for steps."""

from uuid import UUID

from django.db.models.functions import Coalesce

from makegood.amends.facts import AmendsGiven, AmendsTakenBack, NothingGiven
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.page.facts import CustomerLeft, CustomerReached
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.holding import hold, hold_steps
from makegood.recover.models import Callback, Case, Step
from makegood.recover.publishing import policy_of
from makegood.recover.stepping import end_done, end_skipped
from makegood.recover.summoning import ring_for_visit
from makegood.sense.facts import RatingGiven, VisitBegan
from makegood.sense.models import Invitation
from makegood.sense.visiting import ONE_VISIT
from makegood.words.facts import LetterSent
from makegood.words.models import Letter


def note_reached(entry: Entry, fact: CustomerReached) -> None:
    """Reaction: whoever stands before the customer gives their word; a visit may end a step."""
    reached = Case.objects.filter(pk=fact.matter).update(
        reached_at=Coalesce("reached_at", entry.at), owner=Coalesce("owner", fact.staff_id)
    )
    if reached and fact.purpose == Page.Purpose.CALL:
        Callback.objects.filter(case=fact.matter, called_at=None).update(
            called_at=entry.at, look_at=None
        )
    if not reached:
        _end_step_at_visit(entry, fact)


def note_left(entry: Entry, fact: CustomerLeft) -> None:
    """Reaction: the customer had gone; who went for them carries the case on."""
    Case.objects.filter(pk=fact.matter).update(owner=Coalesce("owner", fact.staff_id))


def note_amends(entry: Entry, fact: AmendsGiven) -> None:
    """Reaction: something was given; a second gift adds to the evidence."""
    given = _gift(fact)
    waiting = hold_steps(fact.matter, awaits="amends_given")
    for step in waiting:
        end_done(step, evidence=[entry.pk], note=given, now=entry.at, by=_staff(fact.staff_id),
                 caused_by=entry.pk)  # fmt: skip
    if not waiting:
        _add_evidence(fact.matter, "amends_given", entry, given)


def note_nothing_given(entry: Entry, fact: NothingGiven) -> None:
    """Reaction: somebody decided, with a reason, that nothing is to be given."""
    for step in hold_steps(fact.matter, awaits="amends_given"):
        end_skipped(step, reason=fact.reason, now=entry.at, by=_staff(fact.staff_id),
                    caused_by=entry.pk)  # fmt: skip


def note_taken_back(entry: Entry, fact: AmendsTakenBack) -> None:
    """Reaction: the gift was undone; if no other stands, amends are promised again."""
    hold(fact.matter)
    done = Step.objects.filter(case=fact.matter, awaits="amends_given", state=Step.State.DONE)
    for step in done.select_for_update(of=("self",)).select_related("case"):
        given = Entry.objects.filter(pk__in=step.evidence).exclude(about=entry.about)
        standing = [one for one in given.order_by("pk") if one.name == AmendsGiven.name]
        if standing:
            step.evidence = [str(one.pk) for one in standing]
            step.note = "; ".join(_gift(AmendsGiven(**one.data)) for one in standing)
        else:
            _promise_again(step, entry)
        step.save()


def note_letter(entry: Entry, fact: LetterSent) -> None:
    """Reaction: a letter left; an apology, news or a question is what some step awaits."""
    for step in hold_steps(fact.matter, awaits=f"{fact.kind}_sent"):
        if fact.kind == Letter.Kind.QUESTION and not step.asked_at:
            continue  # a colleague's own question, not the one this step asks
        sender = _staff(fact.staff_id)
        end_done(
            step,
            evidence=[entry.pk],
            note=f"A letter from {sender.first_name}" if sender else "A letter",
            now=entry.at,
            by=sender,
            caused_by=entry.pk,
        )


def note_visit(entry: Entry, fact: VisitBegan) -> None:
    """Reaction: the customer is with us again; somebody is rung to be there.

    The visit itself reassures nobody: the step ends when a person has been with the customer. The
    visit on which we failed them, noted a little later, is not another one.
    """
    before = entry.at - ONE_VISIT
    cases = Case.objects.open().filter(customer=fact.customer_id, opened_at__lt=before)
    for case in cases.select_related("site", "customer").order_by("-opened_at"):
        plans = policy_of(case.policy_id).steps
        for step in hold_steps(case.pk):
            if plans[step.kind].brought_forward_by == "visit_began":
                ring_for_visit(case, step, site_id=fact.site_id, caused_by=entry.pk, now=entry.at)
                return  # one person comes, however many promises wait


def note_rating(entry: Entry, fact: RatingGiven) -> None:
    """Reaction: the customer answered the question of their case."""
    about = Invitation.objects.values_list("about", flat=True).get(pk=fact.invitation_id)
    if about is None:
        return
    waiting = [
        step for step in hold_steps(about) if step.kind == "ask" or step.awaits == "rating_given"
    ]
    note = f"The customer rated us {fact.score} of 5"
    for step in waiting:
        end_done(step, evidence=[entry.pk], note=note, now=entry.at, caused_by=entry.pk)
    if not waiting:
        _add_evidence(about, "question_sent", entry, note)


def _gift(given: AmendsGiven) -> str:
    return f"{given.what}, {Money(given.minor, given.currency).in_words()}"


def _promise_again(step: Step, entry: Entry) -> None:
    step.state, step.evidence, step.note = Step.State.WAITING, [], ""
    step.ended_at = step.ended_by = None
    if step.due_at:
        step.look_at = policy_of(step.case.policy_id).look_at(step.kind, step.due_at, entry.at)


def _end_step_at_visit(entry: Entry, fact: CustomerReached) -> None:
    case_id = Step.objects.filter(pk=fact.matter).values_list("case_id", flat=True).first()
    if not case_id:
        return
    for step in hold_steps(case_id, pk=fact.matter):
        end_done(step, evidence=[entry.pk], note="In person, at their visit", now=entry.at,
                 by=_staff(fact.staff_id), caused_by=entry.pk)  # fmt: skip


def _add_evidence(case_id: UUID, awaits: str, entry: Entry, note: str) -> None:
    done = Step.objects.filter(case=case_id, awaits=awaits, state=Step.State.DONE)
    for step in done.select_for_update():
        step.evidence = [*step.evidence, str(entry.pk)]
        step.note = f"{step.note}; {note}" if step.note else note
        step.save(update_fields=["evidence", "note"])


def _staff(id: UUID | None) -> Staff | None:
    return Staff.objects.filter(pk=id).first() if id else None
