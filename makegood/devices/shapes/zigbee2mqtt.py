"""Zigbee2MQTT: the state of one device, passed on as it was published.

`action` is the press: single, double, hold, on, 1_single …; empty, or a release, is none. Reports
of the battery come without one. `last_seen` or `action_transaction` name the press if there.
"""

import msgspec

from makegood.devices.heard import Heard, Pressed, decode, percent

NO_PRESS = ("release", "stop")


class _State(msgspec.Struct):
    action: str | None = None
    battery: float | None = None
    last_seen: str | float | None = None
    action_transaction: int | None = None


def state(body: bytes) -> Heard:
    """What one device published."""
    said = decode(_state, body)
    battery = percent(said.battery)
    if not said.action or said.action.endswith(NO_PRESS):
        return Heard(battery=battery)
    if said.last_seen is not None:
        return Heard((Pressed(event=f"{said.action}.{said.last_seen}"),), battery)
    if said.action_transaction is not None:
        event = f"{said.action}.{said.action_transaction}"
        return Heard((Pressed(event=event, counter=True),), battery)
    return Heard((Pressed(),), battery)


_state = msgspec.json.Decoder(_State)
