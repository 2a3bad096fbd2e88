"""What we noticed by ourselves: whoever it touched is told before they complain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle, wakeup
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.models import Customer, Site, Staff
from makegood.people.plain_text import one_line, paragraphs
from makegood.sense import topics
from makegood.sense.facts import IncidentReported, IncidentTakenBack
from makegood.sense.models import Incident, Signal, Touched, Touchpoint

LONGEST_WHAT = 400
MOST_AT_ONCE = 500
UNDO_WITHIN = timedelta(seconds=60)
PORTION, PORTION_EVERY = 20, timedelta(seconds=2)  # presses in between wait for no long list


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What went wrong, when and where; `key` is its source's own name for it.

    `what` is one sentence as we would tell the customer. No `source`: a colleague noticed it.
    """

    what: str
    topic: str
    happened_at: datetime
    key: str
    place: str = ""
    source: str = ""


@dataclass(frozen=True)
class Whom:
    """One whom it touched: a customer we know, a place whose guests have no name, or both."""

    customer: Customer | None = None
    touchpoint: Touchpoint | None = None

    @property
    def id(self) -> tuple[str, UUID]:
        """Who this is: the customer, else the place."""
        if self.customer:
            return "customer", self.customer.same_as_id or self.customer.pk
        if self.touchpoint:
            return "place", self.touchpoint.pk
        raise Invalid("Say whom it touched: a guest, or a place.", field="whom")


def report_incident(
    *,
    site: Site,
    happening: Happening,
    whom: Sequence[Whom],
    now: datetime,
    by: Staff | None = None,
) -> Incident:
    """Keeps an incident and makes a signal for each it touched, none twice for the same key.

    The same key again adds those who were not among them; what was said first stays. Refuses a
    list that is empty or longer than 500, a moment to come, an unknown topic and a foreign place.
    """
    incident = check(site=site, happening=happening, whom=whom, now=now, by=by)
    with transaction.atomic():
        kept = _kept(incident)
        fresh = [one for one in _once(whom) if one.id not in _touched_by(kept)]
        signals = [_signal(kept, one, now) for one in fresh]
        _take_in_portions(signals, now)
        Signal.objects.bulk_create(signals)
        Touched.objects.bulk_create(
            Touched(organisation_id=kept.organisation_id, incident=kept, signal=signal)
            for signal in signals
        )
        if signals:
            _tell(IncidentReported(signals=len(signals)), kept, now, by)
            wakeup.wake("urgent")
    return kept


def check(
    *,
    site: Site,
    happening: Happening,
    whom: Sequence[Whom],
    now: datetime,
    by: Staff | None = None,
) -> Incident:
    """The incident that a report would keep, unsaved; refuses all that `report_incident` does."""
    incident = _checked(site, happening, by, now)
    _check_whom(site, whom, by)
    return incident


def take_back(*, incident: Incident, by: Staff, now: datetime) -> Incident:
    """Undoes a report within a minute: it was not so, or not them. Again: changes nothing.

    Refuses after that minute; each case is then closed by itself, with its reason.
    """
    with transaction.atomic():
        signals = Signal.objects.filter(touched__incident=incident).order_by("pk")
        ids = list(
            signals.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)
        )
        found = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        if found.taken_back_at:
            return found
        if now > found.reported_at + UNDO_WITHIN:
            raise Refused(
                "A minute has passed. Close each case that should not be, with its reason.",
                code="too_late",
            )
        Signal.objects.filter(pk__in=ids).update(cancelled_at=now)
        found.taken_back_at = now
        found.save(update_fields=["taken_back_at"])
        _tell(IncidentTakenBack(), found, now, by)
    return found


def _check_whom(site: Site, whom: Sequence[Whom], by: Staff | None) -> None:
    if by and by.organisation_id != site.organisation_id:
        raise NotAllowed
    if not whom:
        raise Invalid("Say whom it touched: at least one guest, or one place.", field="whom")
    if len(whom) > MOST_AT_ONCE:
        raise Invalid(
            f"At most {MOST_AT_ONCE} at once. Send the rest with the same key; none counts twice.",
            field="whom",
        )
    for one in whom:
        if one.customer and one.customer.organisation_id != site.organisation_id:
            raise NotAllowed
        if one.touchpoint and one.touchpoint.site_id != site.pk:
            raise Invalid(f"{one.touchpoint.place} is not at {site.name}.", field="places")


def _checked(site: Site, happening: Happening, by: Staff | None, now: datetime) -> Incident:
    if happening.happened_at > now:
        raise Invalid("This is still to come. When did it happen?", field="happened_at")
    if not by and not happening.source.strip():
        raise Invalid("Say which system reports this.", field="source")
    return Incident(
        organisation_id=site.organisation_id,
        site=site,
        source=one_line(happening.source, field="source", longest=40),
        key=one_line(happening.key, field="key", longest=64, required=True),
        what=paragraphs(happening.what, field="what", longest=LONGEST_WHAT, required=True),
        topic=topics.chosen_by_us(happening.topic),
        place=one_line(happening.place, field="place", longest=60),
        happened_at=happening.happened_at,
        reported_at=now,
        reported_by=by,
    )


def _kept(incident: Incident) -> Incident:
    """The incident of this key, new or not; held, so that two reports of it come in turn."""
    named = {
        "organisation_id": incident.organisation_id,
        "source": incident.source,
        "key": incident.key,
    }
    Incident.objects.bulk_create([incident], ignore_conflicts=True)
    kept = Incident.objects.select_for_update(no_key=True, of=("self",)).get(**named)
    if kept.site_id != incident.site_id:
        raise Invalid("Another site has an incident with this key.", field="key")
    if kept.taken_back_at:
        raise Refused("This was taken back. Report it with a new key.", code="taken_back")
    return kept


def _once(whom: Iterable[Whom]) -> list[Whom]:
    return list({one.id: one for one in whom}.values())


def _touched_by(incident: Incident) -> set[tuple[str, UUID]]:
    signals = Signal.objects.filter(touched__incident=incident)
    named = signals.exclude(customer=None).values_list("customer_id", flat=True)
    places = signals.filter(customer=None).values_list("touchpoint_id", flat=True)
    return {("customer", one) for one in named} | {("place", one) for one in places}


def _signal(incident: Incident, whom: Whom, now: datetime) -> Signal:
    there, signal_id = whom.touchpoint, new_id()
    place = there.place if there else incident.place or incident.site.name[:60]
    return Signal(
        id=signal_id,
        organisation_id=incident.organisation_id,
        site=incident.site,
        touchpoint=there,
        customer_id=whom.id[1] if whom.customer else None,
        kind=Signal.Kind.INCIDENT,
        key=f"incident-{signal_id}",
        place=place,
        dwell_minutes=there.dwell_minutes if there else 0,
        words=incident.what,
        topics=[incident.topic],
        happened_at=incident.happened_at,
        received_at=now,
    )


def _take_in_portions(signals: Sequence[Signal], now: datetime) -> None:
    for number, signal in enumerate(signals):
        if number >= PORTION:
            signal.try_after = now + number // PORTION * PORTION_EVERY


def _tell(fact: chronicle.Fact, incident: Incident, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=incident.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=incident.pk,
    )
