"""Purses: how much one person may give per day of their site, without asking.

A purse is a ledger: its balance is the sum of its entries. It is filled when first used on a site's
day, and what was left of the day before is emptied first, so nobody saves up.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import OperationalError, transaction

from makegood.amends.gifts import check_amount
from makegood.amends.models import Amends, Purse, PurseEntry
from makegood.ground import locks
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.people.models import Staff

LOCK_TIMEOUT = timedelta(seconds=3)


@transaction.atomic
def open_purse(*, staff: Staff, daily: Money) -> Purse:
    """Lets `staff` give up to `daily` a day; for an open purse the new amount counts from the next
    filling on. Refuses another currency than the house's."""
    checked = check_amount(daily, currency=staff.organisation.currency, field="daily")
    purse, _ = Purse.objects.update_or_create(
        staff=staff,
        defaults={
            "organisation_id": staff.organisation_id,
            "daily_minor": checked.minor,
            "currency": checked.currency,
        },
    )
    return purse


def left_today(*, staff: Staff, now: datetime) -> Money:
    """What `staff` can still give on their site's day; nothing without a purse. Writes nothing."""
    purse = Purse.objects.filter(staff=staff).first()
    if purse is None:
        return Money(0, staff.organisation.currency)
    return purse.daily if _waits_to_be_filled(purse, site_day(staff, now)) else purse.balance()


def site_day(staff: Staff, now: datetime) -> date:
    """The day it is where `staff` works."""
    return now.astimezone(ZoneInfo(staff.site.timezone)).date()


def lock(purse: Purse) -> Purse:
    """The purse, locked until the transaction ends; refuses to wait longer than a moment."""
    try:
        locks.wait_at_most(LOCK_TIMEOUT)
        return Purse.objects.select_for_update(no_key=True).get(pk=purse.pk)
    except OperationalError as error:
        if locks.was_in_the_way(error):
            raise Refused(
                "The purse is in use this moment. Nothing was given; please tap again.", code="busy"
            ) from error
        raise


def fill_for(purse: Purse, day: date, *, now: datetime) -> None:
    """Fills a locked purse for `day`, once, after emptying what is left of the day before."""
    if not _waits_to_be_filled(purse, day):
        return
    rest, before = purse.balance().minor, purse.day_filled()
    if rest and before:
        enter(purse, PurseEntry.Kind.EMPTIED, -rest, day=before, now=now)
    enter(purse, PurseEntry.Kind.FILLED, purse.daily_minor, day=day, now=now)


def take_out(purse: Purse, amends: Amends, *, day: date) -> None:
    """Books a gift out of a locked purse."""
    kind, now = PurseEntry.Kind.GIVEN, amends.given_at
    enter(purse, kind, -amends.minor, day=day, now=now, amends=amends)


def put_back(entry: PurseEntry, *, now: datetime) -> None:
    """Books a gift's amount back into its locked purse, for the day it was taken from."""
    purse, day, minor = entry.purse, entry.day, -entry.minor
    enter(purse, PurseEntry.Kind.TAKEN_BACK, minor, day=day, now=now, amends=entry.amends)
    filled = purse.day_filled()
    if filled and day < filled:  # that day is over: nobody carries its rest into the next
        enter(purse, PurseEntry.Kind.EMPTIED, -minor, day=day, now=now)


def enter(
    purse: Purse, kind: str, minor: int, *, day: date, now: datetime, amends: Amends | None = None
) -> PurseEntry:
    """Adds one line to a locked purse's ledger."""
    return PurseEntry.objects.create(
        organisation_id=purse.organisation_id,
        purse=purse,
        kind=kind,
        minor=minor,
        day=day,
        entered_at=now,
        amends=amends,
    )


def _waits_to_be_filled(purse: Purse, day: date) -> bool:
    filled = purse.day_filled()
    return filled is None or filled < day
