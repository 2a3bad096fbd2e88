"""A policy is changed in a draft: seniors write, the owner publishes, nothing is lost."""

from datetime import datetime, timedelta

import pytest

from makegood.ground import tenancy
from makegood.ground.models import Bulletin, Entry
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Organisation, Role, Staff
from makegood.recover import access
from makegood.recover.models import PolicyDraft, PolicyVersion
from makegood.recover.policy import PolicyError
from makegood.recover.versions.drafting import (
    ChangedMeanwhile,
    ask_to_publish,
    begin_draft,
    discard_draft,
    edit_draft,
    give_reason,
    reading_of,
    rebase_draft,
    restore_draft,
)
from makegood.recover.versions.enacting import publish_draft, roll_back
from makegood.recover.versions.publishing import DEFAULT_TEXT, policy_of, publish

pytestmark = pytest.mark.django_db

SOONER = DEFAULT_TEXT.replace("by: 30 days at 18:00", "by: 14 days at 18:00", 1)
BROKEN = DEFAULT_TEXT.replace("  prove:\n", "  proof:\n")


@pytest.fixture
def draft(cy: Staff, now: datetime) -> PolicyDraft:
    """Cy's draft: the call is made after two weeks."""
    return write(begin_draft(by=cy, now=now), SOONER, cy, now)


def write(draft: PolicyDraft, text: str, by: Staff, now: datetime) -> PolicyDraft:
    return edit_draft(draft=draft, text=text, revision=draft.revision, by=by, now=now)


def names() -> list[str]:
    told = Entry.objects.filter(name__startswith="recover.").order_by("pk")
    return [name.removeprefix("recover.") for name in told.values_list("name", flat=True)]


def test_a_draft_begins_as_what_is_in_force(cy: Staff, now: datetime):
    begun = begin_draft(by=cy, now=now)
    assert begun.document == DEFAULT_TEXT
    assert reading_of(begun).changes == ()


def test_there_is_one_open_draft(cy: Staff, di: Staff, draft: PolicyDraft, now: datetime):
    assert begin_draft(by=di, now=now).pk == draft.pk
    assert access.open_draft(di) == draft


def test_what_a_draft_changes_is_said_in_sentences(draft: PolicyDraft):
    assert [change.words for change in reading_of(draft).changes] == [
        "Step 7, make contact, is by 30 days at 18:00 → 2 weeks at 18:00"
    ]


def test_an_unreadable_draft_is_kept_and_not_published(
    draft: PolicyDraft, cy: Staff, di: Staff, now: datetime
):
    broken = write(draft, BROKEN, cy, now)
    reading = reading_of(broken)
    assert reading.error
    assert reading.error.line == BROKEN[: BROKEN.index("  proof:")].count("\n") + 1
    with pytest.raises(PolicyError):
        publish_draft(draft=broken, revision=broken.revision, by=di, now=now)
    with pytest.raises(PolicyError):
        ask_to_publish(draft=broken, revision=broken.revision, by=cy, now=now)
    assert access.policy_in_force(di).number == 1


def test_the_second_writer_is_told_and_nothing_is_lost(
    draft: PolicyDraft, cy: Staff, di: Staff, now: datetime
):
    seen_by_di = PolicyDraft.objects.get(pk=draft.pk)
    write(draft, SOONER.replace("House policy", "Cy's policy"), cy, now)
    with pytest.raises(ChangedMeanwhile, match="Cy changed this while you wrote") as refused:
        write(seen_by_di, SOONER.replace("House policy", "Di's policy"), di, now)
    assert "Cy's policy" in refused.value.draft.document
    mended = edit_draft(
        draft=refused.value.draft, text=SOONER, revision=refused.value.draft.revision, by=di,
        now=now,
    )  # fmt: skip
    assert mended.document == SOONER


def test_a_host_reads_no_drafts_and_changes_nothing(draft: PolicyDraft, bo: Staff, now: datetime):
    assert access.open_draft(bo) is None
    with pytest.raises(NotFound):
        access.draft_for(bo, draft.pk)
    for verb in (
        lambda: begin_draft(by=bo, now=now),
        lambda: write(draft, DEFAULT_TEXT, bo, now),
        lambda: discard_draft(draft=draft, by=bo, now=now),
        lambda: ask_to_publish(draft=draft, revision=draft.revision, by=bo, now=now),
        lambda: publish_draft(draft=draft, revision=draft.revision, by=bo, now=now),
        lambda: roll_back(to=draft.based_on, reason="No", by=bo, now=now),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_manager_asks_and_the_owner_is_told(
    draft: PolicyDraft, cy: Staff, di: Staff, now: datetime
):
    with pytest.raises(NotAllowed, match="Ask Di to publish"):
        publish_draft(draft=draft, revision=draft.revision, by=cy, now=now)
    asked = ask_to_publish(draft=draft, revision=draft.revision, by=cy, now=now)
    assert asked.asked_by == cy
    assert Bulletin.objects.filter(topic=f"staff:{di.pk}").count() == 1
    shown = access.open_draft(di)
    assert shown
    assert shown.asked_at == now


def test_an_edit_withdraws_the_asking(draft: PolicyDraft, cy: Staff, now: datetime):
    asked = ask_to_publish(draft=draft, revision=draft.revision, by=cy, now=now)
    assert write(asked, SOONER + "\n# later\n", cy, now).asked_at is None


def test_the_owner_publishes_with_the_reasons(
    draft: PolicyDraft, cy: Staff, di: Staff, now: datetime
):
    give_reason(
        draft=draft, change="steps.contact.by", words="A month is too long.", by=cy, now=now
    )
    version = publish_draft(draft=draft, revision=draft.revision, by=di, now=now)
    assert (version.number, version.reason, version.draft) == (2, "A month is too long.", draft)
    assert policy_of(version.pk).steps["contact"].by.span == timedelta(days=14)
    assert access.open_draft(di) is None
    assert names() == [
        "policy_published", "draft_begun", "draft_edited", "change_explained", "policy_published",
    ]  # fmt: skip


def test_a_reason_belongs_to_a_change(draft: PolicyDraft, cy: Staff, now: datetime):
    with pytest.raises(Invalid):
        give_reason(draft=draft, change="steps.ask.by", words="Because.", by=cy, now=now)


def test_publishing_what_nobody_read_is_refused(
    draft: PolicyDraft, cy: Staff, di: Staff, now: datetime
):
    read = draft.revision
    write(draft, SOONER + "\n# more\n", cy, now)
    with pytest.raises(ChangedMeanwhile):
        publish_draft(draft=draft, revision=read, by=di, now=now)


def test_a_draft_is_published_once(draft: PolicyDraft, di: Staff, now: datetime):
    publish_draft(draft=draft, revision=draft.revision, by=di, now=now)
    with pytest.raises(Refused, match="in force already, as number 2"):
        publish_draft(draft=draft, revision=draft.revision, by=di, now=now)


def test_a_draft_that_changes_nothing_is_not_published(cy: Staff, di: Staff, now: datetime):
    same = begin_draft(by=cy, now=now)
    with pytest.raises(Refused, match="in force already"):
        publish_draft(draft=same, revision=1, by=di, now=now)


def test_a_draft_that_was_overtaken_is_looked_at_again(
    draft: PolicyDraft, fairline: Organisation, di: Staff, now: datetime
):
    other = DEFAULT_TEXT.replace("House policy", "Another")
    publish(organisation=fairline, text=other, by=None, now=now)
    with pytest.raises(Refused, match="Number 2 came into force"):
        publish_draft(draft=draft, revision=draft.revision, by=di, now=now)
    rebased = rebase_draft(draft=draft, revision=draft.revision, by=di, now=now)
    assert any("is called" in change.words for change in reading_of(rebased).changes)
    assert publish_draft(draft=rebased, revision=rebased.revision, by=di, now=now).number == 3


def test_a_discarded_draft_comes_back(draft: PolicyDraft, cy: Staff, now: datetime):
    discard_draft(draft=draft, by=cy, now=now)
    assert access.open_draft(cy) is None
    with pytest.raises(Refused, match="was discarded"):
        write(draft, DEFAULT_TEXT, cy, now)
    assert access.discarded_draft(cy) == draft
    assert restore_draft(draft=draft, by=cy, now=now).document == SOONER
    assert access.open_draft(cy) == draft


def test_a_discarded_draft_does_not_push_a_new_one_away(
    draft: PolicyDraft, cy: Staff, now: datetime
):
    discard_draft(draft=draft, by=cy, now=now)
    begin_draft(by=cy, now=now)
    with pytest.raises(Refused, match="Another draft"):
        restore_draft(draft=draft, by=cy, now=now)


def test_rolling_back_is_a_new_version_with_a_reason(
    draft: PolicyDraft, cy: Staff, di: Staff, now: datetime
):
    first = access.policy_version(di, 1)
    publish_draft(draft=draft, revision=draft.revision, by=di, now=now)
    with pytest.raises(Invalid):
        roll_back(to=first, reason="  ", by=di, now=now)
    with pytest.raises(NotAllowed):
        roll_back(to=first, reason="Too many calls", by=cy, now=now)
    back = roll_back(to=first, reason="Too many calls", by=di, now=now)
    assert (back.number, back.restores, back.document) == (3, first, DEFAULT_TEXT)
    with pytest.raises(Refused, match="in force already"):
        roll_back(to=first, reason="Again", by=di, now=now)


def test_another_house_never_touches_ours(draft: PolicyDraft, now: datetime):
    other = create_organisation(
        name="The Other", site_name="Hill", timezone="Europe/Madrid", currency="EUR",
        first_name="Ed", last_name="Roe", email="ed@other.example", password="x" * 20, now=now,
    )  # fmt: skip
    ed = Staff.objects.get(organisation=other)
    with pytest.raises(NotFound):
        access.draft_for(ed, draft.pk)
    with pytest.raises(NotFound):
        write(draft, DEFAULT_TEXT, ed, now)
    with pytest.raises(NotFound):
        roll_back(to=draft.based_on, reason="Ours", by=ed, now=now)
    with tenancy.scope(other.pk):
        assert not PolicyDraft.objects.exists()
        assert PolicyVersion.objects.count() == 1


def test_two_owners_may_publish(draft: PolicyDraft, di: Staff, now: datetime):
    eve = add_staff(
        site=di.site, first_name="Eve", last_name="Lin", email="eve@fairline.example",
        role=Role.OWNER, title="Owner", now=now,
    )  # fmt: skip
    assert publish_draft(draft=draft, revision=draft.revision, by=eve, now=now).published_by == eve
