"""Pages: a request that a person comes, whom it reached, and what they answered."""

from django.db import models
from django.db.models import Q

from makegood.people.models import Site, Staff, Tenanted


class PageQuerySet(models.QuerySet["Page"]):
    """Questions about pages."""

    def open(self) -> "PageQuerySet":
        return self.filter(state__in=Page.OPEN_STATES)

    def ringing(self) -> "PageQuerySet":
        return self.filter(state=Page.State.RINGING)


class Page(Tenanted):
    """One alert about one matter (`about`: opaque here), carried up its ladder until someone acts.

    `next_rung_at` is the queue: an open page always has one, or somebody with the customer.
    """

    class State(models.TextChoices):
        RINGING = "ringing", "ringing"
        NOBODY = "nobody", "nobody to ring"
        GOING = "going", "someone is going"
        WITH = "with", "someone is with the customer"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"

    OPEN_STATES = ("ringing", "nobody", "going", "with")

    class Purpose(models.TextChoices):
        REACH = "reach", "go to the customer"
        DECIDE = "decide", "decide something"
        REMIND = "remind", "a promise is overdue"
        CALL = "call", "call the customer"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="pages")
    about = models.UUIDField()
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.REACH)
    place = models.CharField(max_length=60, help_text="the big words: Table 14")
    hint = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=200, blank=True, help_text="The food, and waiting")
    who = models.CharField(max_length=200, blank=True, help_text="Ana Ruiz, 3rd visit")
    customer_name = models.CharField(max_length=120, blank=True)
    link = models.CharField(
        max_length=200, blank=True, help_text="the screen to open, if not the pager"
    )
    intensity = models.PositiveIntegerField(default=1, help_text="how many presses it stands for")
    severity = models.PositiveSmallIntegerField(default=3)
    happened_at = models.DateTimeField(help_text="when the customer pressed")
    leaves_at = models.DateTimeField(null=True, help_text="the threshold")

    ladder = models.JSONField(help_text="pinned rungs: see page/ladder.py")
    round = models.PositiveSmallIntegerField(default=0)
    rung = models.PositiveSmallIntegerField(default=0)
    next_rung_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=10, choices=State, default=State.RINGING)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    going_at = models.DateTimeField(null=True)
    with_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    caused_by = models.UUIDField(unique=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_rung_at"],
                condition=Q(next_rung_at__isnull=False),
                name="page_next_rung",
            ),
            models.Index(fields=["site", "-opened_at"], name="page_by_site"),
            models.Index(fields=["about"], name="page_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("ringing", "nobody", "going"))
                | Q(next_rung_at__isnull=False),
                name="open_page_has_a_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("going", "with")) | Q(taken_by__isnull=False),
                name="taken_page_has_a_hand",
            ),
        ]


class Attempt(Tenanted):
    """One try to reach one person by one channel, with what is known of its arrival."""

    class State(models.IntegerChoices):
        WAITING = 0, "waits to be handed over"
        SENT = 1, "handed over"
        FAILED = 2, "could not be handed over"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="attempts")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField()
    rung = models.PositiveSmallIntegerField()
    state = models.SmallIntegerField(choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "staff", "channel", "round", "rung"], name="one_attempt_per_rung"
            ),
        ]
        indexes = [models.Index(fields=["staff", "-made_at"], name="attempt_by_staff")]


class Answer(Tenanted):
    """What somebody said to a page, staff or customer; never changed, only added to."""

    class Kind(models.TextChoices):
        GOING = "going", "I'm going"
        CANT = "cant", "can't"
        WITH = "with", "with the customer"
        LEFT = "left", "the customer has left"
        HANDED = "handed", "handed over"
        DONE = "done", "done"
        TOO_LATE = "too_late", "somebody else was first"
        CANCELLED = "cancelled", "the customer took it back"
        NOBODY_CAME = "nobody_came", "the customer says nobody came"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="answers")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    said_at = models.DateTimeField()
    by_customer = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)


class SelfTest(Tenanted):
    """A ring at the start of a shift: nobody is on duty with a pager that did not ring."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="self_tests")
    channel = models.CharField(max_length=16, default="screen")
    sent_at = models.DateTimeField()
    felt_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
