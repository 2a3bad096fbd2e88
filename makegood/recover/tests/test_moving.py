"""A running case is moved to another version of the policy: previewed, decided, recorded."""

from datetime import timedelta

import pytest

from makegood.ground.refusals import NotAllowed, Refused
from makegood.recover.life.closing import close_lost
from makegood.recover.life.moving import move_to_version, preview_move
from makegood.recover.models import VersionMove
from makegood.recover.record.storytelling import story_of
from makegood.recover.steps.pausing import go_on, snooze_step, wait_for_customer, wake
from makegood.recover.steps.stepping import finish_step
from makegood.recover.tests.texts import with_steps
from makegood.recover.versions.publishing import policy_of, publish
from tests.cast import facts_about

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WHY = "The kitchen is rebuilt; nothing can change before June."


@pytest.fixture
def slower(case, now):
    """A version in which the correction has a month, and the call comes after it."""
    text = with_steps(
        confirm={"by": "30 days at 18:00"},
        contact={"by": "3 days at 18:00", "after": "confirm"},
        appreciate={"who": "manager"},
    )
    return publish(organisation=case.organisation, text=text, by=None, now=now)


def step(case, kind):
    return case.steps.get(kind=kind)


def longer(case):
    """By how much the other version gives the correction more time."""
    return 30 * DAY - policy_of(case.policy_id).plan("confirm").by.span


def test_the_preview_says_what_changes_and_changes_nothing(case, slower, now):
    before = list(case.steps.values())
    changes = {one.kind: one for one in preview_move(case=case, version=slower, now=now)}
    assert set(changes) == {"confirm", "contact", "appreciate"}
    assert changes["confirm"].due_before
    assert changes["confirm"].due_after == changes["confirm"].due_before + longer(case)
    assert changes["contact"].due_after is None
    assert (changes["appreciate"].who_before, changes["appreciate"].who_after) == (
        "owner", "manager",
    )  # fmt: skip
    assert not changes["appreciate"].moves
    assert list(case.steps.values()) == before


def test_a_senior_moves_it_and_it_is_recorded(case, slower, cy, now):
    finish_step(case=case, kind="plan", words="A second cook.", by=cy, now=now)
    ended = step(case, "plan")
    due, more = step(case, "confirm").due_at, longer(case)
    move = move_to_version(case=case, version=slower, reason=WHY, by=cy, now=now + DAY)
    case.refresh_from_db()
    assert case.policy == slower
    confirm, contact = step(case, "confirm"), step(case, "contact")
    assert confirm.due_at == due + more
    assert confirm.look_at == confirm.due_at - timedelta(hours=3)
    assert (contact.due_at, contact.look_at) == (None, None)
    assert step(case, "plan").ended_at == ended.ended_at
    assert {one["kind"] for one in move.changes} == {"confirm", "contact", "appreciate"}
    assert "recover.version_moved" in facts_about(case.pk)
    told = next(one for one in story_of(case) if one.kind == "moved")
    assert told.lead == f"Policy {slower.number} holds now"
    # and what comes after a step is promised when that ends
    finish_step(case=case, kind="confirm", words="Done.", by=cy, now=now + 2 * DAY,
                checked="Forty plates.")  # fmt: skip
    assert step(case, "contact").due_at is not None


def test_moving_back_is_another_decision(case, slower, cy, now):
    first = case.policy
    before = list(case.steps.order_by("pk").values("kind", "due_at", "awaits", "state"))
    move_to_version(case=case, version=slower, reason=WHY, by=cy, now=now)
    move_to_version(case=case, version=first, reason="It was rebuilt early.", by=cy, now=now)
    assert list(case.steps.order_by("pk").values("kind", "due_at", "awaits", "state")) == before
    assert VersionMove.objects.count() == 2


def test_what_stood_still_is_not_lost(case, slower, cy, now):
    wait_for_customer(case=case, reason="Which room?", by=cy, now=now)
    go_on(case=case, by=cy, now=now + 5 * DAY)
    due, more = step(case, "confirm").due_at, longer(case)
    move_to_version(case=case, version=slower, reason=WHY, by=cy, now=now + 6 * DAY)
    assert step(case, "confirm").due_at == due + more


def test_what_is_put_off_stays_put_off(case, slower, cy, now):
    pause = snooze_step(
        case=case, kind="confirm", until=now + 40 * DAY, reason="Builders.", by=cy, now=now
    )
    move_to_version(case=case, version=slower, reason=WHY, by=cy, now=now)
    confirm = step(case, "confirm")
    assert confirm.look_at == now + 40 * DAY
    pause.refresh_from_db()
    wake(pause=pause, by=cy, now=now + DAY)
    assert step(case, "confirm").look_at == confirm.due_at - timedelta(hours=3)


def test_late_under_both_stays_late(case, slower, cy, now):
    later = now + 40 * DAY
    changes = {one.kind: one for one in preview_move(case=case, version=slower, now=later)}
    assert changes["confirm"].due_after < later
    move_to_version(case=case, version=slower, reason=WHY, by=cy, now=later)
    assert step(case, "confirm").is_overdue(later)


def test_refusals_of_moving(case, slower, bo, cy, now):
    with pytest.raises(NotAllowed, match="manager or the owner"):
        move_to_version(case=case, version=slower, reason=WHY, by=bo, now=now)
    with pytest.raises(Refused, match="Say why"):
        move_to_version(case=case, version=slower, reason="", by=cy, now=now)
    with pytest.raises(Refused, match="already"):
        move_to_version(case=case, version=case.policy, reason=WHY, by=cy, now=now)
    close_lost(case=case, reason="They left.", by=cy, now=now)
    with pytest.raises(Refused, match="closed"):
        move_to_version(case=case, version=slower, reason=WHY, by=cy, now=now)
