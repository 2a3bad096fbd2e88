"""Buttons over plain HTTP: everything under /b/<secret>/. Translates, commits, translates back."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from makegood.devices.heard import Heard
from makegood.devices.hearing import Hearing, NotNow, NotOurs
from makegood.devices.shapes import flic, makegood, shelly, zigbee2mqtt
from makegood.ground import asgi
from makegood.ground.asgi import Answer, Receive, Scope, Send, json_answer
from makegood.ground.refusals import NotFound, Refused

PREFIX = "/b/"
LARGEST_BODY = 8 * 1024
LONGEST_QUERY = 1024
RETRY_AFTER = "5"

Reader = Callable[[bytes, datetime], Heard]

_POSTED: dict[str, Reader] = {
    "press": lambda body, now: makegood.press(body, now=now),
    "alive": lambda body, now: makegood.alive(body),
    "flic": lambda body, now: flic.webhook(body, now=now),
    "zigbee2mqtt": lambda body, now: zigbee2mqtt.state(body),
}
SHELLY = "shelly"  # sends a GET, which says more than its address only if a device completed it


class Webhooks:
    """The door; `hearing` is started and stopped by whoever owns it."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request below /b/."""
        secret, _, make = scope["path"].removeprefix(PREFIX).partition("/")
        try:
            answer = await self._answer(scope, receive, secret, make)
        except asgi.ClientGone:
            return
        except Refused as refusal:
            said = {"code": refusal.code, "message": refusal.message, "field": refusal.field}
            answer = json_answer(refusal.status, said)
        await asgi.send_answer(send, answer)

    async def _answer(self, scope: Scope, receive: Receive, secret: str, make: str) -> Answer:
        now = datetime.now(UTC)
        try:
            sealed = self._hearing.open(secret)
            heard = await self._read(scope, receive, make, now)
            await self._hearing.take(sealed, heard, now=now)
        except NotOurs as error:
            raise NotFound("No button in use has this address.") from error
        except NotNow:
            said = {"code": "not_yet", "message": "Not committed. Send the same again."}
            return json_answer(503, said, retry_after=RETRY_AFTER)
        message = "We heard you." if heard.presses else "We hear the button."
        return json_answer(200, {"message": message, "presses": len(heard.presses)})

    async def _read(self, scope: Scope, receive: Receive, make: str, now: datetime) -> Heard:
        if make == SHELLY:
            if scope["method"] not in ("GET", "POST"):
                raise _wrong_method("GET or POST")
            return shelly.webhook(_query(scope))
        reader = _POSTED.get(make)
        if reader is None:
            raise NotFound("There is no such kind of button.")
        if scope["method"] != "POST":
            raise _wrong_method("POST")
        try:
            body = await asgi.read_body(scope, receive, limit=LARGEST_BODY)
        except asgi.TooLarge as error:
            raise Refused(
                "That is larger than a button says.", code="too_large", status=413
            ) from error
        return reader(body, now)


def _query(scope: Scope) -> dict[str, str]:
    query: bytes = scope["query_string"]
    if len(query) > LONGEST_QUERY:
        raise Refused("That is longer than a button says.", code="too_large", status=413)
    return dict(parse_qsl(query.decode("latin-1")))


def _wrong_method(wanted: str) -> Refused:
    return Refused(f"A button is heard by {wanted}.", code="wrong_method", status=405)
