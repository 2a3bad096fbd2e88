"""Hardware at the places where customers press: added, given a new secret, taken away."""

from datetime import datetime, timedelta

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import Staff
from makegood.sense.facts import ButtonAdded, ButtonRenewed, ButtonRetired
from makegood.sense.models import Button, Touchpoint
from makegood.sense.placing import LAST_VERSION

# How long each may say nothing before somebody should look at it, unless told otherwise. Ours
# reports every hour; the others report at least once a day, and Flic with nothing but a press.
SILENT_AFTER = {
    Button.Kind.MAKEGOOD: timedelta(hours=3),
    Button.Kind.SHELLY: timedelta(hours=26),
    Button.Kind.ZIGBEE2MQTT: timedelta(hours=26),
    Button.Kind.FLIC: None,
}


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


def renew_button(*, button: Button, now: datetime, by: Staff | None = None) -> Button:
    """Gives a button a new secret; whoever has the old one is not heard any more."""
    with transaction.atomic():
        found = _locked(button)
        if found.retired_at or found.link_version >= LAST_VERSION:
            raise Refused("This button is out of use. Add it anew.", code="retired")
        found.link_version += 1
        found.save(update_fields=["link_version"])
        _tell(ButtonRenewed(link_version=found.link_version), found, now, by)
    return found


def retire_button(*, button: Button, now: datetime, by: Staff | None = None) -> Button:
    """Takes a button out of use; nobody looks after it any more. Again changes nothing."""
    with transaction.atomic():
        found = _locked(button)
        if found.retired_at is None:
            found.retired_at, found.look_at = now, None
            found.save(update_fields=["retired_at", "look_at"])
            _tell(ButtonRetired(), found, now, by)
    return found


def _locked(button: Button) -> Button:
    return Button.objects.select_for_update(no_key=True).get(pk=button.pk)


def _tell(fact: chronicle.Fact, button: Button, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=button.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=button.pk,
    )
