"""What a button said, whatever its make: presses, and how it is. Pure."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from makegood.ground.refusals import Invalid, Refused
from makegood.sense.press_statement import OFFLINE_FOR_AT_MOST, is_key

ONE_PRESS: Final = 10  # seconds in which presses without a name of their own are one
COUNTS_ANEW_AFTER: Final = 600  # seconds in which a counter does not come to the same number again
CLOCKS_ARE_SET_SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)  # before, a clock is not set yet
LONGEST_EVENT: Final = 30

Shape = TypeVar("Shape")


class Pressed(msgspec.Struct, frozen=True):
    """One press. `event` is the sender's own name for it, or a `counter` that may begin anew."""

    event: str = ""
    counter: bool = False
    at: datetime | None = None  # when it was pressed, if not just now


class Heard(msgspec.Struct, frozen=True):
    """All that one message says; without presses it says that the button is alive."""

    presses: tuple[Pressed, ...] = ()
    battery: int | None = None


def key_of(button: UUID, pressed: Pressed, *, now: datetime) -> str:
    """The key under which a press counts once, however often it is sent."""
    second = int(now.timestamp())
    if not pressed.event:
        return f"{button.hex}:t{second // ONE_PRESS}"
    event = pressed.event
    if pressed.counter:
        event += f".{second // COUNTS_ANEW_AFTER}"
    key = f"{button.hex}:{event}"
    if len(event) > LONGEST_EVENT or not is_key(key):
        return f"{button.hex}:x{sha256(event.encode()).hexdigest()[:24]}"
    return key


def happened_at(pressed: Pressed, *, now: datetime) -> datetime | None:
    """When it was pressed, within the time a press may be late; None is "now"."""
    if pressed.at is None or pressed.at < CLOCKS_ARE_SET_SINCE:
        return None
    return min(max(pressed.at, now - OFFLINE_FOR_AT_MOST), now)


def moment(unix_time: float | None) -> datetime | None:
    """A moment out of seconds since 1970, or None for what is none."""
    if unix_time is None or not 0 <= unix_time < 32_503_680_000:  # the year 3000
        return None
    return datetime.fromtimestamp(unix_time, UTC)


def ago(seconds: float) -> timedelta:
    """How long ago, within the time a press may be late."""
    return min(timedelta(seconds=min(max(seconds, 0.0), 1e8)), OFFLINE_FOR_AT_MOST)


def percent(number: float | None) -> int | None:
    """A battery in whole percent, or None for what is no percentage."""
    return round(number) if number is not None and 0 <= number <= 100 else None


def decode(decoder: msgspec.json.Decoder[Shape], body: bytes) -> Shape:
    """A message in JSON; refuses (400) what is none, (422) what has another shape."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        field = str(error).partition("$.")[2].rstrip("`") or "body"
        raise Invalid(str(error).partition(" - at ")[0], field=field) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("The message is not valid JSON.", code="malformed", status=400) from error
