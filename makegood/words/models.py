"""What we wrote, what they wrote."""

from django.db import models
from django.db.models import Q

from makegood.people.models import Customer, Staff, Tenanted


class Letter(Tenanted):
    """A letter from a named person to a customer; `about` is the matter (opaque here).

    A letter that waits to be sent is its own queue: `send_at`, then `try_after`.
    """

    class Kind(models.TextChoices):
        APOLOGY = "apology", "apology"
        NEWS = "news", "news of a promise"
        QUESTION = "question", "a question"

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        WAITING = "waiting", "waits to be sent"
        SENDING = "sending", "being handed to the mail server"
        SENT = "sent", "sent"
        FAILED = "failed", "refused for good"

    about = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="+")
    sender = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=160)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True, help_text="path added below the text")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    try_after = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True, help_text="the same at every try")
    error = models.CharField(max_length=300, blank=True)
    caused_by = models.UUIDField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["try_after"],
                condition=Q(state__in=("waiting", "sending")),
                name="letter_waiting",
            ),
            models.Index(fields=["about"], name="letter_about"),
        ]


class Reply(Tenanted):
    """What a customer wrote back."""

    about = models.UUIDField()
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="replies")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        indexes = [models.Index(fields=["about"], name="reply_about")]
