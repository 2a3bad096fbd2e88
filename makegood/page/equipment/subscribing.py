"""A phone subscribes to be rung while its pager is closed, and says so again at every open.

It is rung as long as its owner is signed in there.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import connection, transaction

from makegood.ground.refusals import Refused
from makegood.page.channels.speaking import Address
from makegood.page.channels.webpush.sending import CHANNEL
from makegood.page.equipment.equipping import BY_HAND, add_device, retire_device
from makegood.page.models import Device, DeviceQuerySet
from makegood.people.models import Staff

RENEWED: Final = "its browser subscribed anew"
MOVED: Final = "a colleague uses this phone now"
SIGNED_OUT: Final = "its owner signed out there"
ENDED: Final = "its sign-in ended"
WANTED_SO: Final = (BY_HAND, SIGNED_OUT)  # it comes back only when it is asked for
OURS: Final = (*WANTED_SO, RENEWED, MOVED, ENDED)

# Sessions end by the world's clock. One that was cleared away has ended too.
SIGNED_IN_NO_MORE: Final = """
select d.id from page_device d where d.retired_at is null and d.session <> '' and not exists (
    select from django_session s where s.expire_date > clock_timestamp()
        and encode(sha256(convert_to(s.session_key, 'UTF8')), 'hex') = d.session
)
"""


def subscribe(
    *,
    staff: Staff,
    address: Address,
    name: str,
    session: str,
    now: datetime,
    asked: bool = False,
    former: str = "",
) -> Device:
    """This phone rings `staff`, and nobody else any more, until the `session` has ended in which
    it says so; saying so again is a sign of life.

    `asked`: the person wants it, just now; otherwise their browser says so by itself. `former`: the
    endpoint it had before. Refuses `gone` what its push service gave up, so that the browser
    subscribes anew, and `put_away` what its owner put away and did not ask for again.
    """
    with transaction.atomic():
        known = list(_at(staff, address["endpoint"]).select_for_update(of=("self",)))
        in_use = [device for device in known if device.retired_at is None]
        for device in in_use:
            if device.staff_id == staff.pk and device.address == dict(address):
                return _heard_of(device, session, now)
        retired = [device for device in known if device.retired_at]
        _refuse_retired(retired, staff, asked=asked)
        replaced = _at(staff, former).in_use().filter(staff=staff) if former else []
        for device in [*in_use, *replaced]:
            because = RENEWED if device.staff_id == staff.pk else MOVED
            retire_device(device=device, because=because, by=staff, now=now)
        device = add_device(staff=staff, channel=CHANNEL.name, name=name, address=address, now=now)
        return _heard_of(device, session, now)


def unsubscribe(*, staff: Staff, endpoint: str, now: datetime, because: str = BY_HAND) -> None:
    """This phone is rung no more while its pager is closed. Twice changes nothing."""
    with transaction.atomic():
        for device in _at(staff, endpoint).in_use().filter(staff=staff):
            retire_device(device=device, because=because, by=staff, now=now)


def is_signed_out(device: Device) -> bool:
    """Whether the sign-in this phone rings with has ended, though it is still in use."""
    if not device.session:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"{SIGNED_IN_NO_MORE} and d.id = %s", [device.pk])
        return cursor.fetchone() is not None


def put_away_signed_out(*, now: datetime) -> int:
    """Phones whose sign-in has ended by itself are rung no more; says how many. Who signs in there
    again has theirs back with the next open."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNED_IN_NO_MORE)
        ended = [pk for (pk,) in cursor.fetchall()]
    for device in Device.objects.filter(pk__in=ended):
        retire_device(device=device, because=ENDED, now=now)
    return len(ended)


def _at(staff: Staff, endpoint: str) -> DeviceQuerySet:
    """Every phone of the house that had this endpoint, latest last."""
    phones = Device.objects.filter(
        organisation_id=staff.organisation_id, channel=CHANNEL.name, address__endpoint=endpoint
    )
    return phones.order_by("added_at", "pk")


def _refuse_retired(retired: list[Device], staff: Staff, *, asked: bool) -> None:
    if any(device.retired_because not in OURS for device in retired):
        raise Refused("This phone has to subscribe anew.", code="gone")
    theirs = [device for device in retired if device.staff_id == staff.pk]
    if theirs and theirs[-1].retired_because in WANTED_SO and not asked:
        raise Refused("This phone was put away.", code="put_away")


def _heard_of(device: Device, session: str, now: datetime) -> Device:
    device.seen_at, device.lost_at = now, None
    device.session = sha256(session.encode()).hexdigest()  # whoever reads it signs in with nothing
    device.save(update_fields=["seen_at", "lost_at", "session"])
    return device
