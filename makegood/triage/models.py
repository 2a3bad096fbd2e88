"""What triage concluded about a signal."""

from django.db import models
from django.db.models import Q

from makegood.people.models import Tenanted
from makegood.sense.models import Signal


class Verdict(Tenanted):
    """What this is, how bad, how they will react, when they leave; each with reasons in words."""

    class Reaction(models.TextChoices):
        VOICE = "voice", "tells us"
        LEGS = "legs", "leaves quietly"
        REVENGE = "revenge", "gets back at us"

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="verdict")
    needs_repair = models.BooleanField(help_text="false: nothing went wrong (a happy rating)")
    topic = models.CharField(max_length=24)
    severity = models.PositiveSmallIntegerField()
    reaction = models.CharField(max_length=8, choices=Reaction)
    leaves_at = models.DateTimeField(null=True, help_text="the threshold; null: not with us now")
    reasons = models.JSONField(default=list)
    raw = models.BooleanField(default=False, help_text="triage failed; taken as it came")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__range=(1, 5)), name="severity_is_one_to_five"
            ),
        ]
