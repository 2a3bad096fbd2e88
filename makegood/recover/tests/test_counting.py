"""What comes after something has its day once that is there, in whatever order things happen."""

from datetime import timedelta

import pytest

from makegood.people.duty import begin_duty
from makegood.recover.life.moving import move_to_version
from makegood.recover.life.splitting import split_case
from makegood.recover.models import Case, Step
from makegood.recover.steps.stepping import finish_step, skip_step
from makegood.recover.tests.texts import with_steps
from makegood.recover.versions.publishing import publish
from makegood.sense.adding import add_remark
from makegood.words.replying import receive_reply

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THREAT = "Never again. I will write everywhere how you treat people, and tell everybody."


@pytest.fixture
def in_force(bo, cy, now):
    """Publishes the house's policy with some steps changed, for the cases that begin now."""

    def _in_force(**changes):
        for staff in (bo, cy):
            begin_duty(staff=staff, site=staff.site, felt_at=now, now=now)
        return publish(organisation=bo.organisation, text=with_steps(**changes), by=None, now=now)

    return _in_force


def opened_by(signal):
    return Case.objects.get(case_signals__signal=signal)


def due(case, kind):
    return case.steps.get(kind=kind).due_at


def confirmed(case, cy, at):
    finish_step(case=case, kind="confirm", words="Done.", checked="Forty plates.", by=cy, now=at)


@pytest.mark.parametrize("happening", ["correction.done", "reply"])
def test_a_version_that_waits_for_what_has_happened_counts_from_then(case, cy, now, happening):
    if happening == "reply":
        receive_reply(about=case.pk, words="Thank you.", customer=None, now=now + DAY,
                      organisation_id=case.organisation_id)  # fmt: skip
    else:
        finish_step(case=case, kind="plan", words="A second cook.", by=cy, now=now)
        confirmed(case, cy, now + DAY)
    text = with_steps(contact={"after": happening, "by": "3 days at 18:00"})
    version = publish(organisation=case.organisation, text=text, by=None, now=now)
    case = Case.objects.get(pk=case.pk)
    move_to_version(case=case, version=version, reason="Later.", by=cy, now=now + 2 * DAY)
    assert due(case, "contact").date() == (now + 4 * DAY).date()


def test_who_reacts_otherwise_than_we_thought_is_not_left_waiting(press, cy, now, in_force):
    in_force(contact={
        "after": "confirm", "by": "9 days", "variants": {"legs": {"after": "plan"}},
    })  # fmt: skip
    signal = press()
    case = opened_by(signal)
    finish_step(case=case, kind="plan", words="A second cook.", by=cy, now=now)
    assert due(case, "contact") is None
    later = now + timedelta(minutes=5)
    add_remark(signal=signal, topics=[], words=THREAT, name="", now=later)
    case.refresh_from_db()
    assert case.reaction == "legs"
    assert due(case, "contact") == later + 9 * DAY
    confirmed(case, cy, now + DAY)
    assert due(case, "contact") == later + 9 * DAY


def test_a_case_of_its_own_is_taken_seriously_from_the_start(press, cy, now, in_force):
    in_force(apologise={"after": "validate", "by": "1 day"}, contact={"after": "confirm"})
    case, second = opened_by(press()), press(after=timedelta(seconds=30))
    new = split_case(case=case, signals=[second.pk], reason="Another guest.", by=cy, now=now + DAY)
    assert due(new, "apologise") == now + 2 * DAY
    assert due(new, "contact") is None
    assert new.steps.get(kind="apologise").look_at


def test_what_waits_for_a_correction_left_out_counts_from_then(press, cy, now, in_force):
    in_force(value={"after": "correction.done", "by": "3 days"})
    case = opened_by(press())
    assert due(case, "value") is None
    skip_step(case=case, kind="confirm", reason="It cannot be changed.", by=cy, now=now + DAY)
    assert due(case, "value") == now + 4 * DAY


def test_what_waits_for_a_correction_nobody_makes_counts_from_the_opening(press, now, in_force):
    in_force(
        confirm={"skip_when": "true", "because": "We never do."},
        value={"after": "correction.done", "by": "3 days"},
    )
    case = opened_by(press())
    assert case.steps.get(kind="confirm").state == Step.State.SKIPPED
    assert due(case, "value") == case.opened_at + 3 * DAY
