"""The customer would rather be called: when, on which number, and that it was done."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.page.hands.ending import end_pages
from makegood.page.models import Page
from makegood.people import opening
from makegood.people.contacts import normal_phone
from makegood.people.models import Staff
from makegood.people.recognising import region_at
from makegood.recover import telling
from makegood.recover.belonging import matters_of
from makegood.recover.facts import CallbackAsked, CustomerCalled
from makegood.recover.holding import hold
from makegood.recover.models import Callback, Case
from makegood.recover.steps.stepping import checked_words
from makegood.recover.versions.publishing import policy_of

SOON = timedelta(minutes=15)
AFTER_THE_MEAL = timedelta(minutes=90)
TOMORROW_AT = time(9, 30)
MEALS = ((time(7), time(10, 30), "After breakfast"), (time(12), time(15, 30), "After lunch"),
         (time(18), time(22, 30), "After dinner"))  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """A time we offer; `at` (local) is None where the customer chooses."""

    label: str
    at: datetime | None


def callback_slots(now_local: datetime, closes_at: datetime | None) -> list[Slot]:
    """In 15 minutes, after the meal, tomorrow, or another time; nothing after we close. Pure."""
    today = [
        Slot("In 15 minutes", _round_up(now_local + SOON, 5)),
        Slot(_meal(now_local.time()), _round_up(now_local + AFTER_THE_MEAL, 15)),
    ]
    tomorrow = datetime.combine(now_local.date() + timedelta(days=1), TOMORROW_AT, now_local.tzinfo)
    offered = [slot for slot in today if _before_closing(slot, closes_at, tomorrow)]
    return [*offered, Slot("Tomorrow", tomorrow), Slot("Another time", None)]


def slots_for(case: Case, *, now: datetime) -> list[Slot]:
    """The times to offer the customer of `case`, by the hours of its site."""
    local = now.astimezone(ZoneInfo(case.site.timezone))
    return callback_slots(local, opening.closing(case.site, now))


def ask_callback(*, case: Case, wanted_at: datetime, phone: str, now: datetime) -> Callback:
    """Notes that the customer wants to be called; asking again moves the call.

    The number is for this call only: it tells us nothing else, and goes once they were called.
    Refuses a time that is past or further off than the policy allows, and what is no phone number.
    """
    within = policy_of(case.policy_id).callback_within
    if not now < wanted_at <= now + within:
        raise Invalid(
            f"Please choose a time from now on, within {within.days} days.", field="wanted_at"
        )
    region = region_at(case.organisation_id, case.site)
    number = normal_phone(phone, region=region) if phone.strip() else ""
    with transaction.atomic():
        hold(case.pk)
        callback, _ = Callback.objects.update_or_create(
            case=case,
            defaults={
                "organisation_id": case.organisation_id, "phone": number, "wanted_at": wanted_at,
                "asked_at": now, "look_at": wanted_at, "rung_at": None, "called_at": None,
            },
        )  # fmt: skip
        end_pages(about=case.pk, purpose=Page.Purpose.CALL, now=now)
        entry = chronicle.record(
            CallbackAsked(wanted_at=wanted_at),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.CUSTOMER,
            about=case.pk,
        )
        telling.tell(case, what=entry.name, at=now)
    return callback


def note_called(*, case: Case, by: Staff, words: str, now: datetime) -> Callback:
    """A colleague called, and says how it went. Refuses a case without a call-back, or called."""
    said = checked_words(words, field="words", remedy="Say in a few words how the call went.")
    with transaction.atomic():
        hold(case.pk)
        waiting = list(_waiting(case).select_for_update(of=("self",)))
        if not waiting:
            raise Refused("Nobody waits for a call here.", code="no_callback")
        for callback in waiting:
            callback.called_at, callback.look_at, callback.phone = now, None, ""
            callback.save(update_fields=["called_at", "look_at", "phone"])
        case.refresh_from_db(fields=["reached_at", "owner"])
        case.reached_at, case.owner = case.reached_at or now, case.owner or by
        case.save(update_fields=["reached_at", "owner"])
        entry = chronicle.record(
            CustomerCalled(words=said),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk),
            about=case.pk,
        )
        end_pages(about=case.pk, purpose=Page.Purpose.CALL, now=now, by=entry.by)
        telling.tell(case, what=entry.name, at=now)
    return waiting[0]


def waiting_callback(case: Case) -> Callback | None:
    """The call that the customer waits for, the first if they asked on cases that were joined."""
    return _waiting(case).first()


def _waiting(case: Case) -> QuerySet[Callback]:
    asked = Callback.objects.filter(case__in=matters_of(case.pk), called_at=None)
    return asked.order_by("wanted_at", "pk")


def _meal(local: time) -> str:
    for begins, ends, words in MEALS:
        if begins <= local <= ends:
            return words
    return "A little later"


def _before_closing(slot: Slot, closes_at: datetime | None, tomorrow: datetime) -> bool:
    if slot.at is None or slot.at >= tomorrow:
        return False
    return closes_at is None or slot.at <= closes_at


def _round_up(moment: datetime, minutes: int) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    up = whole + timedelta(minutes=-whole.minute % minutes)
    return up if up >= moment else up + timedelta(minutes=minutes)
