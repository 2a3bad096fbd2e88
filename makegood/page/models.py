"""Pages: a request that a person comes, whom it reached, and what they answered."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.people.calling import called
from makegood.people.models import Part, Site, Staff, Tenanted
from makegood.sense.naming import in_a_sentence


class PageQuerySet(models.QuerySet["Page"]):
    """Questions about pages."""

    def open(self) -> "PageQuerySet":
        return self.filter(state__in=Page.OPEN_STATES)

    def ringing(self) -> "PageQuerySet":
        return self.filter(state=Page.State.RINGING)

    def untaken(self) -> "PageQuerySet":
        return self.filter(state__in=Page.UNTAKEN_STATES, taken_by=None)

    def in_hand(self) -> "PageQuerySet":
        return self.filter(state__in=Page.IN_HAND_STATES)


def _waits(column: str, name: str) -> models.Index:
    return models.Index(fields=[column], condition=Q(**{f"{column}__isnull": False}), name=name)


class Page(Part):
    """One alert about one matter (`about`: opaque here), carried up its ladder until someone acts.

    `next_rung_at` is the queue: an open page always has one, or somebody with the customer.
    """

    whole = "site"

    class State(models.TextChoices):
        RINGING = "ringing", "ringing"
        NOBODY = "nobody", "nobody to ring"
        GOING = "going", "someone is going"
        WITH = "with", "someone is with the customer"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"

    OPEN_STATES = ("ringing", "nobody", "going", "with")
    UNTAKEN_STATES = ("ringing", "nobody")
    IN_HAND_STATES = ("going", "with")

    class Purpose(models.TextChoices):
        REACH = "reach", "go to the customer"
        DECIDE = "decide", "decide something"
        REMIND = "remind", "a promise is overdue"
        CALL = "call", "call the customer"

    VISITS = (Purpose.REACH, Purpose.CALL)

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="pages", db_index=False)
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

    ladder = models.JSONField(help_text="pinned rungs: see page/rungs/ladder.py")
    rests_for = models.DurationField(
        default=timedelta, help_text="the least between two rounds; nothing: they ring at once"
    )
    round = models.PositiveIntegerField(default=0)
    rung = models.PositiveSmallIntegerField(default=0)
    round_began_at = models.DateTimeField(help_text="or will begin, while a round rests")
    next_rung_at = models.DateTimeField(null=True)
    asks_again_at = models.DateTimeField(
        null=True, help_text="when those who have to say that they know who goes are rung anew"
    )

    state = models.CharField(max_length=10, choices=State, default=State.RINGING)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    going_at = models.DateTimeField(null=True)
    with_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    caused_by = models.UUIDField(unique=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        indexes = [
            _waits("next_rung_at", "page_next_rung"),
            _waits("asks_again_at", "page_asks_again"),
            models.Index(fields=["site", "-opened_at"], name="page_by_site"),
            models.Index(fields=["about"], name="page_about"),
            models.Index(  # the few that matter now, however many have ended
                fields=["site"],
                condition=Q(state__in=("ringing", "nobody", "going", "with")),
                name="page_open",
            ),
            models.Index(
                fields=["taken_by"],
                condition=Q(state__in=("going", "with")),
                name="page_in_hand",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Q(state__in=("ringing", "nobody", "going"), next_rung_at__isnull=False)
                    | Q(state__in=("with", "done", "cancelled"), next_rung_at__isnull=True)
                ),
                name="open_page_has_a_next_step",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("going", "with")) | Q(taken_by__isnull=False),
                name="taken_page_has_a_hand",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("ringing", "nobody")) | Q(taken_by__isnull=True),
                name="ringing_page_is_free",
            ),
            models.CheckConstraint(
                condition=Q(asks_again_at=None) | Q(state__in=("going", "with")),
                name="only_a_page_in_hand_asks_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to come, or is with the customer."""
        return self.state in self.OPEN_STATES

    @property
    def customer(self) -> str:
        """Where somebody goes, in a sentence: to Ana, or to table 14."""
        return called(self.customer_name) or in_a_sentence(self.place)

    @property
    def guest(self) -> str:
        """Whom somebody is with, in a sentence: with Ana, or with the guest."""
        return called(self.customer_name) or "the guest"

    @property
    def asks_every_hand(self) -> bool:
        """Whether some rung of its ladder waits for each of those it rings."""
        return any(rung.get("hands") == "every" for rung in self.ladder)

    def is_in_hand_of(self, staff: Staff) -> bool:
        """Whether this person is going to, or with, the customer."""
        return self.state in self.IN_HAND_STATES and self.taken_by_id == staff.pk


class DeviceQuerySet(models.QuerySet["Device"]):
    """Questions about devices."""

    def in_use(self) -> "DeviceQuerySet":
        return self.filter(retired_at=None)


class Device(Tenanted):
    """One thing of one person that can be reached: a phone, a wrist pager, a mailbox.

    The open pager needs none. A device is never deleted: what was tried over it stays on record.
    """

    staff = models.ForeignKey(
        Staff, on_delete=models.CASCADE, related_name="devices", db_index=False
    )
    channel = models.CharField(max_length=16)
    name = models.CharField(max_length=60, help_text="Bo's phone")
    address = models.JSONField(help_text="how its channel reaches it; may hold secrets")
    added_at = models.DateTimeField()
    felt_at = models.DateTimeField(null=True, help_text="the last self-test felt over it")
    seen_at = models.DateTimeField(null=True, help_text="when we last heard of it")
    lost_at = models.DateTimeField(null=True, help_text="since when we hear nothing of it")
    missed_at = models.DateTimeField(
        null=True, help_text="when those on duty with it were told that it is lost"
    )
    battery = models.PositiveSmallIntegerField(null=True, help_text="per cent")
    link_version = models.PositiveSmallIntegerField(default=0, help_text="of its password")
    session = models.CharField(
        max_length=64, blank=True, help_text="digest of the sign-in it ends with"
    )
    retired_at = models.DateTimeField(null=True)
    retired_because = models.CharField(max_length=200, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        indexes = [
            models.Index(fields=["staff"], condition=Q(retired_at=None), name="device_in_use"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(battery=None) | Q(battery__lte=100), name="battery_in_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Wishes(Tenanted):
    """How one person wants to be rung: which device when, and when only what is grave."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="wishes")
    delays = models.JSONField(
        default=dict, help_text="seconds after the ring, by device; at once if not named"
    )
    quiet_from = models.TimeField(null=True, help_text="on the clock of their site")
    quiet_until = models.TimeField(null=True, help_text="at or before quiet_from: the next day")
    quiet_below = models.PositiveSmallIntegerField(
        default=4, help_text="what is less grave than this waits for the end of the quiet"
    )

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_has_two_ends",
            ),
        ]


class Attempt(Part):
    """One try to reach one person by one channel on one device, with what is known of its arrival.

    Two columns are queues: `hand_over_at`, while it waits for a channel across a network, and
    `silence_at`, while a device that was rung has to be told that somebody else goes.
    """

    whole = "page"

    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    device = models.ForeignKey(
        Device, null=True, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    round = models.PositiveIntegerField()
    rung = models.PositiveSmallIntegerField()
    until_known = models.BooleanField(
        default=False, help_text="rings until this person says so, whoever goes"
    )
    again = models.PositiveSmallIntegerField(
        default=0, help_text="how often this person was rung in this round before"
    )
    made_at = models.DateTimeField()
    hand_over_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, help_text="handed over")
    received_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="given up: it will never be taken")
    said = models.CharField(max_length=200, blank=True, help_text="the provider's words")
    silence_at = models.DateTimeField(null=True)
    silence_tries = models.PositiveSmallIntegerField(default=0)
    silenced_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(
        null=True, help_text="a told device heard the latest of its page: it asks there no more"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "round", "again", "staff", "channel", "device"],
                nulls_distinct=False,
                name="one_attempt_per_round",
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-made_at"], name="attempt_by_staff"),
            _waits("hand_over_at", "attempt_waits"),
            _waits("silence_at", "attempt_to_silence"),
        ]


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
        KNOWS = "knows", "knows that somebody goes"
        CANCELLED = "cancelled", "the customer took it back"
        NOBODY_CAME = "nobody_came", "the customer says nobody came"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="answers")
    staff = models.ForeignKey(
        Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    round = models.PositiveIntegerField(help_text="the page's round at the time")
    said_at = models.DateTimeField()
    by_customer = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)


class PagerWord(Tenanted):
    """What somebody said on a wrist pager. `treat_at` is the queue: nobody has acted on it yet.

    The gateway writes these rows with `pager_statements` before it acknowledges them.
    """

    class Kind(models.TextChoices):
        GOING = "going", "I'm going"
        CANT = "cant", "can't"
        WITH = "with", "with the customer"

    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, related_name="words", db_index=False
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    said_at = models.DateTimeField()
    treat_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=24, blank=True, help_text="why it changed nothing")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "page", "round", "kind"], name="one_word_of_a_kind_per_round"
            ),
        ]
        indexes = [
            _waits("treat_at", "word_waits"),
        ]


class SelfTest(Tenanted):
    """A ring at the start of a shift: nobody is on duty with a pager that did not ring."""

    GOOD_FOR: ClassVar = timedelta(minutes=5)

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="self_tests")
    channel = models.CharField(max_length=16, default="screen")
    device = models.ForeignKey(
        Device, null=True, on_delete=models.CASCADE, related_name="self_tests", db_index=False
    )
    for_duty = models.BooleanField(default=True, help_text="a yes counts towards going on duty")
    sent_at = models.DateTimeField(help_text="when it was asked for; told devices ring then")
    hand_over_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True, help_text="arrived on the device, as it says")
    said = models.CharField(max_length=200, blank=True, help_text="the provider's words")
    treat_at = models.DateTimeField(
        null=True, help_text="felt, as was said on the device itself; nobody has acted on it yet"
    )
    felt_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            _waits("hand_over_at", "self_test_waits"),
            _waits("treat_at", "self_test_said"),
            models.Index(
                fields=["device", "-sent_at"],
                condition=Q(device__isnull=False),
                name="self_test_of_device",
            ),
        ]

    @property
    def expires_at(self) -> datetime:
        """Until when it may be answered: a ring felt long ago proves nothing about now."""
        return self.sent_at + self.GOOD_FOR
