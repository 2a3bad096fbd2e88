"""Text as people type it, made safe to keep: no control characters, no runaway length. Pure."""

import unicodedata

from makegood.ground.refusals import Invalid


def one_line(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """`text` on one line with single spaces; refuses what is too long, or missing if required."""
    return _measured(" ".join(_printable(text).split()), field, longest, required)


def paragraphs(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """`text` with its line breaks; refuses what is too long, or missing if required."""
    lines = (line.rstrip() for line in _printable(text).splitlines())
    return _measured("\n".join(lines).strip(), field, longest, required)


def _printable(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in normal
        if letter in "\n\r\t" or unicodedata.category(letter) not in _BAD
    )


_BAD = ("Cc", "Cs")  # control characters and half surrogates: PostgreSQL refuses some of them


def _measured(text: str, field: str, longest: int, required: bool) -> str:
    if required and not text:
        raise Invalid("Please fill this in.", field=field)
    if len(text) > longest:
        raise Invalid(f"This is longer than we can keep ({longest} characters).", field=field)
    return text
