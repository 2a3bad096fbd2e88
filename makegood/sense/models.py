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


class Hardware(Tenanted):
    """What stands somewhere, has a secret of its own, and says that it is alive.

    `devices` notes what it hears with `hearing_statement`: columns here and that statement change
    together. `look_at` is the queue: when somebody should see how it is.
    """

    class Ailment(models.TextChoices):
        SILENT = "silent", "not heard any more"
        BATTERY = "battery", "battery nearly empty"

    link_version = models.PositiveSmallIntegerField(default=0)
    silent_after = models.DurationField(
        null=True, help_text="how long it may say nothing; nothing: it does not report by itself"
    )
    added_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    battery = models.PositiveSmallIntegerField(null=True, help_text="in percent")
    look_at = models.DateTimeField(null=True)
    ailment = models.CharField(max_length=8, choices=Ailment, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="%(class)s_to_look_at"
            ),
        ]


class Button(Hardware):
    """One piece of hardware at a touchpoint that is pressed."""

    class Kind(models.TextChoices):
        MAKEGOOD = "makegood", "our own firmware"
        SHELLY = "shelly", "Shelly"
        FLIC = "flic", "Flic"
        ZIGBEE2MQTT = "zigbee2mqtt", "Zigbee2MQTT"

    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.CASCADE, related_name="hardware")
    kind = models.CharField(max_length=12, choices=Kind)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.touchpoint}"


class Lamp(Hardware):
    """A light where colleagues pass: it burns while a customer of its site waits for somebody."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="lamps")
    place = models.CharField(max_length=60, help_text="kitchen pass")

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
        REVIEW = "review", "review"
        INCIDENT = "incident", "noticed by ourselves"
        SILENCE = "silence", "stays away"
        PROMISE = "promise", "broken promise"

    OURS = (Kind.INCIDENT, Kind.SILENCE, Kind.PROMISE)  # nobody told us: the words are ours

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
    cancelled_at = models.DateTimeField(null=True, help_text="whoever told us took it back")

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

    @property
    def answers_anew(self) -> bool:
        """Whether it changes an answer given before: one customer who says one thing."""
        return self.key.startswith("rating-") and not self.key.endswith("-1")


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

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="visits", db_index=False
    )
    began_at = models.DateTimeField()
    noted_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["customer", "began_at"], name="visit_by_customer"),
            models.Index(fields=["site", "began_at"], name="visit_by_site"),
        ]


class Review(Tenanted):
    """What a customer wrote about us in public; its signal has the stars and the words."""

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="review")
    source = models.CharField(max_length=40, help_text="where it was written: Google")
    key = models.CharField(max_length=200, help_text="the source's own name for it: counts once")
    author = models.CharField(max_length=120, blank=True, help_text="as they call themselves there")
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "key"], name="one_review_per_key"
            ),
        ]


class Incident(Tenanted):
    """Something that went wrong and that we noticed by ourselves, whoever it touched."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=40, blank=True, help_text="a system; empty: a colleague")
    key = models.CharField(max_length=64, help_text="the source's own name for it: counts once")
    what = models.TextField(help_text="as we would tell the customer: dinner came late")
    topic = models.CharField(max_length=24)
    place = models.CharField(max_length=60, blank=True)
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_back_at = models.DateTimeField(null=True, help_text="it was not so, or not them")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "key"], name="one_incident_per_key"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Touched(Tenanted):
    """One customer, or one place, that an incident touched: each is a signal of its own."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="touched")
    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="touched")


class Echo(Tenanted):
    """A fact of our own that says a customer was failed, and the one signal it became.

    `matter` is what the fact is about: a step, an entry of the chronicle; opaque here.
    """

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="echo")
    fact = models.CharField(max_length=64, help_text="its name: recover.step_overdue")
    matter = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "matter"], name="one_echo_per_matter"),
        ]


class Absence(Tenanted):
    """A regular customer stays away since `visit`; noticed once, until they come again."""

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="absence")
    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="absence")
    visits = models.PositiveIntegerField(help_text="how often they had come")
    usual_gap_days = models.PositiveIntegerField()


class AbsenceWatch(Tenanted):
    """When we next look who stays away from a site; `look_at` is the queue."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="+")
    look_at = models.DateTimeField(db_index=True)
