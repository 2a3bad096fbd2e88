"""A replay is asked for, runs as an errand that tells how far it is, and can be stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from makegood.ground.refusals import Invalid, NotAllowed, NotFound
from makegood.people.joining import create_organisation
from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.models import PolicyDraft, Replay
from makegood.recover.policy import PolicyError
from makegood.recover.replaying import jobs
from makegood.recover.replaying.asking import ask_replay, stop_replay
from makegood.recover.replaying.jobs import run_waiting
from makegood.recover.replaying.keeping import replay_is_of, result_of
from makegood.recover.versions.drafting import begin_draft, edit_draft
from makegood.recover.versions.publishing import DEFAULT_TEXT
from makegood.sense.models import Signal

pytestmark = pytest.mark.django_db

SOONER = DEFAULT_TEXT.replace("by: 30 days at 18:00", "by: 14 days at 18:00", 1)


@pytest.fixture
def draft(cy: Staff, now: datetime) -> PolicyDraft:
    """Cy's draft: the call is made after two weeks."""
    return write(begin_draft(by=cy, now=now), SOONER, cy, now)


def write(draft: PolicyDraft, text: str, by: Staff, now: datetime) -> PolicyDraft:
    return edit_draft(draft=draft, text=text, revision=draft.revision, by=by, now=now)


def test_what_it_finds_is_kept_for_that_text(
    press: Callable[..., Signal], draft: PolicyDraft, cy: Staff, now: datetime
):
    press()
    replay = ask_replay(draft=draft, days=30, by=cy, now=now + timedelta(minutes=1))
    assert (replay.state, replay.days) == (Replay.State.WAITING, 30)
    assert ProcrastinateJob.objects.get().args["replay"] == str(replay.pk)
    assert run_waiting(replay.pk) == "done"
    kept = access.latest_replay(draft)
    assert kept
    assert (kept.replayed, kept.expected) == (1, 1)
    result = result_of(kept)
    assert result
    assert (result.signals, result.running.opened, result.draft.opened) == (1, 1, 1)
    assert [one.what for one in result.differences] == ["“Make contact” is due at another time"]
    assert replay_is_of(kept, draft)
    assert not replay_is_of(kept, write(draft, DEFAULT_TEXT, cy, now))


def test_asking_twice_runs_once(draft: PolicyDraft, cy: Staff, di: Staff, now: datetime):
    first = ask_replay(draft=draft, by=cy, now=now)
    assert ask_replay(draft=draft, by=di, now=now).pk == first.pk
    assert run_waiting(first.pk) == "done"
    assert run_waiting(first.pk) == "not waiting"


def test_another_text_takes_the_place_of_the_one_that_runs(
    draft: PolicyDraft, cy: Staff, now: datetime
):
    first = ask_replay(draft=draft, by=cy, now=now)
    second = ask_replay(draft=write(draft, SOONER + "\n# more\n", cy, now), by=cy, now=now)
    assert second.pk != first.pk
    assert access.replay_for(cy, first.pk).state == Replay.State.STOPPED
    assert run_waiting(first.pk) == "not waiting"


def test_a_draft_that_changed_meanwhile_is_not_replayed(
    draft: PolicyDraft, cy: Staff, now: datetime
):
    replay = ask_replay(draft=draft, by=cy, now=now)
    write(draft, SOONER + "\n# more\n", cy, now)
    assert run_waiting(replay.pk) == "failed"
    assert "changed before" in access.replay_for(cy, replay.pk).failure


def test_it_is_stopped_with_the_next_batch(
    draft: PolicyDraft, cy: Staff, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    replay = ask_replay(draft=draft, by=cy, now=now)

    def stopped_meanwhile(task: Any, *, progress: Callable[[int, int], None]) -> None:
        progress(0, 10)
        stop_replay(replay=replay, by=cy, now=now)
        progress(5, 10)
        raise AssertionError("it went on")

    monkeypatch.setattr(jobs, "replay", stopped_meanwhile)
    assert run_waiting(replay.pk) == "stopped"
    stopped = access.replay_for(cy, replay.pk)
    assert (stopped.state, stopped.replayed, stopped.result) == (Replay.State.STOPPED, 0, None)


def test_a_bug_is_told_in_words_and_leaves_no_result(
    draft: PolicyDraft, cy: Staff, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    def broken(task: Any, **_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "replay", broken)
    replay = ask_replay(draft=draft, by=cy, now=now)
    assert run_waiting(replay.pk) == "failed"
    assert access.replay_for(cy, replay.pk).failure == jobs.BROKEN


def test_one_whose_runner_is_gone_is_asked_for_anew(draft: PolicyDraft, cy: Staff, now: datetime):
    first = ask_replay(draft=draft, by=cy, now=now)
    Replay.objects.update(state=Replay.State.RUNNING, started_at=now, heard_at=now)
    soon, later = now + timedelta(seconds=30), now + timedelta(minutes=3)
    assert ask_replay(draft=draft, by=cy, now=soon).pk == first.pk
    assert access.replay_for(cy, first.pk).is_stale(later)
    assert ask_replay(draft=draft, by=cy, now=later).pk != first.pk
    assert access.replay_for(cy, first.pk).state == Replay.State.FAILED


def test_who_may_ask_and_for_what(draft: PolicyDraft, cy: Staff, bo: Staff, now: datetime):
    with pytest.raises(NotAllowed):
        ask_replay(draft=draft, by=bo, now=now)
    with pytest.raises(Invalid):
        ask_replay(draft=draft, days=0, by=cy, now=now)
    replay = ask_replay(draft=draft, by=cy, now=now)
    with pytest.raises(NotAllowed):
        stop_replay(replay=replay, by=bo, now=now)
    with pytest.raises(NotFound):
        access.replay_for(bo, replay.pk)
    broken = write(draft, SOONER.replace("  prove:\n", "  proof:\n"), cy, now)
    with pytest.raises(PolicyError):
        ask_replay(draft=broken, by=cy, now=now)


def test_another_house_neither_sees_nor_stops_it(draft: PolicyDraft, cy: Staff, now: datetime):
    replay = ask_replay(draft=draft, by=cy, now=now)
    other = create_organisation(
        name="The Other", site_name="Hill", timezone="Europe/Madrid", currency="EUR",
        first_name="Ed", last_name="Roe", email="ed@other.example", password="x" * 20, now=now,
    )  # fmt: skip
    ed = Staff.objects.get(organisation=other)
    for verb in (
        lambda: access.replay_for(ed, replay.pk),
        lambda: stop_replay(replay=replay, by=ed, now=now),
        lambda: ask_replay(draft=draft, by=ed, now=now),
    ):
        with pytest.raises(NotFound):
            verb()
