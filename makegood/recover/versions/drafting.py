"""Changes the policy before it is in force: a draft, why, and the asking to publish it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from makegood.ground import bulletins, chronicle, topics
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people.models import Role, Staff
from makegood.recover.facts import (
    ChangeExplained,
    DraftBegun,
    DraftDiscarded,
    DraftEdited,
    DraftRestored,
    PublishingAsked,
)
from makegood.recover.models import PolicyDraft, PolicyVersion
from makegood.recover.policy import Policy, PolicyError, parse
from makegood.recover.policy.diffing import Change, differences
from makegood.recover.versions import followed
from makegood.recover.versions.publishing import policy_of

LONGEST_DRAFT = 200_000  # characters; a readable policy is far shorter, what is pasted may not be
LONGEST_REASON = 400


class ChangedMeanwhile(Refused):
    """Somebody else wrote while you did; `draft` is the draft as it is now, your text is yours."""

    def __init__(self, draft: PolicyDraft) -> None:
        who = draft.edited_by.first_name if draft.edited_by else "Somebody"
        super().__init__(
            f"{who} changed this while you wrote. Your text is still here: compare, then save.",
            code="changed_meanwhile",
            field="text",
        )
        self.draft = draft


@dataclass(frozen=True)
class Reading:
    """A draft as the house would read it: the policy and its changes, or what is wrong with it."""

    policy: Policy | None
    error: PolicyError | None
    changes: tuple[Change, ...]


def reading_of(draft: PolicyDraft) -> Reading:
    """What a draft says otherwise than the version it is based on; or its first error."""
    try:
        policy = parse(draft.document, facts=followed.NAMES)
    except PolicyError as error:
        return Reading(None, error, ())
    return Reading(policy, None, differences(policy_of(draft.based_on_id), policy))


def may_publish(staff: Staff) -> bool:
    """Owners put a policy in force; a manager asks them to."""
    return staff.role == Role.OWNER and staff.is_active


def begin_draft(*, by: Staff, now: datetime, text: str = "") -> PolicyDraft:
    """A draft to work on: the open one if there is one, else what is in force, or `text`.

    Refuses anyone but a senior.
    """
    _check_senior(by)
    running = _running(by)
    try:
        with transaction.atomic():
            draft = PolicyDraft.objects.create(
                organisation_id=by.organisation_id,
                based_on=running,
                document=_kept(text or running.document),
                begun_at=now,
                begun_by=by,
                edited_at=now,
                edited_by=by,
            )
            _record(DraftBegun(based_on=running.number), draft, by, now)
            return draft
    except IntegrityError:  # there is an open one
        return PolicyDraft.objects.open().get(organisation_id=by.organisation_id)


def edit_draft(
    *, draft: PolicyDraft, text: str, revision: int, by: Staff, now: datetime
) -> PolicyDraft:
    """Keeps `text`, readable or not, as the next revision; an asking to publish is withdrawn.

    `revision` is the one it was written on: if that is not the last any more, nothing is changed
    and ChangedMeanwhile is raised. Refuses anyone but a senior, and a draft that is not open.
    """
    with _held(draft, by, revision) as held:
        text = _kept(text)
        if text != held.document:
            held.document = text
            _revise(held, by, now)
    return held


def rebase_draft(*, draft: PolicyDraft, revision: int, by: Staff, now: datetime) -> PolicyDraft:
    """Compares the draft with what is in force by now; its text stays, refusals as `edit_draft`."""
    with _held(draft, by, revision) as held:
        running = _running(by)
        if held.based_on_id != running.pk:
            held.based_on = running
            _revise(held, by, now)
    return held


def give_reason(
    *, draft: PolicyDraft, change: str, words: str, by: Staff, now: datetime
) -> PolicyDraft:
    """Says why the change at the place `change` is made; no words take the reason away.

    Refuses a change the draft does not make, more than 400 characters, and anyone but a senior.
    """
    with _held(draft, by) as held:
        said = " ".join(words.split())
        if len(said) > LONGEST_REASON:
            raise Invalid(f"Say it in {LONGEST_REASON} characters.", field="words")
        if change not in {one.place for one in reading_of(held).changes}:
            raise Invalid("The draft does not change that any more.", field="change")
        held.reasons = {**held.reasons, change: said}
        if not said:
            del held.reasons[change]
        held.save(update_fields=["reasons"])
        _record(ChangeExplained(place=change, words=said), held, by, now)
    return held


def discard_draft(*, draft: PolicyDraft, by: Staff, now: datetime) -> PolicyDraft:
    """Lays the draft aside; `restore_draft` brings it back. Refuses anyone but a senior."""
    with _held(draft, by) as held:
        held.discarded_at, held.discarded_by = now, by
        held.asked_at, held.asked_by = None, None
        held.save(update_fields=["discarded_at", "discarded_by", "asked_at", "asked_by"])
        _record(DraftDiscarded(), held, by, now)
    return held


def restore_draft(*, draft: PolicyDraft, by: Staff, now: datetime) -> PolicyDraft:
    """Brings a discarded draft back; refuses when another was begun meanwhile."""
    _check_senior(by)
    try:
        with transaction.atomic():
            held = _locked(draft, by)
            if held.discarded_at is None:
                return held
            held.discarded_at, held.discarded_by = None, None
            held.save(update_fields=["discarded_at", "discarded_by"])
            _record(DraftRestored(), held, by, now)
            return held
    except IntegrityError as error:
        raise Refused(
            "Another draft was begun meanwhile. Discard that one first.", code="other_draft"
        ) from error


def ask_to_publish(*, draft: PolicyDraft, revision: int, by: Staff, now: datetime) -> PolicyDraft:
    """Asks the owners to put the draft in force as it stands; they are told at once.

    Refuses a text that cannot be read or changes nothing, one that changed meanwhile, and anyone
    but a senior.
    """
    with _held(draft, by, revision) as held:
        check_publishable(held)
        held.asked_at, held.asked_by = now, by
        held.save(update_fields=["asked_at", "asked_by"])
        entry = _record(PublishingAsked(revision=held.revision), held, by, now)
        owners = Staff.objects.filter(
            organisation_id=by.organisation_id, role=Role.OWNER, is_active=True
        )
        bulletins.post(
            [topics.staff(pk) for pk in owners.values_list("pk", flat=True)],
            {"kind": "update", "fact": entry.name},
            organisation_id=by.organisation_id,
            at=now,
        )
    return held


def check_publishable(draft: PolicyDraft) -> Policy:
    """The draft's policy; refuses one that cannot be read, or says what is in force already."""
    policy = parse(draft.document, facts=followed.NAMES)
    running = _running_of(draft.organisation_id)
    if draft.document == running.document:
        raise Refused("This is what is in force already.", code="unchanged")
    return policy


@contextmanager
def _held(draft: PolicyDraft, by: Staff, revision: int | None = None) -> Iterator[PolicyDraft]:
    """The open draft as it is now, locked until the verb is done."""
    _check_senior(by)
    with transaction.atomic():
        yield hold_draft(draft, by, revision)


def hold_draft(draft: PolicyDraft, by: Staff, revision: int | None) -> PolicyDraft:
    """Locks the open draft in the caller's transaction; refuses one that changed meanwhile."""
    held = _locked(draft, by)
    check_open(held)
    if revision is not None and held.revision != revision:
        raise ChangedMeanwhile(held)
    return held


def check_open(draft: PolicyDraft) -> None:
    """Refuses a draft that is published, or laid aside."""
    if draft.published_as:
        raise Refused(
            f"This draft is in force already, as number {draft.published_as.number}.",
            code="already_published",
        )
    if draft.discarded_at:
        raise Refused("This draft was discarded. Bring it back first.", code="discarded")


def _locked(draft: PolicyDraft, by: Staff) -> PolicyDraft:
    drafts = PolicyDraft.objects.select_related("edited_by", "published_as", "based_on")
    mine = drafts.filter(organisation_id=by.organisation_id, pk=draft.pk)
    held = mine.select_for_update(of=("self",), no_key=True).first()
    if held is None:
        raise NotFound("We cannot find that draft.")
    return held


def _revise(draft: PolicyDraft, by: Staff, now: datetime) -> None:
    draft.revision += 1
    draft.edited_at, draft.edited_by = now, by
    draft.asked_at, draft.asked_by = None, None
    draft.save()
    edited = DraftEdited(revision=draft.revision, based_on=draft.based_on.number)
    _record(edited, draft, by, now)


def _kept(text: str) -> str:
    if len(text) > LONGEST_DRAFT:
        raise Invalid(f"Keep it under {LONGEST_DRAFT:,} characters.", field="text")
    return text.replace("\r\n", "\n").replace("\x00", "")


def _running(by: Staff) -> PolicyVersion:
    return _running_of(by.organisation_id)


def _running_of(organisation_id: UUID) -> PolicyVersion:
    running = PolicyVersion.objects.filter(organisation_id=organisation_id).first()
    if running is None:
        raise NotFound("There is no policy yet.")
    return running


def _check_senior(by: Staff) -> None:
    if not by.is_senior:
        raise NotAllowed("A manager or the owner changes the policy.")


def _record(fact: chronicle.Fact, draft: PolicyDraft, by: Staff, now: datetime) -> Entry:
    return chronicle.record(
        fact,
        organisation_id=draft.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=draft.pk,
    )
