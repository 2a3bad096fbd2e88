"""Puts a changed policy in force, or an earlier one again: the owner's to decide."""

from datetime import datetime

from django.db import transaction

from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people.access import owner_of
from makegood.people.models import Organisation, Staff
from makegood.recover.models import PolicyDraft, PolicyVersion
from makegood.recover.versions.drafting import check_publishable, hold_draft, may_publish
from makegood.recover.versions.publishing import publish

LONGEST_REASON = 400
IN_FORCE = "This is what is in force already."


@transaction.atomic
def publish_draft(*, draft: PolicyDraft, revision: int, by: Staff, now: datetime) -> PolicyVersion:
    """Puts the draft in force, as it was when `by` read it (`revision`), for cases to come.

    Refuses anyone but an owner, a text that cannot be read or changes nothing, and a draft that
    was edited, published or overtaken by another version meanwhile.
    """
    running = _hold_policy(by)
    held = hold_draft(draft, by, revision)
    if held.based_on_id != running.pk:
        raise Refused(
            f"Number {running.number} came into force since this draft was begun. "
            "Look at what the draft would change in it, then publish.",
            code="other_in_force",
        )
    check_publishable(held)
    version = publish(
        organisation=by.organisation,
        text=held.document,
        by=by,
        now=now,
        reason=" ".join(dict.fromkeys(held.reasons.values())),
    )
    held.published_as = version
    held.save(update_fields=["published_as"])
    return version


@transaction.atomic
def publish_text(*, text: str, reason: str, by: Staff, now: datetime) -> PolicyVersion:
    """Puts a text in force that was written elsewhere, for a reason; an open draft stays.

    Refuses anyone but an owner, no reason, and a text that cannot be read or is in force already.
    """
    running = _hold_policy(by)
    why = _checked_reason(reason)
    if text == running.document:
        raise Refused(IN_FORCE, code="unchanged")
    return publish(organisation=by.organisation, text=text, by=by, now=now, reason=why)


@transaction.atomic
def roll_back(*, to: PolicyVersion, reason: str, by: Staff, now: datetime) -> PolicyVersion:
    """Puts the text of an earlier version in force again, as the next version, for a reason.

    An open draft stays; it will be compared with what is then in force. Refuses anyone but an
    owner, no reason, and the version that is in force.
    """
    running = _hold_policy(by)
    if to.organisation_id != by.organisation_id:
        raise NotFound("We cannot find that version.")
    why = _checked_reason(reason)
    if to.document == running.document:
        raise Refused(IN_FORCE, code="unchanged")
    return publish(
        organisation=by.organisation, text=to.document, by=by, now=now, reason=why, restores=to
    )


def _checked_reason(reason: str) -> str:
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(f"Say why, in up to {LONGEST_REASON} characters.", field="reason")
    return why


def _hold_policy(by: Staff) -> PolicyVersion:
    """What is in force; nobody publishes until the transaction ends. Refuses who may not."""
    if not may_publish(by):
        owner = owner_of(by.organisation).first_name
        raise NotAllowed(f"{owner} puts a policy in force. Ask {owner} to publish.")
    Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    running = PolicyVersion.objects.filter(organisation_id=by.organisation_id).first()
    if running is None:
        raise NotFound("There is no policy yet.")
    return running
