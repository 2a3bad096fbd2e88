"""Who is who: the organisation, its sites and staff, their rota and duty, and its customers."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from makegood.ground.ids import new_id
from makegood.people.calling import called


class Organisation(models.Model):
    """A tenant: one business with its own sites, staff, customers and policy."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217")
    language = models.CharField(max_length=12, default="en")
    case_prefix = models.CharField(
        max_length=4, default="MG", help_text="first part of case numbers"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Tenanted(models.Model):
    """Base of every row that belongs to one organisation.

    No index of its own on the organisation: rows are found by their site, case, customer or time,
    and every index is paid for with each row of a storm of presses.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class Part(Tenanted):
    """Base of rows that come in storms and are part of a `whole`, whose organisation is theirs.

    They copy it. The database checks the whole, and the organisation of the whole; to check the
    copy too would cost as much again with each row.
    """

    whole: ClassVar[str]
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip

    class Meta:
        abstract = True


class Site(Tenanted):
    """A place with its own clock, hours and people on duty."""

    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64, default="Europe/Madrid")
    phone = models.CharField(max_length=32, blank=True)
    helper_sign = models.CharField(
        max_length=80, default="Anyone who works here",
        help_text="how a customer recognises staff: Anyone in a green apron",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["organisation"], name="site_by_organisation")]

    def __str__(self) -> str:
        return self.name


class OpeningPeriod(Tenanted):
    """One stretch of one weekday (0 = Monday) in which someone is there; may end after midnight."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="opening_periods")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField(help_text="at or before opens_at: on the next day")

    class Meta:
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_in_week"),
        ]


class Holiday(Tenanted):
    """A date on which a site has hours of its own, or is closed."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    spans = models.JSONField(
        default=list, help_text="pairs of opening and closing time, as 09:00; none: closed"
    )

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["site", "on"], name="one_holiday_per_date"),
        ]

    @property
    def is_closed(self) -> bool:
        """Whether nobody opens on that date."""
        return not self.spans


class Team(Tenanted):
    """Colleagues of one site who cover for each other: dining, rooms, front desk."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """How far a person may decide; also the rungs of the default ladder."""

    HOST = "host", "host"
    MANAGER = "manager", "manager"
    OWNER = "owner", "owner"


class StaffAccounts(BaseUserManager["Staff"]):
    """Looks staff up by e-mail for sign-in."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(email__iexact=username)


class Staff(AbstractBaseUser):
    """A member of staff; also the account they sign in with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="staff")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    title = models.CharField(
        max_length=80, blank=True, help_text="as customers read it: Duty manager"
    )
    role = models.CharField(max_length=12, choices=Role, default=Role.HOST)
    phone = models.CharField(max_length=32, blank=True)
    skills = models.JSONField(default=list, help_text="what they can, in words: German, wine")
    is_active = models.BooleanField(default=True)
    link_version = models.PositiveSmallIntegerField(
        default=0, help_text="raise to end open streams"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name"]
    objects = StaffAccounts()

    class Meta:
        verbose_name_plural = "staff"
        indexes = [
            models.Index(fields=["site", "role"], name="staff_by_role"),
            models.Index(fields=["organisation"], condition=Q(role="owner"), name="staff_who_own"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name as colleagues and customers read it."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters for the face beside the name."""
        return (self.first_name[:1] + (self.last_name[:1] or self.first_name[1:2])).upper()

    @property
    def is_senior(self) -> bool:
        """Managers and owners decide what is above a host's purse."""
        return self.role in (Role.MANAGER, Role.OWNER)


def _has_length(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name=name)


class Shift(Tenanted):
    """A line of the rota: who is planned to be on duty, from when to when."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="shifts")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            _has_length("shift_has_length"),
        ]


class Rotation(Tenanted):
    """A post that colleagues fill in turns, each for so many days, by the clock of the site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="rotations")
    name = models.CharField(max_length=80)
    begins_on = models.DateField()
    every_days = models.PositiveSmallIntegerField()
    hands_over_at = models.TimeField()
    hours = models.JSONField(default=dict, help_text="when it is filled: see people/posts.py")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every_days__gte=1), name="turn_has_length"),
        ]

    def __str__(self) -> str:
        return self.name


class RotationMember(Tenanted):
    """One member of a rotation; `position` says after whom they come."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="places")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rotation", "position"], name="one_after_the_other"),
        ]


class TurnOverride(Tenanted):
    """For a while somebody else has the post of a rotation, or (null) nobody. The last counts."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="overrides")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            _has_length("override_has_length"),
        ]


class Absence(Tenanted):
    """Somebody is away; `substitute` stands in for them in every shift and turn meanwhile."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            _has_length("absence_has_length"),
            models.CheckConstraint(
                condition=~Q(substitute=F("staff")), name="nobody_stands_in_for_themselves"
            ),
        ]


class RotaDraft(Tenanted):
    """Changes to the rota of a site that are tried before they count; one open draft per site.

    `changes` and, once published, what takes each of them back: see people/drafting.py.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="rota_drafts")
    changes = models.JSONField(default=list)
    takes_back = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    discarded_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(published_at=None, discarded_at=None),
                name="one_open_rota_draft",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(published_at__isnull=False),
                name="only_published_is_taken_back",
            ),
        ]


class DutyQuerySet(models.QuerySet["Duty"]):
    """Questions about who is on duty."""

    def running(self) -> "DutyQuerySet":
        return self.filter(ended_at=None)

    def at_site(self, site: Site) -> "DutyQuerySet":
        return self.filter(site=site)


class Duty(Tenanted):
    """One person actually on duty, from the self-test they felt until they leave or hand over."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="duties")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="duties")
    began_at = models.DateTimeField()
    felt_at = models.DateTimeField(null=True, help_text="null only with a logged override")
    override_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    override_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at=None), name="one_duty_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(felt_at__isnull=False) | Q(override_by__isnull=False),
                name="felt_or_overridden",
            ),
        ]
        indexes = [models.Index(fields=["site"], condition=Q(ended_at=None), name="duty_running")]


class Customer(Tenanted):
    """A customer as far as we know them; may have no name yet."""

    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    no_messages_at = models.DateTimeField(null=True, blank=True, help_text="wants no letters")
    no_questions_at = models.DateTimeField(null=True, blank=True, help_text="letters may come")
    first_met_at = models.DateTimeField()
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="also",
        help_text="found to be this earlier customer; never points to one that points on",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name or "a guest, name not given"

    @property
    def first_name(self) -> str:
        """What we call them when we speak to them; empty when we do not know."""
        return called(self.name)


class ContactPoint(Tenanted):
    """One way a customer is known or reached; the same point is the same customer."""

    class Kind(models.TextChoices):
        EMAIL = "email", "e-mail"
        PHONE = "phone", "phone"
        LOYALTY = "loyalty", "loyalty number"
        ROOM = "room", "room"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=254, help_text="normalised; a room is <site id>/<number>")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True, help_text="a room ends with the stay")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "value"],
                condition=Q(valid_until=None),
                name="one_customer_per_contact_point",
            ),
        ]

    def valid_at(self, moment: datetime) -> bool:
        """Whether the point belonged to this customer at `moment`."""
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)
