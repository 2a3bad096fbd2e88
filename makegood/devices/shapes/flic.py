"""Flic: Cloud Buttons, and scripts on a Flic Hub.

A Cloud Button posts `{"token": "<JWT>"}` whose claims name the button, its battery as a word, and
`pressedAt`. The address it posts to is the button's own secret, so the claims are only read: they
say when, and never who. A script on a hub posts `{"click_type", "battery_status"?, "event"?,
"seconds_ago"?}`; the guide has one.
"""

import base64
from datetime import datetime

import msgspec

from makegood.devices.heard import Heard, Pressed, ago, decode, percent
from makegood.devices.shapes.makegood import Moment
from makegood.ground.refusals import Invalid

CLICKS = {"click", "double_click", "hold", "single", "double"}
NEARLY_EMPTY = 10  # percent, for the word "low"


class _Said(msgspec.Struct):
    token: str = ""
    click_type: str = ""
    battery_status: float | None = None
    event: str = ""
    seconds_ago: float | None = None


class _Claims(msgspec.Struct):
    pressed_at: Moment = msgspec.field(name="pressedAt")
    click_type: str = msgspec.field(name="clickType", default="click")
    battery: str = msgspec.field(name="buttonBatteryStatus", default="")


def webhook(body: bytes, *, now: datetime) -> Heard:
    """A click of either kind; refuses what is neither."""
    said = decode(_said, body)
    if said.token:
        return _from_cloud(said.token)
    if said.click_type not in CLICKS:
        raise Invalid("`click_type` is click, double_click or hold.", field="click_type")
    at = None if said.seconds_ago is None else now - ago(said.seconds_ago)
    return Heard((Pressed(event=said.event[:64], at=at),), percent(said.battery_status))


def _from_cloud(token: str) -> Heard:
    try:
        _, payload, _ = token.split(".")
        claims = decode(_claims, base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError as error:
        raise Invalid("`token` is not a JSON Web Token.", field="token") from error
    battery = NEARLY_EMPTY if claims.battery == "low" else None
    at = claims.pressed_at
    return Heard((Pressed(event=f"{claims.click_type}.{at.timestamp():.0f}", at=at),), battery)


_said = msgspec.json.Decoder(_Said)
_claims = msgspec.json.Decoder(_Claims)
