"""What a sender said: one press out of a form or a JSON body. Pure."""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl

import msgspec

from makegood.ground.refusals import Invalid, Refused
from makegood.sense.press_statement import KEY, OFFLINE_FOR_AT_MOST

FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
MOST_FIELDS = 20

Key = Annotated[str, msgspec.Meta(pattern=rf"^{KEY.pattern}\Z")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Said(msgspec.Struct, frozen=True):
    """The fields of a press. Both times are the sender's own clock, which may be wrong."""

    key: Key
    pressed_at: Moment | None = None
    sent_at: Moment | None = None

    def happened_at(self, now: datetime) -> datetime | None:
        """When they pressed, by our clock, within the time a press may be late; None is "now".

        With `sent_at` only the difference counts, so a phone whose clock is wrong does no harm.
        """
        if self.pressed_at is None:
            return None
        ago = (self.sent_at or now) - self.pressed_at
        return now - min(max(ago, timedelta()), OFFLINE_FOR_AT_MOST)


def read(content_type: str, body: bytes, *, now: datetime) -> tuple[str, datetime | None]:
    """The sender's key, and when they pressed if that was earlier.

    Refuses (415) another content type, (400) what cannot be parsed, (422) a field that is missing
    or wrong, naming it.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == JSON_TYPE:
        said = _from_json(body)
    elif kind == FORM_TYPE:
        said = _from_form(body)
    else:
        raise Refused(f"Send a press as {FORM_TYPE} or {JSON_TYPE}.", code="media_type", status=415)
    return said.key, said.happened_at(now)


def _from_json(body: bytes) -> Said:
    try:
        return _json.decode(body)
    except msgspec.ValidationError as error:
        raise _wrong_field(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("The body is not valid JSON.", code="malformed", status=400) from error


def _from_form(body: bytes) -> Said:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError as error:
        raise Refused("The body is not a valid form.", code="malformed", status=400) from error
    fields = {name: value for name, value in pairs if value}
    try:
        return msgspec.convert(fields, Said, strict=False)
    except msgspec.ValidationError as error:
        raise _wrong_field(error) from error


def _wrong_field(error: msgspec.ValidationError) -> Refused:
    said = str(error)
    _, _, path = said.partition("$.")
    field = path.rstrip("`") or next((name for name in _FIELDS if f"`{name}`" in said), "body")
    return Invalid(f"{field}: {said.partition(' - at ')[0]}", field=field)


_FIELDS = Said.__struct_fields__
_json = msgspec.json.Decoder(Said)
