"""The channels there are. A new capsule is one line here."""

from typing import Final

from makegood.page.channels.mail.sending import CHANNEL as MAIL
from makegood.page.channels.message.sending import CHANNEL as MESSAGE
from makegood.page.channels.speaking import Address, Channel, Stops
from makegood.page.channels.webpush.sending import CHANNEL as WEBPUSH

SCREEN: Final = Channel(name="screen", title="the open pager", way=lambda _: "line")
WRIST: Final = Channel(name="wrist", title="wrist pager", way=lambda _: "wrist")

CHANNELS: Final = {channel.name: channel for channel in (SCREEN, WRIST, WEBPUSH, MESSAGE, MAIL)}


def carried() -> list[str]:
    """The names of channels across a network."""
    return [name for name, channel in CHANNELS.items() if not channel.is_told]


def is_told(channel: str) -> bool:
    """Whether a bulletin reaches devices of this channel."""
    return CHANNELS[channel].is_told


def stopping(*stops: Stops) -> list[str]:
    """The carried channels that tell these to stop."""
    return [name for name in carried() if CHANNELS[name].stops in stops]


def way_of(channel: str, address: Address) -> str:
    """What fails together with a device of this channel at this address."""
    return CHANNELS[channel].way(address)
