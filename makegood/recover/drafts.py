"""What is about to become the policy: a draft, and what it would have done with our history."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.people.models import Staff, Tenanted


class PolicyDraftQuerySet(models.QuerySet["PolicyDraft"]):
    """Questions about drafts."""

    def open(self) -> "PolicyDraftQuerySet":
        """Drafts that are neither published nor discarded."""
        return self.filter(published_as=None, discarded_at=None)


class PolicyDraft(Tenanted):
    """A changed policy before it is in force; it may not even be readable yet.

    `revision` rises with every edit: who writes on an older one is told what came between.
    """

    based_on = models.ForeignKey(
        "recover.PolicyVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    document = models.TextField(help_text="the YAML as written, readable or not")
    reasons = models.JSONField(default=dict, help_text="why, in words, by the key of the change")
    revision = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True, help_text="when somebody asked to publish this text")
    asked_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    published_as = models.OneToOneField(
        "recover.PolicyVersion", null=True, on_delete=models.PROTECT, related_name="draft"
    )
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PolicyDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(published_as=None, discarded_at=None),
                name="one_open_draft",
            ),
            models.CheckConstraint(
                condition=Q(published_as=None) | Q(discarded_at=None),
                name="published_or_discarded",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-begun_at"], name="draft_by_organisation")]


class Replay(Tenanted):
    """A dry run of one exact draft over past signals, beside the version it was to replace."""

    STALE_AFTER: ClassVar = timedelta(minutes=2)

    class State(models.TextChoices):
        WAITING = "waiting", "waits for its turn"
        RUNNING = "running", "runs"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "failed"

    draft = models.ForeignKey(PolicyDraft, on_delete=models.CASCADE, related_name="replays")
    against = models.ForeignKey(
        "recover.PolicyVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text_hash = models.CharField(max_length=64, help_text="of the exact text that was replayed")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    replayed = models.PositiveIntegerField(default=0, help_text="signals so far")
    expected = models.PositiveIntegerField(default=0, help_text="signals in all")
    result = models.JSONField(null=True)
    failure = models.TextField(blank=True, help_text="in words, if it failed")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True, help_text="when it last told how far it is")
    finished_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(state__in=("waiting", "running")),
                name="one_replay_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False), name="done_with_a_result"
            ),
        ]
        indexes = [models.Index(fields=["draft", "-asked_at"], name="replay_by_draft")]

    @property
    def days(self) -> int:
        """How many days of history it looks at."""
        return (self.until - self.since).days

    @property
    def goes_on(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    def is_stale(self, now: datetime) -> bool:
        """Whether it says that it runs, but whoever ran it is gone."""
        heard_at = self.heard_at or self.started_at
        running = self.state == self.State.RUNNING
        return running and heard_at is not None and heard_at <= now - self.STALE_AFTER
