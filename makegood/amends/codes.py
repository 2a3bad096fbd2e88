"""Coupon codes that survive a phone call: no look-alikes, no vowels, and a check symbol.

Eight symbols, written `K7M2-9PXT`, seven of them drawn at random (3.4 thousand million codes). The
alphabet has 23 symbols, a prime, so the weighted sum notices every single wrong symbol and every
swap of two. Without vowels no code spells a word.
"""

import secrets

from makegood.ground.refusals import Refused

ALPHABET = "23456789CDFHJKMNPRTVWXY"
MISREAD = str.maketrans({"B": "8", "G": "6", "S": "5", "Z": "2"})  # heard or read for a digit
DRAWN = 7
HALF = 4


def draw() -> str:
    """A fresh code."""
    return write([secrets.randbelow(len(ALPHABET)) for _ in range(DRAWN)])


def write(values: list[int]) -> str:
    """The code of seven values below 23, with its check symbol and hyphen."""
    modulus = len(ALPHABET)
    check = -_weighed(values) * pow(DRAWN + 1, -1, modulus) % modulus
    symbols = "".join(ALPHABET[value] for value in [*values, check])
    return f"{symbols[:HALF]}-{symbols[HALF:]}"


def read(heard: str) -> str:
    """The code as we write it, from what somebody typed; refuses what was never a code of ours."""
    symbols = "".join(heard.split()).replace("-", "").upper().translate(MISREAD)
    if len(symbols) != DRAWN + 1:
        raise _unknown(f"A code has {DRAWN + 1} letters and digits.")
    if not set(symbols) <= set(ALPHABET):
        raise _unknown("That is not one of our codes. Please read it once more.")
    values = [ALPHABET.index(symbol) for symbol in symbols]
    if _weighed(values) % len(ALPHABET):
        raise _unknown("One letter or digit was misheard. Please read it once more.")
    return f"{symbols[:HALF]}-{symbols[HALF:]}"


def _weighed(values: list[int]) -> int:
    return sum(weight * value for weight, value in enumerate(values, start=1))


def _unknown(message: str) -> Refused:
    return Refused(message, code="unknown_code", field="code", status=404)
