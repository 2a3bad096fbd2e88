"""What a customer adds after the press: more words, a way to reach them, or taking it back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.people.contacts import LONGEST, Contact, read_contact
from makegood.people.models import Customer, Staff
from makegood.people.plain_text import one_line, paragraphs
from makegood.people.recognising import add_point, learn_name, recognise, region_at
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


def leave_contact(
    *, signal: Signal, contact: str, now: datetime, known: Customer | None = None
) -> Customer:
    """Learns from an e-mail address or phone number whose signal this is.

    A second one is added to whose it is already (`known` where a colleague told us), or corrects
    what they typed before. What could hand somebody's letters to a stranger becomes words for a
    colleague instead. Refuses, naming the field `contact`, what is neither.
    """
    point = _read(signal, contact)
    with transaction.atomic():
        held = Customer.objects.filter(signals=signal).first() or known
        customer = add_point(
            customer=held, contact=point, only_typed=_met_by(signal, held), now=now,
            by=chronicle.CUSTOMER, site=signal.site,
        ) if held else _recognised(signal, point, now, by=chronicle.CUSTOMER)  # fmt: skip
        if held and customer is None:
            words = f"I can also be reached at {point.value}."
            add_remark(signal=signal, topics=[], words=words, name="", now=now)
            return held
        assert customer is not None
        _told_whose(signal, customer, now, by=chronicle.CUSTOMER)
    return customer


def note_contact(
    *,
    signal: Signal,
    contact: str,
    by: Staff,
    now: datetime,
    known: Customer | None,
    name: str = "",
) -> Customer:
    """A colleague says where the customer can be reached: `known`, who learns it, or somebody new.

    Refuses, naming the field `contact`, what is neither address nor number, and what belongs to
    somebody whose name speaks against being `known`.
    """
    point, actor = _read(signal, contact), chronicle.staff_actor(by.pk)
    with transaction.atomic():
        customer = _recognised(signal, point, now, by=actor, known=known, name=name)
        _told_whose(signal, customer, now, by=actor)
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


def _read(signal: Signal, contact: str) -> Contact:
    contact = one_line(contact, field="contact", longest=LONGEST, required=True)
    return read_contact(contact, region=region_at(signal.organisation_id, signal.site))


def _recognised(
    signal: Signal, point: Contact, now: datetime, *, by: str, known: Customer | None = None,
    name: str = "",
) -> Customer:  # fmt: skip
    return recognise(
        organisation_id=signal.organisation_id,
        contacts=[point],
        name=name or ("" if known else _name_said(signal)),
        now=now,
        by=by,
        site=signal.site,
        known=known,
    )


def _met_by(signal: Signal, customer: Customer) -> bool:
    """Whether this signal is all we know the customer by."""
    others = Signal.objects.filter(customer=customer).exclude(pk=signal.pk)
    known_since = customer.first_met_at < signal.received_at
    return not (known_since or others.exists() or customer.visits.exists())


def _told_whose(signal: Signal, customer: Customer, now: datetime, *, by: str) -> None:
    found = _locked(signal)
    before = found.customer_id
    found.customer = signal.customer = customer
    found.save(update_fields=["customer"])
    chronicle.record(
        ContactLeft(customer_id=customer.pk, before=before),
        organisation_id=signal.organisation_id,
        at=now,
        by=by,
        about=signal.pk,
    )


def _locked(signal: Signal) -> Signal:
    """Taken after the customer and before the case, everywhere."""
    rows = Signal.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("site").get(pk=signal.pk)


def _name_said(signal: Signal) -> str:
    named = signal.remarks.exclude(name="").order_by("-said_at", "-pk").first()
    return named.name if named else ""
