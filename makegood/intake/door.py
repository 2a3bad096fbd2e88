"""The public door: GET the button, POST a press. Translates, commits once, translates back."""

import asyncio
import secrets
import time
from datetime import UTC, datetime
from functools import lru_cache, partial
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from makegood.ground import asgi
from makegood.ground.asgi import Answer, Receive, Scope, Send, json_answer
from makegood.ground.refusals import NotFound, Refused
from makegood.ground.tokens import Seal, Sealed, TokenInvalid
from makegood.intake import reading
from makegood.intake.committing import Committer, NotCommitted, TooMuch
from makegood.intake.limits import TouchpointLimit
from makegood.intake.pages import Look, Pages
from makegood.intake.touchpoints import DatabaseAway, Touchpoint, Touchpoints
from makegood.intake.waking import Waker
from makegood.sense.press_statement import Press

PREFIX = "/t/"
LARGEST_BODY = 8 * 1024
TOUCHPOINT = "touchpoint"  # purposes of sealed links, as in ground's links, which live in Django
PRESS = "press"
RETRY_AFTER = "2"

log = structlog.get_logger()


class Intake:
    """Everything under /t/. `start` and `stop` it around serving."""

    def __init__(
        self, *, database_url: str, secret: str, look: Look, limit: TouchpointLimit | None = None
    ) -> None:
        self.pages = Pages(look)
        self.seal = Seal(secret)
        self._limit = limit or TouchpointLimit()
        # A table's link is pressed again and again; only links that are ours are remembered.
        self._unsealed = lru_cache(maxsize=4096)(partial(self.seal.open, TOUCHPOINT))
        self._touchpoints = Touchpoints(database_url, clock=time.monotonic)
        self._waker = Waker(database_url)
        self._committer = Committer(database_url, committed=self._waker.wake)
        self._work: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins to commit; connects when there is something to do."""
        self._work = [asyncio.create_task(work.run()) for work in (self._committer, self._waker)]

    async def stop(self) -> None:
        """Ends; what is not committed by now was not acknowledged either."""
        for work in self._work:
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self._touchpoints.close()

    async def can_commit(self) -> bool:
        """Whether a press made now would be kept."""
        alive = bool(self._work) and not any(work.done() for work in self._work)
        return alive and await self._touchpoints.can_write()

    async def keep(self, press: Press) -> UUID | None:
        """Commits a press that came by another door, within the limit of its touchpoint.

        The signal, or None when the link is no touchpoint's; raises `NotCommitted`.
        """
        if not self._limit.take(press.touchpoint_id, press.link_version, time.monotonic()):
            raise TooMuch("this touchpoint has sent too much")
        return await self._committer.commit(press)

    def wake(self) -> None:
        """Wakes the urgent lane soon: another door has written something for it."""
        self._waker.wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request below /t/."""
        token, _, rest = scope["path"].removeprefix(PREFIX).partition("/")
        try:
            answer = await self._answer(scope, receive, token, rest)
        except asgi.ClientGone:
            return
        await asgi.send_answer(send, answer, head_only=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope, receive: Receive, token: str, rest: str) -> Answer:
        method = scope["method"]
        try:
            if rest == "press":
                return await self._press(scope, receive, token)
            if rest:
                raise NotFound
            if method not in ("GET", "HEAD"):
                return self._refuse(scope, _wrong_method(), token, allow="GET, HEAD")
            return await self._button(scope, token)
        except Refused as refusal:
            return self._refuse(scope, refusal, token)

    # The button

    async def _button(self, scope: Scope, token: str) -> Answer:
        try:
            touchpoint = await self._touchpoint(token)
        except DatabaseAway:
            page = self.pages.plain(
                "One moment.", "We cannot show the button yet. That is our fault. "
                "Anyone who works here can help you at once.",
                refresh=2, foot="This page asks again by itself.",
            )  # fmt: skip
            return self.pages.answer(503, page, _accepts(scope), retry_after=RETRY_AFTER)
        page = self.pages.button(touchpoint, token, secrets.token_urlsafe(16))
        return self.pages.answer(200, page, _accepts(scope))

    async def _touchpoint(self, token: str) -> Touchpoint:
        sealed = self._open(token)
        touchpoint = await self._touchpoints.find(sealed.id)
        if touchpoint is None or touchpoint.link_version != sealed.version:
            raise NotFound
        return touchpoint

    def _open(self, token: str) -> Sealed:
        try:
            return self._unsealed(token)
        except TokenInvalid as error:
            raise NotFound from error

    # The press

    async def _press(self, scope: Scope, receive: Receive, token: str) -> Answer:
        if scope["method"] != "POST":
            return self._refuse(scope, _wrong_method(), token, allow="POST")
        sealed = self._open(token)
        try:
            body = await asgi.read_body(scope, receive, limit=LARGEST_BODY)
        except asgi.TooLarge as error:
            raise Refused("That is larger than a press.", code="too_large", status=413) from error
        content_type = asgi.header(scope, b"content-type")
        key, happened_at = reading.read(content_type, body, now=datetime.now(UTC))
        if not self._limit.take(sealed.id, sealed.version, time.monotonic()):
            return await self._not_yet(scope, token, key, happened_at, status=429)
        press = Press(
            touchpoint_id=sealed.id, link_version=sealed.version, key=key, happened_at=happened_at
        )
        try:
            signal = await self._committer.commit(press)
        except NotCommitted:
            return await self._not_yet(scope, token, key, happened_at, status=503)
        if signal is None:
            raise NotFound
        return self._heard(scope, self.seal.close(PRESS, signal))

    def _heard(self, scope: Scope, press: str) -> Answer:
        url = f"/p/{press}"
        if _wants_json(scope):
            return json_answer(202, {"press": press, "url": url})
        return Answer(303, headers=(("location", url), ("cache-control", "no-store")))

    async def _not_yet(
        self, scope: Scope, token: str, key: str, happened_at: datetime | None, *, status: int
    ) -> Answer:
        """Not committed, and it can be tried again: with the same key it still counts once."""
        if _wants_json(scope):
            said = {"code": "not_yet", "message": "Not committed. Send it again with the same key."}
            return json_answer(status, said, retry_after=RETRY_AFTER)
        try:
            touchpoint = await self._touchpoint(token)
        except DatabaseAway:
            touchpoint = _NAMELESS
        pressed_at = happened_at or datetime.now(UTC)
        clock = f"{pressed_at.astimezone(ZoneInfo(touchpoint.timezone)):%H:%M}"
        page = self.pages.unsent(touchpoint, token, key, pressed_at, clock)
        return self.pages.answer(status, page, _accepts(scope), retry_after=RETRY_AFTER)

    def _refuse(self, scope: Scope, refusal: Refused, token: str, **headers: str) -> Answer:
        if _wants_json(scope):
            said = {"code": refusal.code, "message": refusal.message, "field": refusal.field}
            return json_answer(refusal.status, said, **headers)
        if refusal.status == 404:
            page = self.pages.plain(
                "This button is no longer in use.",
                "It may have been replaced by a new one. "
                "Anyone who works here can help you at once.",
            )
        else:
            page = self.pages.plain(
                "That did not come through as a press.",
                f"{refusal.message} Nothing was recorded.",
                link=("Back to the button", f"{PREFIX}{token}"),
            )
        return self.pages.answer(refusal.status, page, _accepts(scope), **headers)


_NAMELESS = Touchpoint(
    link_version=0, place="Make it good", arrival_words="Someone comes to you", site="",
    helper_sign="Anyone who works here", house="", language="en", timezone="UTC",
)  # fmt: skip


def _wrong_method() -> Refused:
    return Refused("A press is sent by POST.", code="wrong_method", status=405)


def _accepts(scope: Scope) -> str:
    return asgi.header(scope, b"accept-encoding")


def _wants_json(scope: Scope) -> bool:
    """Whether a program asks: it says so, or it speaks JSON and does not ask for a page."""
    accept = asgi.header(scope, b"accept")
    if asgi.JSON in accept:
        return True
    return "text/html" not in accept and asgi.JSON in asgi.header(scope, b"content-type")
