"""A senior asks what a draft would have done; and does not want to know any more."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.chronicle import Fact
from makegood.ground.refusals import Invalid, NotAllowed, NotFound
from makegood.people.models import Staff
from makegood.recover.facts import ReplayAsked, ReplayStopped
from makegood.recover.models import PolicyDraft, Replay
from makegood.recover.policy import parse
from makegood.recover.replaying.jobs import replay_draft
from makegood.recover.replaying.keeping import hash_of
from makegood.recover.versions import followed
from makegood.recover.versions.drafting import hold_draft

USUAL_DAYS: Final = 90
MOST_DAYS: Final = 730
GONE: Final = "Whoever replayed it is gone."


def ask_replay(*, draft: PolicyDraft, days: int = USUAL_DAYS, by: Staff, now: datetime) -> Replay:
    """Lets the draft, exactly as it stands, be tried on the signals of the last `days`.

    The one that waits or runs for the same text and days is returned; another one of this draft is
    stopped. Refuses anyone but a senior, fewer days than 1 or more than 730, and a text that
    cannot be read.
    """
    _check_senior(by)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Choose 1 to {MOST_DAYS} days.", field="days")
    with transaction.atomic():
        held = hold_draft(draft, by, None)
        parse(held.document, facts=followed.NAMES)
        text_hash = hash_of(held.document)
        active = held.replays.filter(state__in=(Replay.State.WAITING, Replay.State.RUNNING)).first()
        if active:
            same = (active.text_hash, active.days) == (text_hash, days)
            if same and active.against_id == held.based_on_id and not active.is_stale(now):
                return active
            _stop(active, now, why=GONE if active.is_stale(now) else "")
        replay = Replay.objects.create(
            organisation_id=held.organisation_id,
            draft=held,
            against=held.based_on,
            text_hash=text_hash,
            since=now - timedelta(days=days),
            until=now,
            asked_at=now,
            asked_by=by,
        )
        _record(ReplayAsked(draft_id=held.pk, days=days), replay, by, now)
        replay_draft.defer(replay=str(replay.pk), organisation=str(held.organisation_id))
    return replay


def stop_replay(*, replay: Replay, by: Staff, now: datetime) -> Replay:
    """Stops a replay that waits or runs; one that is over stays as it is. Seniors only."""
    _check_senior(by)
    with transaction.atomic():
        mine = Replay.objects.filter(organisation_id=by.organisation_id, pk=replay.pk)
        held = mine.select_for_update(no_key=True).first()
        if held is None:
            raise NotFound("We cannot find that replay.")
        if held.goes_on:
            _stop(held, now)
            _record(ReplayStopped(), held, by, now)
    return held


def _stop(replay: Replay, now: datetime, *, why: str = "") -> None:
    """Whoever runs it notices with the next batch that it does not run any more."""
    replay.state = Replay.State.FAILED if why else Replay.State.STOPPED
    replay.failure = why
    replay.stop_asked_at = replay.finished_at = now
    replay.save(update_fields=["state", "failure", "stop_asked_at", "finished_at"])


def _check_senior(by: Staff) -> None:
    if not by.is_senior:
        raise NotAllowed("A manager or the owner changes the policy.")


def _record(fact: Fact, replay: Replay, by: Staff, now: datetime) -> None:
    chronicle.record(
        fact,
        organisation_id=replay.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk),
        about=replay.pk,
    )
