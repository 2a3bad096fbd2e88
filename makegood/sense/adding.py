"""What a customer adds after the press: more words, a way to reach them, or taking it back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.people.contacts import LONGEST, read_contact
from makegood.people.models import Customer
from makegood.people.plain_text import one_line, paragraphs
from makegood.people.recognising import learn_name, recognise, region_at
from makegood.sense.facts import ContactLeft, PressCancelled, RemarkAdded
from makegood.sense.models import Remark, Signal
from makegood.sense.topics import chosen

LONGEST_WORDS = 2_000


def add_remark(
    *, signal: Signal, topics: Iterable[str], words: str, name: str, now: datetime
) -> Remark:
    """Keeps what the customer says beyond the press; as often as they like.

    Refuses a topic we never offered, words longer than a letter, and saying nothing at all.
    """
    remark = Remark(
        organisation_id=signal.organisation_id,
        signal=signal,
        topics=chosen(topics),
        words=paragraphs(words, field="words", longest=LONGEST_WORDS),
        name=one_line(name, field="name", longest=120),
        said_at=now,
    )
    if not (remark.topics or remark.words or remark.name):
        raise Invalid("Please tell us a little, or choose what went wrong.", field="words")
    with transaction.atomic():
        customer = Customer.objects.filter(signals=signal).first()
        if customer and remark.name:
            learn_name(customer=customer, name=remark.name)
        _locked(signal)  # either triage reads this remark, or its verdict is there to be revised
        remark.save(force_insert=True)
        chronicle.record(
            RemarkAdded(remark_id=remark.pk),
            organisation_id=signal.organisation_id,
            at=now,
            by=chronicle.CUSTOMER,
            about=signal.pk,
        )
    return remark


def leave_contact(*, signal: Signal, contact: str, now: datetime) -> Customer:
    """Learns from an e-mail address or phone number whose signal this is.

    Refuses, naming the field `contact`, what is neither.
    """
    contact = one_line(contact, field="contact", longest=LONGEST, required=True)
    site = signal.site
    point = read_contact(contact, region=region_at(signal.organisation_id, site))
    with transaction.atomic():
        customer = recognise(
            organisation_id=signal.organisation_id,
            contacts=[point],
            name=_name_said(signal),
            now=now,
            by=chronicle.CUSTOMER,
            site=site,
        )
        found = _locked(signal)
        before = found.customer_id
        found.customer = signal.customer = customer
        found.save(update_fields=["customer"])
        chronicle.record(
            ContactLeft(customer_id=customer.pk, before=before),
            organisation_id=signal.organisation_id,
            at=now,
            by=chronicle.CUSTOMER,
            about=signal.pk,
        )
    return customer


def cancel_press(*, signal: Signal, now: datetime) -> Signal:
    """Takes a press back. Taking it back again changes nothing."""
    if signal.kind != Signal.Kind.PRESS:
        raise Refused("Only a press can be taken back.", code="not_a_press")
    with transaction.atomic():
        found = _locked(signal)
        if found.cancelled_at is None:
            found.cancelled_at = now
            found.save(update_fields=["cancelled_at"])
            chronicle.record(
                PressCancelled(),
                organisation_id=found.organisation_id,
                at=now,
                by=chronicle.CUSTOMER,
                about=found.pk,
            )
    return found


def _locked(signal: Signal) -> Signal:
    """Taken after the customer and before the case, everywhere."""
    rows = Signal.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("site").get(pk=signal.pk)


def _name_said(signal: Signal) -> str:
    named = signal.remarks.exclude(name="").order_by("-said_at", "-pk").first()
    return named.name if named else ""
