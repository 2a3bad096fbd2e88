"""Our own firmware, and whatever is made to speak to us: a key, and how long ago.

`press`: {"key": "…", "pressed_at"?, "sent_at"?, "seconds_ago"?, "battery"?}; `alive`: {"battery"?}.
The times are the device's own clock, which may be wrong; with `sent_at` only the difference counts.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from makegood.devices.heard import Heard, Pressed, ago, decode, percent

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Press(msgspec.Struct):
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    pressed_at: Moment | None = None
    sent_at: Moment | None = None
    seconds_ago: Annotated[float, msgspec.Meta(ge=0)] | None = None
    battery: float | None = None


class _Alive(msgspec.Struct):
    battery: float | None = None


def press(body: bytes, *, now: datetime) -> Heard:
    """One press."""
    said = decode(_press, body)
    at = said.pressed_at
    if said.seconds_ago is not None:
        at = now - ago(said.seconds_ago)
    elif at is not None and said.sent_at is not None:
        at = now - ago((said.sent_at - at).total_seconds())
    return Heard((Pressed(event=said.key, at=at),), percent(said.battery))


def alive(body: bytes) -> Heard:
    """A heartbeat; an empty message is one too."""
    return Heard(battery=percent(decode(_alive, body).battery)) if body else Heard()


_press = msgspec.json.Decoder(_Press)
_alive = msgspec.json.Decoder(_Alive)
