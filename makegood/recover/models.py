"""The case file: one customer's repair, its twelve steps and how it ended."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from makegood.people.models import Customer, Part, Site, Staff, Tenanted
from makegood.recover.drafts import PolicyDraft, Replay
from makegood.recover.policy.timing import is_late
from makegood.sense.models import Signal, Touchpoint

__all__ = [
    "Callback", "Case", "CaseQuerySet", "CaseSignal", "Closure", "Merger", "NextCaseNumber",
    "Pause", "PolicyDraft", "PolicyVersion", "Replay", "Split", "Step", "StepQuerySet",
    "VersionMove",
]  # fmt: skip


class PolicyVersion(Tenanted):
    """One published version of the repair policy; never changed; a case pins its own."""

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    document = models.TextField(help_text="the YAML as published")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True, help_text="why it was put in force")
    restores = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="rolled back: the earlier version whose text this is",
    )  # fmt: skip

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="policy_number_once"),
        ]


class NextCaseNumber(Func):
    """The next number of a sequence that all organisations share: no counter row to queue at."""

    template = "nextval('recover_case_number')"
    output_field = models.PositiveIntegerField()


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases."""

    def open(self) -> "CaseQuerySet":
        """Cases without a standing closure."""
        return self.exclude(Exists(Closure.objects.filter(case=OuterRef("pk"), reopened_at=None)))


class Case(Part):
    """One customer's repair, from the first signal to its closure."""

    whole = "site"

    number = models.PositiveIntegerField(db_default=NextCaseNumber())
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="cases", db_index=False)
    touchpoint = models.ForeignKey(
        Touchpoint, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.SET_NULL, related_name="cases"
    )
    policy = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    place = models.CharField(max_length=60)
    topic = models.CharField(max_length=24)
    severity = models.PositiveSmallIntegerField()
    reaction = models.CharField(max_length=8)
    intensity = models.PositiveIntegerField(default=1)
    happened_at = models.DateTimeField(help_text="when the first signal happened")
    last_signal_at = models.DateTimeField(help_text="when the last one happened")
    opened_at = models.DateTimeField()
    leaves_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        Staff, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="whose word the customer has: who came, or who took it over",
    )  # fmt: skip
    link_version = models.PositiveSmallIntegerField(default=0)
    caused_by = models.UUIDField(unique=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="case_number_once"),
        ]
        indexes = [
            models.Index(fields=["touchpoint", "-last_signal_at"], name="case_by_place"),
            models.Index(fields=["site", "-opened_at"], name="case_by_site"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.place}"

    @property
    def reference(self) -> str:
        """As people quote it: HB-1427."""
        return f"{self.organisation.case_prefix}-{self.number}"

    @property
    def standing_closure(self) -> "Closure | None":
        """How it ended; None while it is open."""
        return self.closures.filter(reopened_at=None).first()

    @property
    def customer_name(self) -> str:
        """The customer's full name; empty when we do not know it."""
        return self.customer.name if self.customer else ""


class CaseSignal(Part):
    """A signal belongs to one case."""

    whole = "case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_signals")
    signal = models.OneToOneField(Signal, on_delete=models.PROTECT, related_name="case_signal")
    joined_at = models.DateTimeField()


class StepQuerySet(models.QuerySet["Step"]):
    """Questions about steps."""

    def waiting(self) -> "StepQuerySet":
        """Steps that are neither done nor skipped."""
        return self.filter(state=Step.State.WAITING)

    def to_look_at(self, now: datetime) -> "StepQuerySet":
        """Steps whose turn it is."""
        return self.looked_after().filter(look_at__lte=now)

    def looked_after(self) -> "StepQuerySet":
        """Steps that wait for their turn; of a case that is over none is looked at."""
        over = Closure.objects.filter(case=OuterRef("case"), reopened_at=None)
        return self.waiting().filter(look_at__isnull=False).exclude(Exists(over))


class Step(Part):
    """One of the twelve steps of one case; waits for a time, a fact or a person.

    `look_at` is the queue: when `tick` looks at it next (to do it, or to page someone that it is
    overdue). `due_at` is the promise and does not move.
    """

    whole = "case"

    class State(models.IntegerChoices):
        WAITING = 0, "waits"
        DONE = 1, "done"
        SKIPPED = 2, "skipped"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps", db_index=False)
    kind = models.CharField(max_length=16, help_text="one of the twelve: validate, apologise, ...")
    position = models.PositiveSmallIntegerField()
    state = models.SmallIntegerField(choices=State, default=State.WAITING)
    due_at = models.DateTimeField(null=True, help_text="null until what it comes after is done")
    look_at = models.DateTimeField(null=True)
    awaits = models.CharField(max_length=32, blank=True, help_text="what finishes it by itself")
    asked_at = models.DateTimeField(
        null=True, help_text="automatic steps: when the customer was asked"
    )
    reminders = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    evidence = models.JSONField(default=list, help_text="ids of the facts that show it")
    note = models.TextField(blank=True, help_text="in words: what was done, or why it was skipped")
    skipped_by = models.ForeignKey(
        "Closure", null=True, on_delete=models.SET_NULL, related_name="skipped_steps",
        help_text="the closing that skipped it; re-opening arms it again",
    )  # fmt: skip

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="each_step_once"),
            models.CheckConstraint(
                condition=~Q(state=1) | ~Q(evidence=[]), name="done_only_with_evidence"
            ),
            models.CheckConstraint(
                condition=~Q(state=2) | ~Q(note=""), name="skipped_only_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["look_at"], condition=Q(state=0), name="step_to_look_at")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.get_state_display()}"

    @property
    def kept_at(self) -> datetime | None:
        """When our part was done: what we ask is kept by asking, however long the answer takes."""
        return self.asked_at or self.ended_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether its promised time is over."""
        return self.due_at is not None and self.due_at <= now

    @property
    def late(self) -> bool:
        """Whether our part was done after it was promised."""
        return self.state == self.State.DONE and is_late(self.due_at, self.kept_at)


class Closure(Tenanted):
    """The end of a case: confirmed by the customer, or honestly lost. Re-opening keeps the row."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "the customer says it is made good"
        LOST = "lost", "lost"
        WITHDRAWN = "withdrawn", "the customer took it back"
        MERGED = "merged", "joined with another case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closures")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    evidence = models.JSONField(default=list, help_text="ids of the facts that show it")
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.CharField(max_length=64, blank=True)
    reopened_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened_at=None), name="one_standing_closure"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="lost") | ~Q(reason=""), name="lost_has_a_reason"
            ),
        ]


class Callback(Tenanted):
    """The customer asked to be called at a certain time; `look_at` is the queue until it rang."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="callback")
    phone = models.CharField(max_length=32, blank=True)
    wanted_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True, help_text="when the call's page was opened")
    called_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="callback_to_look_at"
            )
        ]


class StandingQuerySet(models.QuerySet[Any]):
    """Questions about records that stand until they are ended or undone."""

    def standing(self) -> "StandingQuerySet":
        """Those that nobody has ended yet."""
        return self.filter(ended_at=None)


class Pause(Tenanted):
    """A stretch in which one step, or the whole case (no step), is left in peace.

    A colleague puts it off, we wait for the customer, or the house may not write yet. `until` is
    the queue: then it ends by itself. Only waiting for the customer moves promises on.
    """

    class Kind(models.TextChoices):
        SNOOZE = "snooze", "put off by a colleague"
        CUSTOMER = "customer", "waiting for the customer"
        QUIET = "quiet", "the house does not write yet"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    step = models.ForeignKey(
        Step, null=True, on_delete=models.CASCADE, related_name="pauses", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.TextField()
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    until = models.DateTimeField()
    looks = models.JSONField(default=dict, help_text="when each step would be looked at otherwise")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None, step=None), name="one_pause_per_case"
            ),
            models.UniqueConstraint(
                fields=["step"], condition=Q(ended_at=None), name="one_pause_per_step"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="paused_for_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None) ^ ~Q(ended_by=""),
                name="pause_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="pause_to_end")]


class Merger(Tenanted):
    """Two cases turned out to be one repair; `before` is what undoing restores."""

    survivor = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="absorbed")
    absorbed = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="mergers", db_index=False
    )
    reason = models.TextField()
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, help_text="when it was undone")
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(ended_at=None), name="absorbed_once"
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("absorbed")), name="no_case_absorbs_itself"
            ),
        ]


class Split(Tenanted):
    """Some signals of a case became a case of their own; `born` is what it was made as: undoing
    brings along only what it learned since."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="splits")
    new_case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="split_from")
    reason = models.TextField()
    split_at = models.DateTimeField()
    split_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    born = models.JSONField()
    ended_at = models.DateTimeField(null=True, help_text="when it was undone")
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = StandingQuerySet.as_manager()


class VersionMove(Tenanted):
    """A senior moved a running case to another version of the policy; `changes` is what it did."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="version_moves")
    from_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.TextField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    changes = models.JSONField(default=list, help_text="per step: what it was, what it is now")
