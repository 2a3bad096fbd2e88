"""The pages intake shows by itself, so that a customer is never left alone. Pure."""

import base64
import gzip
import hashlib
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

import msgspec

from makegood.ground.asgi import Answer
from makegood.intake.touchpoints import Touchpoint

HTML = Path(__file__).with_name("html")
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")

UNSENT = (
    '<p class="mt-3 ink-2">We cannot take it at this moment. That is our fault. '
    "Try again below: however often you try, it counts once, from now.</p>"
)
NO_CONNECTION = (
    '<p class="mt-3 ink-2" data-why="phone">Your phone has no connection. '
    "We send it the moment it is back, and count from <time></time>.</p>"
    '<p class="mt-3 ink-2" data-why="house">We cannot be reached at this moment. '
    "That is our fault. It is sent again until it arrives, and counts from <time></time>.</p>"
)


class Look(msgspec.Struct, frozen=True):
    """The house's look, handed in by whoever plugs the processes together."""

    css: str
    plate: str
    person: str


class Pages:
    """Renders pages in one look."""

    def __init__(self, look: Look) -> None:
        self._css = look.css + _text("button.css")
        self._script = _text("button.js")
        self._plate = look.plate
        self._person = look.person
        self._policy = _policy(self._css, self._script)

    def button(self, touchpoint: Touchpoint, token: str, key: str) -> str:
        """The button, ready to be pressed once; `key` makes this rendering's press unique."""
        arrival = escape(touchpoint.arrival_words)
        content = _fill("ready.html", token=token, key=key, arrival=arrival, plate=self._plate)
        return self._button_page(touchpoint, token, content, unsent="")

    def unsent(
        self, touchpoint: Touchpoint, token: str, key: str, pressed_at: datetime, clock: str
    ) -> str:
        """After a press that could not be committed: a form that sends the same press again."""
        content = self._waiting(
            touchpoint, token, unsent=key, pressed_at=pressed_at.isoformat(), pressed_clock=clock,
            label="Not sent", why=UNSENT, trying="",
        )  # fmt: skip
        return self._button_page(touchpoint, token, content, unsent=key)

    def plain(
        self, heading: str, words: str, *, link: tuple[str, str] | None = None,
        refresh: int = 0, foot: str = "", heard: bool = False,
    ) -> str:  # fmt: skip
        """A page that says one thing, perhaps with one way on; `refresh` asks again by itself."""
        way = f'<a class="btn" href="{escape(link[1])}">{escape(link[0])}</a>' if link else ""
        body = _fill(
            "plain.html", heading=escape(heading), words=escape(words), link=way,
            plate=self._plate, foot=escape(foot),
            plate_state="still" if heard else "waiting",
        )  # fmt: skip
        head = f'\n<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
        return self._frame(heading, "en", body, head)

    def answer(self, status: int, page: str, accepts: str, **headers: str) -> Answer:
        """The page as an HTTP answer, squeezed when the browser can take it."""
        body = page.encode()
        extra = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if "gzip" in accepts:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            extra.append(("content-encoding", "gzip"))
        kept = [
            ("cache-control", "no-store"), ("vary", "accept-encoding, accept"),
            ("content-security-policy", self._policy), ("referrer-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
        ]  # fmt: skip
        return Answer(status, body, headers=(*kept, *extra))

    def _button_page(self, touchpoint: Touchpoint, token: str, content: str, unsent: str) -> str:
        waiting = self._waiting(
            touchpoint, token, unsent="", pressed_at="", pressed_clock="", label="Saved",
            why=NO_CONNECTION, trying="Trying every few seconds",
        )  # fmt: skip
        place = in_a_sentence(touchpoint.place, touchpoint.language)
        body = _fill(
            "button.html", token=token, unsent=unsent, content=content, waiting=waiting,
            house=escape(touchpoint.house), where=escape(f"{touchpoint.site} · {place}"),
            script=self._script,
        )  # fmt: skip
        return self._frame(f"{touchpoint.place} · {touchpoint.house}", touchpoint.language, body)

    def _waiting(self, touchpoint: Touchpoint, token: str, **values: str) -> str:
        place = in_a_sentence(touchpoint.place, touchpoint.language)
        return _fill(
            "waiting.html", token=token, plate=self._plate, person=self._person,
            helper=escape(touchpoint.helper_sign), place=escape(place), **values,
        )  # fmt: skip

    def _frame(self, title: str, language: str, body: str, head: str = "") -> str:
        direction = "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
        return _fill(
            "frame.html", lang=escape(language), dir=direction, title=escape(title), head=head,
            css=self._css, body=body,
        )  # fmt: skip


def in_a_sentence(place: str, language: str) -> str:
    """`Table 14` as it reads inside an English sentence: `table 14`; other names stay."""
    plain_word = len(place) > 1 and place[0].isupper() and place[1].islower()
    if language.startswith("en") and plain_word and place[-1].isdigit():
        return place[0].lower() + place[1:]
    return place


def _policy(css: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_fingerprint(css)}; script-src {_fingerprint(script)};"
        " font-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )


def _fingerprint(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _fill(name: str, **values: str) -> str:
    return _template(name).substitute(values)


@cache
def _template(name: str) -> Template:
    return Template(_text(name).rstrip("\n"))


def _text(name: str) -> str:
    return (HTML / name).read_text(encoding="utf-8")
