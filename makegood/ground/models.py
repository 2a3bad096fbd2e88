"""Tables without domain words: chronicle, clock's offset, heartbeats, bulletins."""

from django.db import models

from makegood.ground.ids import new_id


class Entry(models.Model):
    """One fact in the chronicle: what happened, when, to what, through whom, because of what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=64, help_text="customer, system or staff:<id>")
    about = models.UUIDField(help_text="the signal, page, case, letter... it happened to")
    caused_by = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)

    row: models.Model | None = None  # as whoever tells it holds it; reactions need not read it anew

    class Meta:
        db_table = "ground_fact"
        indexes = [
            models.Index(fields=["about", "at"], name="fact_about"),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%F %T}"


class ClockOffset(models.Model):
    """How far the house's clock runs ahead of the world's. One row, absent in production."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    ahead_by = models.DurationField()

    class Meta:
        db_table = "ground_clock"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_clock"),
        ]


class Heartbeat(models.Model):
    """When something that works in the background last said that it is well."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField(help_text="by the world's clock")

    class Meta:
        db_table = "ground_heartbeat"

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%F %T}"


class Bulletin(models.Model):
    """A message to whoever listens to `topic` at this moment or within the next day."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.UUIDField()
    topic = models.CharField(max_length=80)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "ground_bulletin"
        indexes = [models.Index(fields=["topic", "id"], name="bulletin_by_topic")]
