"""Where we can be told: touchpoints and their secret links."""

from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import Site, Staff
from makegood.people.plain_text import one_line
from makegood.sense.facts import ButtonRetired, LinkRenewed, TouchpointPlaced, TouchpointRetired
from makegood.sense.models import Button, Touchpoint

LONGEST_DWELL = 24 * 60
LAST_VERSION = 32_767  # as far as the column and the token's two bytes both go


def place_touchpoint(
    *,
    site: Site,
    place: str,
    now: datetime,
    hint: str = "",
    dwell_minutes: int = 20,
    kind: str = Touchpoint.Kind.BUTTON,
    arrival_words: str = "",
    by: Staff | None = None,
) -> Touchpoint:
    """Places a button, or another touchpoint. Refuses a place of this site that has one already."""
    if not 1 <= dwell_minutes <= LONGEST_DWELL:
        raise Invalid(
            "How long customers stay is between a minute and a day.", field="dwell_minutes"
        )
    touchpoint = Touchpoint(
        organisation_id=site.organisation_id,
        site=site,
        kind=kind,
        place=one_line(place, field="place", longest=60, required=True),
        hint=one_line(hint, field="hint", longest=80),
        dwell_minutes=dwell_minutes,
        created_at=now,
    )
    if arrival_words:
        touchpoint.arrival_words = one_line(arrival_words, field="arrival_words", longest=60)
    with transaction.atomic():
        _insert(touchpoint)
        _tell(TouchpointPlaced(place=touchpoint.place), touchpoint, now, by)
    return touchpoint


def retire_touchpoint(
    *, touchpoint: Touchpoint, now: datetime, by: Staff | None = None
) -> Touchpoint:
    """Takes a touchpoint and its hardware out of use; its signals stay. Again changes nothing."""
    with transaction.atomic():
        found = _locked(touchpoint)
        if found.retired_at is None:
            found.retired_at = now
            found.save(update_fields=["retired_at"])
            for button in found.hardware.filter(retired_at=None).select_for_update(no_key=True):
                button.retired_at, button.look_at = now, None
                button.save(update_fields=["retired_at", "look_at"])
                _tell(ButtonRetired(), button, now, by)
            _tell(TouchpointRetired(), found, now, by)
    return found


def renew_link(*, touchpoint: Touchpoint, now: datetime, by: Staff | None = None) -> Touchpoint:
    """Gives a touchpoint a new secret link; cards printed before lead nowhere."""
    with transaction.atomic():
        found = _locked(touchpoint)
        if found.retired_at or found.link_version >= LAST_VERSION:
            raise Refused("This place has no link to renew. Place it anew.", code="retired")
        found.link_version += 1
        found.save(update_fields=["link_version"])
        _tell(LinkRenewed(link_version=found.link_version), found, now, by)
    return found


def _insert(touchpoint: Touchpoint) -> None:
    try:
        with transaction.atomic():
            touchpoint.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            f"{touchpoint.place} has a button already.", code="place_taken", field="place"
        ) from error


def _locked(touchpoint: Touchpoint) -> Touchpoint:
    found = Touchpoint.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("site").get(pk=touchpoint.pk)


def _tell(
    fact: chronicle.Fact, about: Touchpoint | Button, now: datetime, by: Staff | None
) -> None:
    chronicle.record(
        fact,
        organisation_id=about.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=about.pk,
    )
