"""Every way something says that it went wrong, and what was said."""

from django.db import models
from django.db.models import Q

from makegood.people.models import Customer, Organisation, Site, Staff, Tenanted


class Touchpoint(Tenanted):
    """One button, QR card, kiosk or survey at one place, with its own secret link."""

    class Kind(models.TextChoices):
        BUTTON = "button", "button"
        SURVEY = "survey", "survey"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="touchpoints")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BUTTON)
    place = models.CharField(max_length=60, help_text="as staff say it: Table 14")
    hint = models.CharField(
        max_length=80, blank=True, help_text="how to find it: Window, left side"
    )
    dwell_minutes = models.PositiveSmallIntegerField(
        default=20, help_text="how long a customer usually stays after pressing here"
    )
    arrival_words = models.CharField(max_length=60, default="Someone comes to you")
    link_version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "place"],
                condition=Q(retired_at=None),
                name="one_touchpoint_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.place


class SignalQuerySet(models.QuerySet["Signal"]):
    """Questions about signals."""

    def waiting(self) -> "SignalQuerySet":
        return self.filter(state=Signal.State.WAITING)


class Signal(Tenanted):
    """An immutable record of a sign of (dis)satisfaction. Only `state` says how far triage got.

    `intake` writes presses with SQL of its own: columns here and its statement change together.
    Every index and every foreign key here is paid for by each press.
    """

    class Kind(models.TextChoices):
        PRESS = "press", "press"
        RATING = "rating", "rating"
        COMPLAINT = "complaint", "complaint"

    class State(models.IntegerChoices):
        WAITING = 0, "waits for triage"
        TRIAGED = 1, "triaged"

    # Copied from the touchpoint, for which the database has checked both already.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    touchpoint = models.ForeignKey(
        Touchpoint, null=True, on_delete=models.PROTECT, related_name="signals", db_index=False
    )
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.SET_NULL, related_name="signals", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=64, help_text="the sender's own key: once per touchpoint")
    place = models.CharField(max_length=60, help_text="as it was called at that moment")
    dwell_minutes = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(null=True, help_text="1 (very bad) to 5 (wonderful)")
    words = models.TextField(blank=True)
    topics = models.JSONField(default=list)
    happened_at = models.DateTimeField(
        help_text="when they pressed; earlier than received if offline"
    )
    received_at = models.DateTimeField()
    state = models.SmallIntegerField(choices=State, default=State.WAITING)
    try_after = models.DateTimeField(null=True, help_text="put off after triage failed")
    cancelled_at = models.DateTimeField(null=True, help_text="the customer took it back")

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "key"], name="one_signal_per_key"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(1, 5)), name="score_is_one_to_five"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state=0), name="signal_waiting"),
            models.Index(fields=["touchpoint", "-happened_at"], name="signal_by_place"),
            models.Index(
                fields=["customer"], condition=Q(customer__isnull=False), name="signal_by_customer"
            ),
        ]


class Remark(Tenanted):
    """What the customer added after the press: chips, a note, a name, where to reach them."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="remarks")
    topics = models.JSONField(default=list)
    words = models.TextField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    said_at = models.DateTimeField()


class Invitation(Tenanted):
    """We asked one customer how something was; the link in the mail carries its sealed token."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="invitations")
    occasion = models.CharField(max_length=80, help_text="dinner, Saturday 21 November")
    about = models.UUIDField(null=True, help_text="the case it asks about, if any")
    caused_by = models.UUIDField(null=True, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Rating(Tenanted):
    """The one answer to an invitation; answering again edits it."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    given_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    edits = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_is_one_to_five"),
        ]


class Visit(Tenanted):
    """A customer is, or was, with us."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="visits")
    began_at = models.DateTimeField()
    noted_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
