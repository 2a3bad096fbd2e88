"""Hardware at a site, buttons and lamps: added, given a new secret, taken away."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from makegood.ground import bulletins, chronicle, topics
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import Site, Staff
from makegood.people.plain_text import one_line
from makegood.sense.facts import (
    ButtonAdded,
    ButtonRenewed,
    ButtonRetired,
    LampAdded,
    LampRenewed,
    LampRetired,
)
from makegood.sense.models import Button, Hardware, Lamp, Touchpoint
from makegood.sense.placing import LAST_VERSION

# How long each may say nothing before somebody should look at it, unless told otherwise. Ours
# reports every hour; the others report at least once a day, and Flic with nothing but a press.
SILENT_AFTER = {
    Button.Kind.MAKEGOOD: timedelta(hours=3),
    Button.Kind.SHELLY: timedelta(hours=26),
    Button.Kind.ZIGBEE2MQTT: timedelta(hours=26),
    Button.Kind.FLIC: None,
}
LAMP_SILENT_AFTER = timedelta(minutes=15)  # it is plugged in, and speaks every minute
LONGEST_PLACE = 60

Kind = TypeVar("Kind", Button, Lamp)


def add_button(
    *, touchpoint: Touchpoint, kind: str, now: datetime, by: Staff | None = None
) -> Button:
    """Adds hardware to a place in use. Refuses a kind we cannot read."""
    if kind not in Button.Kind.values:
        raise Invalid("Choose what kind of button it is.", field="kind")
    silent_after = SILENT_AFTER[Button.Kind(kind)]
    with transaction.atomic():
        place = Touchpoint.objects.select_for_update(no_key=True).get(pk=touchpoint.pk)
        if place.retired_at:
            raise Refused("This place is out of use. Place it anew.", code="retired")
        button = Button.objects.create(
            organisation_id=place.organisation_id,
            touchpoint=place,
            kind=kind,
            silent_after=silent_after,
            added_at=now,
            look_at=now + silent_after if silent_after else None,
        )
        _tell(ButtonAdded(touchpoint_id=place.pk, kind=kind), button, now, by)
    return button


def add_lamp(*, site: Site, place: str, now: datetime, by: Staff | None = None) -> Lamp:
    """Adds a light to a site; nobody misses it before it was heard once. Refuses no place."""
    called = one_line(place, field="lamp", longest=LONGEST_PLACE, required=True)
    with transaction.atomic():
        lamp = Lamp.objects.create(
            organisation_id=site.organisation_id, site=site, place=called,
            silent_after=LAMP_SILENT_AFTER, added_at=now,
        )  # fmt: skip
        _tell(LampAdded(site_id=site.pk), lamp, now, by)
    return lamp


def renew_button(*, button: Button, now: datetime, by: Staff | None = None) -> Button:
    """Gives a button a new secret; whoever has the old one is not heard any more."""
    with transaction.atomic():
        found = _renewed(button)
        _tell(ButtonRenewed(link_version=found.link_version), found, now, by)
    return found


def renew_lamp(*, lamp: Lamp, now: datetime, by: Staff | None = None) -> Lamp:
    """Gives a lamp a new secret; whoever has the old one is told nothing any more."""
    with transaction.atomic():
        found = _renewed(lamp)
        _tell(LampRenewed(link_version=found.link_version), found, now, by)
        _look_whom_you_light(found, now)
    return found


def retire_button(*, button: Button, now: datetime, by: Staff | None = None) -> Button:
    """Takes a button out of use; nobody looks after it any more. Again changes nothing."""
    with transaction.atomic():
        found, changed = _retired(button, now)
        if changed:
            _tell(ButtonRetired(), found, now, by)
    return found


def retire_lamp(*, lamp: Lamp, now: datetime, by: Staff | None = None) -> Lamp:
    """Takes a lamp out of use; nobody looks after it any more. Again changes nothing."""
    with transaction.atomic():
        found, changed = _retired(lamp, now)
        if changed:
            _tell(LampRetired(), found, now, by)
            _look_whom_you_light(found, now)
    return found


def _renewed(hardware: Kind) -> Kind:
    found = _locked(hardware)
    if found.retired_at or found.link_version >= LAST_VERSION:
        raise Refused("This is out of use. Add it anew.", code="retired")
    found.link_version += 1
    found.save(update_fields=["link_version"])
    return found


def _retired(hardware: Kind, now: datetime) -> tuple[Kind, bool]:
    found = _locked(hardware)
    if found.retired_at:
        return found, False
    found.retired_at, found.look_at = now, None
    found.save(update_fields=["retired_at", "look_at"])
    return found, True


def _locked(hardware: Kind) -> Kind:
    return type(hardware)._default_manager.select_for_update(no_key=True).get(pk=hardware.pk)


def _look_whom_you_light(lamp: Lamp, now: datetime) -> None:
    """Whoever lights lamps of this site asks again which: this one may be let in no more."""
    news = {"kind": "update", "fact": "sense.lamp"}
    told = [topics.site(lamp.site_id)]
    bulletins.post(told, news, organisation_id=lamp.organisation_id, at=now)


def _tell(fact: chronicle.Fact, hardware: Hardware, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=hardware.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=hardware.pk,
    )
