"""Which topics are a button's own, and what each of them says. Pure."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from makegood.devices.heard import Heard
from makegood.devices.shapes import makegood, shelly, zigbee2mqtt

OURS = "b/"
GEN1 = "shellies/"  # Shelly's first generation cannot be given another prefix, only a name

PAGERS = "p/"
LAMPS = "l/"
LOST = "lost"  # where a last will goes
_ID = re.compile("[0-9a-f]{32}")

_READERS: dict[str, Callable[[bytes], Heard]] = {
    "alive": makegood.alive,
    "events/rpc": shelly.notification,
    "status/devicepower:0": shelly.power,
    "input_event/0": shelly.input_event,
    "sensor/battery": shelly.battery,
    "zigbee2mqtt": zigbee2mqtt.state,
}


def below(button: UUID, topic: str) -> str | None:
    """What stands behind a button's own prefix; None when the topic is not its own."""
    for root in (OURS, GEN1):
        prefix = f"{root}{button.hex}/"
        if topic.startswith(prefix):
            return topic.removeprefix(prefix)
    return None


def speaker(topic: str) -> tuple[str, UUID] | None:
    """Whose topic it is: its root, and the id that comes next. None for what is nobody's."""
    root, _, rest = topic.partition("/")
    name, slash, _ = rest.partition("/")
    known = f"{root}/" in (OURS, GEN1, PAGERS, LAMPS)
    if not known or not slash or not _ID.fullmatch(name):
        return None
    return f"{root}/", UUID(name)


def read(tail: str, payload: bytes, *, now: datetime) -> Heard:
    """What a message below a button's prefix says. Topics we do not know say that it is alive.

    Refuses a message whose topic we know and whose shape is another.
    """
    if tail == "press":
        return makegood.press(payload, now=now)
    reader = _READERS.get(tail)
    return reader(payload) if reader else Heard()
