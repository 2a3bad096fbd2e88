"""The case file: one customer's repair, its twelve steps and how it ended."""

from django.db import models
from django.db.models import Q

from makegood.people.models import Customer, Site, Staff, Tenanted
from makegood.sense.models import Signal, Touchpoint


class PolicyVersion(Tenanted):
    """One published version of the repair policy; never changed; a case pins its own."""

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    document = models.TextField(help_text="the YAML as published")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="policy_number_once"),
        ]


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases."""

    def open(self) -> "CaseQuerySet":
        return self.exclude(closures__reopened_at=None, closures__isnull=False)


class Case(Tenanted):
    """One customer's repair, from the first signal to its closure."""

    number = models.PositiveIntegerField()
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="cases")
    touchpoint = models.ForeignKey(
        Touchpoint, null=True, on_delete=models.PROTECT, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.SET_NULL, related_name="cases"
    )
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="cases")
    place = models.CharField(max_length=60)
    topic = models.CharField(max_length=24)
    severity = models.PositiveSmallIntegerField()
    reaction = models.CharField(max_length=8)
    intensity = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    last_signal_at = models.DateTimeField()
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


class CaseSignal(Tenanted):
    """A signal belongs to one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_signals")
    signal = models.OneToOneField(Signal, on_delete=models.PROTECT, related_name="case_signal")
    joined_at = models.DateTimeField()


class StepQuerySet(models.QuerySet["Step"]):
    """Questions about steps."""

    def waiting(self) -> "StepQuerySet":
        return self.filter(state=Step.State.WAITING)

    def due(self, now: object) -> "StepQuerySet":
        return self.waiting().filter(look_at__lte=now)


class Step(Tenanted):
    """One of the twelve steps of one case; waits for a time, a fact or a person.

    `look_at` is the queue: when `tick` looks at it next (to do it, or to page someone that it is
    overdue). `due_at` is the promise and does not move.
    """

    class State(models.IntegerChoices):
        WAITING = 0, "waits"
        DONE = 1, "done"
        SKIPPED = 2, "skipped"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=16, help_text="one of the twelve: validate, apologise, ...")
    position = models.PositiveSmallIntegerField()
    state = models.SmallIntegerField(choices=State, default=State.WAITING)
    due_at = models.DateTimeField(null=True, help_text="null until what it comes after is done")
    look_at = models.DateTimeField(null=True)
    awaits = models.CharField(max_length=64, blank=True, help_text="the fact that finishes it")
    reminders = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    evidence = models.JSONField(default=list, help_text="ids of the facts that show it")
    note = models.TextField(blank=True, help_text="in words: what was done, or why it was skipped")

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


class Closure(Tenanted):
    """The end of a case: confirmed by the customer, or honestly lost. Re-opening keeps the row."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "the customer says it is made good"
        LOST = "lost", "lost"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closures")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
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
    """The customer asked to be called at a certain time."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="callback")
    phone = models.CharField(max_length=32, blank=True)
    wanted_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True, help_text="when the call's page was opened")
    called_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["wanted_at"], condition=Q(rung_at=None), name="callback_waiting")
        ]
