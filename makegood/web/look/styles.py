"""Which style files a page needs, in which order. No bundler: files are used as they are."""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

STYLESHEETS = Path(__file__).parents[1] / "static" / "css"

GROUND = ("layers", "reset", "fonts", "tokens", "base", "voice", "btn", "field", "choice", "face")
WORDS = ("notice", "empty", "undo", "tag", "letter", "house")
OBJECTS = ("plate", "seam", "seam-list")
LAST = ("utilities", "contrast")

GUEST_PAGES = ("guest", "heard", "call", "answers", "promise", "sheet", "paper", "kiosk")
PAGER_PAGES = ("pager", "ring", "give", "selftest", "watch")
FRAME = ("brand", "topbar", "menu", "desk", "block", "rows", "facts", "table")
DESK_PAGES = (
    "board", "cover", "story", "ladder", "tries", "composer", "steps", "case", "more", "record",
    "ledger", "plan", "diff", "rungs", "code", "rowform", "chart", "segs", "causes", "seats",
    "gift", "noticed", "hours", "copied", "reach",
)  # fmt: skip
FIRST_RUN = ("setup", "handset", "signin", "card")

BUNDLES: dict[str, tuple[str, ...]] = {
    "guest": (*GROUND, *WORDS, *OBJECTS, *GUEST_PAGES, *LAST),
    "pager": (*GROUND, "notice", "empty", "undo", "tag", "seam", *PAGER_PAGES, *LAST),
    "desk": (*GROUND, *WORDS, *OBJECTS, *FRAME, *DESK_PAGES, "card", *LAST),
    "plain": (
        *GROUND, *WORDS, *OBJECTS, "brand", "guest", "pager", "selftest", "rows", "facts",
        "hours", *FIRST_RUN, *LAST,
    ),
    "card": ("layers", "reset", "fonts", "tokens", "base", "plate", "card"),
    "all": (
        *GROUND, *WORDS, *OBJECTS, *GUEST_PAGES, *PAGER_PAGES, *FRAME, *DESK_PAGES, *FIRST_RUN,
        "gallery", *LAST,
    ),
}  # fmt: skip

INLINED = frozenset({"guest"})
"""Bundles written into the page: a guest's phone asks once and has everything."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
RELATIVE_URL = re.compile(r"url\(\.\./([^)]+)\)")


def stylesheets(bundle: str) -> tuple[str, ...]:
    """The static paths of a bundle's files, in the order the page needs them."""
    return tuple(f"css/{name}.css" for name in BUNDLES[bundle])


def inline_text(bundle: str, locate: Callable[[str], str]) -> str:
    """A bundle as one text, short enough to write into a page. `locate` turns a static path into
    the address it is served at."""
    text = "".join(
        (STYLESHEETS / f"{name}.css").read_text(encoding="utf-8") for name in BUNDLES[bundle]
    )
    squeezed = SPACE.sub(" ", COMMENT.sub("", text)).strip()
    return RELATIVE_URL.sub(lambda found: f"url({locate(found[1])})", squeezed)


def fingerprint(text: str) -> str:
    """The source expression that lets a content security policy accept exactly this text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
