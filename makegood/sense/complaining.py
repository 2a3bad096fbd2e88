"""A complaint in words, noted by the colleague who heard it."""

from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle, wakeup
from makegood.ground.ids import new_id
from makegood.ground.refusals import NotAllowed
from makegood.people.models import Customer, Site, Staff
from makegood.people.plain_text import one_line, paragraphs
from makegood.sense.adding import LONGEST_WORDS
from makegood.sense.facts import ComplaintReceived
from makegood.sense.models import Signal, Touchpoint

USUAL_DWELL_MINUTES = 20


def note_complaint(
    *,
    site: Site,
    place: str,
    words: str,
    by: Staff,
    now: datetime,
    customer: Customer | None = None,
) -> Signal:
    """Notes what a customer told a colleague, as a signal like any other.

    A place that has a button lends it how long customers stay, and shares its case.
    """
    if by.organisation_id != site.organisation_id:
        raise NotAllowed
    place = one_line(place, field="place", longest=60, required=True)
    words = paragraphs(words, field="words", longest=LONGEST_WORDS, required=True)
    signal_id = new_id()
    with transaction.atomic():
        there = Touchpoint.objects.filter(site=site, place__iexact=place, retired_at=None).first()
        signal = Signal.objects.create(
            id=signal_id,
            organisation_id=site.organisation_id,
            site=site,
            touchpoint=there,
            customer=customer,
            kind=Signal.Kind.COMPLAINT,
            key=f"complaint-{signal_id}",
            place=there.place if there else place,
            dwell_minutes=there.dwell_minutes if there else USUAL_DWELL_MINUTES,
            words=words,
            happened_at=now,
            received_at=now,
        )
        chronicle.record(
            ComplaintReceived(),
            organisation_id=site.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk),
            about=signal.pk,
        )
        wakeup.wake("urgent")
    return signal
