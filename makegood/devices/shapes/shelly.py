"""Shelly: Gen2 and later over MQTT and webhooks, Gen1 over MQTT.

Gen2 publishes notifications to `<prefix>/events/rpc` and its battery to `<prefix>/status/
devicepower:0`; `btn_down` and `btn_up` come with every push and are no presses of their own.
A webhook of theirs is a GET whose address they complete: `${status.sys.unixtime}` becomes a time.
Gen1 publishes `{"event": "S", "event_cnt": 3}` to `<prefix>/input_event/0`.
"""

from collections.abc import Mapping

import msgspec

from makegood.devices.heard import CLOCKS_ARE_SET_SINCE, Heard, Pressed, decode, moment, percent
from makegood.ground.refusals import Invalid

PUSHES = {"single_push", "double_push", "triple_push", "long_push"}
GEN1_PUSHES = {"S", "SS", "SSS", "L", "SL", "LS"}


class _Battery(msgspec.Struct):
    percent: float | None = None


class _Power(msgspec.Struct):
    battery: _Battery | None = None


class _Event(msgspec.Struct):
    event: str
    component: str = ""
    ts: float | None = None


class _Params(msgspec.Struct):
    events: list[_Event] = []
    power: _Power | None = msgspec.field(default=None, name="devicepower:0")


class _Notification(msgspec.Struct):
    method: str
    params: _Params = msgspec.field(default_factory=_Params)


class _InputEvent(msgspec.Struct):
    event: str
    event_cnt: int


def notification(body: bytes) -> Heard:
    """Gen2, `events/rpc`: NotifyEvent with pushes, NotifyStatus and NotifyFullStatus with power."""
    params = decode(_notification, body).params
    presses = tuple(_pressed(event) for event in params.events if event.event in PUSHES)
    return Heard(presses, _left(params.power))


def power(body: bytes) -> Heard:
    """Gen2, `status/devicepower:0`."""
    return Heard(battery=_left(decode(_power, body)))


def input_event(body: bytes) -> Heard:
    """Gen1, `input_event/0`; its counter may begin anew when the battery was changed."""
    said = decode(_input_event, body)
    if said.event not in GEN1_PUSHES:
        return Heard()
    return Heard((Pressed(event=f"n{said.event_cnt}", counter=True),))


def battery(body: bytes) -> Heard:
    """Gen1, `sensor/battery`: a bare number."""
    return Heard(battery=percent(decode(_number, body)))


def webhook(query: Mapping[str, str]) -> Heard:
    """Gen2, a webhook's address: `?event=single_push&at=<unix time>&battery=<percent>`.

    Refuses an `at` that is no time: then nobody pressed, somebody opened the address as it is
    written in the instructions. That is why it may be a GET.
    """
    event, at = query.get("event", ""), moment(_float(query.get("at", "")))
    if at is None or at < CLOCKS_ARE_SET_SINCE:
        raise Invalid("`at` is the moment of the push in seconds since 1970.", field="at")
    left = percent(_float(query.get("battery", "")))
    if event and event not in PUSHES:
        return Heard(battery=left)
    return Heard((Pressed(event=f"{event or 'push'}.{at.timestamp():.0f}", at=at),), left)


def _pressed(event: _Event) -> Pressed:
    at = moment(event.ts)
    name = f"{event.component}.{event.ts:.2f}" if event.ts is not None else ""
    unset = at is None or at < CLOCKS_ARE_SET_SINCE
    return Pressed(event=name, counter=unset, at=None if unset else at)


def _left(power: _Power | None) -> int | None:
    return percent(power.battery.percent) if power and power.battery else None


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


_notification = msgspec.json.Decoder(_Notification)
_power = msgspec.json.Decoder(_Power)
_input_event = msgspec.json.Decoder(_InputEvent)
_number = msgspec.json.Decoder(float, strict=False)
