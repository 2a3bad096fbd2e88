"""Making it right: what can be given, who may give how much, what was given, what was redeemed."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q, Sum

from makegood.ground.money import Money
from makegood.people.models import Site, Staff, Tenanted


class RemedyQuerySet(models.QuerySet["Remedy"]):
    """Questions about the catalogue."""

    def offered(self) -> "RemedyQuerySet":
        return self.filter(retired_at=None)


class Remedy(Tenanted):
    """Something the house can give, with its price to the house."""

    class Kind(models.TextChoices):
        GESTURE = "gesture", "given on the spot"
        COUPON = "coupon", "a coupon to redeem later"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="remedies")
    name = models.CharField(max_length=80)
    note = models.CharField(
        max_length=120, blank=True, help_text="why it fits: Matches the long wait"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.GESTURE)
    price_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    topics = models.JSONField(default=list, help_text="offered first for these topics; empty: any")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = RemedyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "price_minor"]

    @property
    def price(self) -> Money:
        """What it costs the house."""
        return Money(self.price_minor, self.currency)


class Purse(Tenanted):
    """How much one person may give away per day of duty, without asking."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="purse")
    daily_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)

    @property
    def daily(self) -> Money:
        """What it is filled up to each day."""
        return Money(self.daily_minor, self.currency)

    def balance(self) -> Money:
        """What is in it: the sum of its entries."""
        total = self.entries.aggregate(total=Sum("minor"))["total"]
        return Money(total or 0, self.currency)

    def day_filled(self) -> date | None:
        """The site's day it was last filled for."""
        filled = self.entries.filter(kind=PurseEntry.Kind.FILLED).order_by("-day")
        return filled.values_list("day", flat=True).first()


class PurseEntry(Tenanted):
    """A line of the ledger: balance = sum of entries. Fillings are positive, gifts negative."""

    class Kind(models.TextChoices):
        FILLED = "filled", "filled for the day"
        EMPTIED = "emptied", "the day is over"
        GIVEN = "given", "given to a customer"
        TAKEN_BACK = "taken_back", "taken back"

    purse = models.ForeignKey(Purse, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    minor = models.IntegerField()
    day = models.DateField(help_text="the site's day it counts for")
    entered_at = models.DateTimeField()
    amends = models.ForeignKey(
        "Amends", null=True, on_delete=models.PROTECT, related_name="entries"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purse", "day"], condition=Q(kind="filled"), name="filled_once_a_day"
            ),
            models.UniqueConstraint(fields=["amends", "kind"], name="each_amends_booked_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("filled", "taken_back"), minor__gte=0)
                | Q(kind__in=("emptied", "given"), minor__lte=0),
                name="fillings_positive_gifts_negative",
            ),
        ]


class Amends(Tenanted):
    """Something granted to a customer; `about` is the matter it makes good (opaque here)."""

    about = models.UUIDField()
    remedy = models.ForeignKey(Remedy, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="as it was called when given")
    minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    given_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    request = models.OneToOneField(
        "AmendsRequest", null=True, on_delete=models.PROTECT, related_name="amends"
    )
    key = models.CharField(max_length=64, help_text="the giver's own key: one tap gives once")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "amends"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="one_amends_per_key"),
        ]
        indexes = [models.Index(fields=["about"], name="amends_about")]

    @property
    def worth(self) -> Money:
        """What it costs the house."""
        return Money(self.minor, self.currency)


class AmendsRequestQuerySet(models.QuerySet["AmendsRequest"]):
    """Questions about what a senior was asked."""

    def undecided(self) -> "AmendsRequestQuerySet":
        return self.filter(decision="")


class AmendsRequest(Tenanted):
    """Above the purse: a senior is asked, and says yes or no with a reason."""

    class Decision(models.TextChoices):
        GRANTED = "granted", "granted"
        DECLINED = "declined", "declined"
        LAPSED = "lapsed", "not decided, for the matter was over"

    about = models.UUIDField()
    remedy = models.ForeignKey(Remedy, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    asked_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    key = models.CharField(max_length=64)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = AmendsRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="one_request_per_key"),
            models.CheckConstraint(
                condition=~Q(decision="declined") | ~Q(reason=""), name="a_no_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["about"], name="amends_request_about"),
            models.Index(
                fields=["organisation"], condition=Q(decision=""), name="amends_request_undecided"
            ),
        ]

    @property
    def worth(self) -> Money:
        """What it would cost the house."""
        return Money(self.minor, self.currency)


class Coupon(Tenanted):
    """A code the customer can redeem once."""

    amends = models.OneToOneField(Amends, on_delete=models.CASCADE, related_name="coupon")
    code = models.CharField(max_length=16, help_text="as it is written and read aloud: K7M2-9PXT")
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="coupon_code_once")
        ]

    @property
    def good_until(self) -> datetime:
        """The last moment it may be used: on its last day, not at the midnight that ends it."""
        return self.expires_at - timedelta(seconds=1)


class Redemption(Tenanted):
    """A coupon was used; the one-to-one is what makes it once."""

    coupon = models.OneToOneField(Coupon, on_delete=models.PROTECT, related_name="redemption")
    redeemed_at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
