"""Publishes versions of the repair policy; an open case stays on the version it pinned."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction

from makegood.ground import chronicle
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.people.facts import OrganisationFounded
from makegood.people.models import Organisation, Staff
from makegood.recover.facts import PolicyPublished
from makegood.recover.models import PolicyVersion
from makegood.recover.policy import Policy, parse
from makegood.recover.policy.starters import DEFAULT, starters
from makegood.recover.versions import followed

DEFAULT_TEXT = starters()[DEFAULT].text

read = lru_cache(maxsize=64)(parse)  # houses that begin with the same starter share one reading

LATEST = """
select distinct on (organisation_id) organisation_id, id from recover_policyversion
where organisation_id = any(%s) order by organisation_id, number desc
"""


def publish(
    *,
    organisation: Organisation,
    text: str,
    by: Staff | None,
    now: datetime,
    reason: str = "",
    restores: PolicyVersion | None = None,
) -> PolicyVersion:
    """Puts `text` in force for cases to come, as the next version; refuses what cannot be read.

    Who may do so is decided by the caller: see `enacting`. `restores` is the earlier version whose
    text this is.
    """
    policy = read(text, facts=followed.NAMES)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        latest = PolicyVersion.objects.filter(organisation=organisation).first()
        version = PolicyVersion.objects.create(
            id=new_id(),
            organisation=organisation,
            number=latest.number + 1 if latest else 1,
            title=policy.title,
            document=text,
            published_at=now,
            published_by=by,
            reason=reason,
            restores=restores,
        )
        chronicle.record(
            PolicyPublished(
                number=version.number,
                reason=reason,
                restores=restores.number if restores else None,
            ),
            organisation_id=organisation.pk,
            at=now,
            by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
            about=version.pk,
        )
    return version


def publish_default(
    *, organisation: Organisation, now: datetime, starter: str = DEFAULT
) -> PolicyVersion:
    """Gives a new organisation a policy to begin with; one that has a policy keeps it.

    `starter` is one of `starters()`; for any other name the default is taken.
    """
    latest = PolicyVersion.objects.filter(organisation=organisation).first()
    text = starters().get(starter, starters()[DEFAULT]).text
    return latest or publish(organisation=organisation, text=text, by=None, now=now)


def put_default_in_force(entry: Entry, fact: OrganisationFounded) -> None:
    """Reaction: a new organisation begins with the policy of its trade."""
    organisation = Organisation.objects.get(pk=entry.about)
    publish_default(organisation=organisation, now=entry.at, starter=fact.trade)


def in_force(organisations: Set[UUID]) -> dict[UUID, UUID]:
    """The ids of the versions that new cases pin, by organisation; without those that have none."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST, [list(organisations)])
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Pinned:
    """A version as its cases read it."""

    number: int
    policy: Policy


@lru_cache(maxsize=256)
def pinned(version_id: UUID) -> Pinned:
    """One version, read and parsed once per process: a version never changes."""
    version = PolicyVersion.objects.only("number", "document").get(pk=version_id)
    return Pinned(version.number, read(version.document))


def policy_of(version_id: UUID) -> Policy:
    """The policy of one version."""
    return pinned(version_id).policy


def current_policy(organisation_id: UUID) -> Policy | None:
    """The policy that new cases pin; None before the first is published."""
    versions = PolicyVersion.objects.filter(organisation_id=organisation_id)
    latest = versions.values_list("pk", flat=True).order_by("-number").first()
    return policy_of(latest) if latest else None
