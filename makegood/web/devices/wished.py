"""Reads the form of how somebody wants to be rung."""

from collections.abc import Iterable
from datetime import time, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid
from makegood.page.equipment.equipping import QuietHours
from makegood.page.models import Device


def read(
    form: QueryDict, devices: Iterable[Device]
) -> tuple[dict[UUID, timedelta], QuietHours | None]:
    """The delay of each device, and the quiet hours, if any; refuses what is no number or time."""
    delays = {device.pk: _seconds(form.get(f"after-{device.pk}", "0")) for device in devices}
    begins, ends = form.get("quiet_from", ""), form.get("quiet_until", "")
    if not begins and not ends:
        return delays, None
    return delays, QuietHours(
        _time(begins, "quiet_from"), _time(ends, "quiet_until"), _number(form.get("quiet_below"))
    )


def _seconds(text: str) -> timedelta:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Invalid(_("Choose one from the list."), field="delays")
    return timedelta(seconds=int(text))


def _time(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise Invalid(_("Quiet hours need a beginning and an end."), field=field) from error


def _number(text: str | None) -> int:
    if text is None or text not in "2345" or len(text) != 1:
        raise Invalid(_("Choose one from the list."), field="quiet_below")
    return int(text)
