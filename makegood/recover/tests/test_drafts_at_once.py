"""Two seniors do something about the policy at the same moment: one of them is told in words."""

from datetime import datetime

import pytest

from makegood.ground.refusals import Refused
from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.models import PolicyDraft, PolicyVersion
from makegood.recover.versions.drafting import begin_draft, edit_draft
from makegood.recover.versions.enacting import publish_draft, roll_back
from makegood.recover.versions.publishing import DEFAULT_TEXT
from tests.cast import AtOnce

pytestmark = pytest.mark.django_db(transaction=True)

SOONER = DEFAULT_TEXT.replace("by: 30 days at 18:00", "by: 14 days at 18:00", 1)


@pytest.fixture
def draft(di: Staff, now: datetime) -> PolicyDraft:
    """Di's draft: the call is made after two weeks."""
    begun = begin_draft(by=di, now=now)
    return edit_draft(draft=begun, text=SOONER, revision=1, by=di, now=now)


def test_a_draft_is_published_once(draft: PolicyDraft, di: Staff, now: datetime, at_once: AtOnce):
    def publish() -> object:
        return publish_draft(draft=draft, revision=draft.revision, by=di, now=now)

    ends = at_once(publish, publish)
    assert sorted(type(end).__name__ for end in ends) == ["PolicyVersion", "Refused"]
    assert PolicyVersion.objects.count() == 2
    assert "in force already" in str(next(end for end in ends if isinstance(end, Refused)))


def test_publishing_and_rolling_back_come_one_after_the_other(
    draft: PolicyDraft, di: Staff, now: datetime, at_once: AtOnce
):
    first = access.policy_version(di, 1)
    ends = at_once(
        lambda: publish_draft(draft=draft, revision=draft.revision, by=di, now=now),
        lambda: roll_back(to=first, reason="Too many calls", by=di, now=now),
    )
    numbers = list(PolicyVersion.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(isinstance(end, PolicyVersion | Refused) for end in ends)


def test_one_of_two_writers_is_told(
    draft: PolicyDraft, di: Staff, cy: Staff, now: datetime, at_once: AtOnce
):
    def write(by: Staff) -> object:
        text = SOONER + f"\n# {by.first_name}\n"
        return edit_draft(draft=draft, text=text, revision=draft.revision, by=by, now=now)

    ends = at_once(lambda: write(di), lambda: write(cy))
    assert sorted(type(end).__name__ for end in ends) == ["ChangedMeanwhile", "PolicyDraft"]


def test_two_who_begin_work_on_one_draft(di: Staff, cy: Staff, now: datetime, at_once: AtOnce):
    ends = at_once(lambda: begin_draft(by=di, now=now), lambda: begin_draft(by=cy, now=now))
    assert len({end.pk for end in ends}) == 1
    assert PolicyDraft.objects.count() == 1
