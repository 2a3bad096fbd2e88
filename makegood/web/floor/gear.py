"""What rings somebody on the floor: drawn while it is well, said in words once it is not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.page.duty.losing import Gear, Loss
from makegood.people.models import Duty
from makegood.web.duty.ways import icon_of, thing_of
from makegood.web.floor.promised import span
from makegood.web.floor.sentence import Lost


@dataclass(frozen=True)
class Tag:
    """A word about what is wrong."""

    words: str
    is_late: bool = True


@dataclass(frozen=True)
class Drawn:
    """The right end of somebody's line: icons, or what is wrong instead."""

    icons: Sequence[str]
    title: str
    tags: Sequence[Tag]


def drawn(duty: Duty, gear: Gear, *, now: datetime) -> Drawn:
    """`now` in the time of the site."""
    tags = [_loss(one, now) for one in gear.losses]
    if not duty.felt_at:
        tags.append(Tag(_("Phone not felt")))
    for device in gear.running_low:
        words = {"thing": thing_of(device).capitalize(), "left": device.battery}
        tags.append(Tag(_("%(thing)s %(left)s %%") % words, is_late=False))
    pager = icon_of(None)
    others = [icon for one in gear.there if (icon := icon_of(one)) != pager]
    return Drawn([*dict.fromkeys(others), pager], _title(duty, gear), tags)


def lost_by(duties: Iterable[Duty], gear: Mapping[UUID, Gear]) -> list[Lost]:
    """Every way that died, for the sentence above the board."""
    return [
        Lost(duty.staff.first_name, thing_of(loss.device), loss.is_silent)
        for duty in duties
        for loss in gear[duty.staff_id].losses
    ]


def _loss(loss: Loss, now: datetime) -> Tag:
    words = {"thing": thing_of(loss.device).capitalize(), "ago": span(now - loss.since)}
    if loss.is_silent:
        return Tag(_("%(thing)s silent %(ago)s") % words)
    return Tag(_("%(thing)s gone %(ago)s") % words)


def _title(duty: Duty, gear: Gear) -> str:
    if not duty.felt_at:
        return ""
    felt = date_format(timezone.localtime(duty.felt_at), "H:i")
    said = [_("Phone felt %(time)s") % {"time": felt}, *(one.name for one in gear.there)]
    return ", ".join(said)
