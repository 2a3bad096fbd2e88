"""What we wrote, what they wrote."""

from django.db import models
from django.db.models import Q

from makegood.people.models import Customer, Staff, Tenanted


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions about letters."""

    def to_be_sent(self) -> "LetterQuerySet":
        return self.filter(state__in=("waiting", "sending"))


class Letter(Tenanted):
    """A letter from a named person to a customer; `about` is the matter (opaque here).

    A letter that waits to be sent is its own queue: `try_after` is when it is taken next, and while
    it is being sent, when it may be taken again should the sender have died. `sent_at` is written
    the moment the mail server takes it; `SENT` follows when the story has been told.
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

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["try_after"],
                condition=Q(state__in=("waiting", "sending")),
                name="letter_waiting",
            ),
            models.Index(fields=["about"], name="letter_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "failed")) | ~Q(to=""), name="sent_to_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "sending")) | Q(try_after__isnull=False),
                name="waiting_for_a_time",
            ),
        ]

    @property
    def may_change(self) -> bool:
        """Whether its words can still be changed: until it is handed to the mail server."""
        return self.state in (self.State.DRAFT, self.State.WAITING, self.State.FAILED)


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
