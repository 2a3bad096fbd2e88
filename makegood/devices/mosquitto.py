"""Who may what at a Mosquitto: its password file and its ACL. Pure.

Each device may speak and listen below its own prefix only; that it is who it says rests on this.
"""

import base64
import os
from collections.abc import Sequence
from hashlib import pbkdf2_hmac
from typing import Final

import msgspec

from makegood.devices import topics

ITERATIONS: Final = 101  # as mosquitto_passwd; our secrets cannot be guessed with any number
SALT_BYTES: Final = 12


class Account(msgspec.Struct, frozen=True):
    """A user of the broker, and what it may: lines of an ACL below its name."""

    name: str
    password: str
    may: tuple[str, ...]


def button(id: str, secret: str) -> Account:
    """A button says what happens to it, and is told nothing; its maker may think otherwise."""
    own = tuple(f"topic readwrite {root}{id}/#" for root in (topics.OURS, topics.GEN1))
    return Account(id, secret, own)


def pager(id: str, secret: str) -> Account:
    """A pager is told at its topic, and says something below it."""
    return _told(f"pager-{id}", f"{topics.PAGERS}{id}", secret)


def lamp(id: str, secret: str) -> Account:
    """A lamp is told at its topic, and says below it that it is there."""
    return _told(f"lamp-{id}", f"{topics.LAMPS}{id}", secret)


def ourselves(name: str, password: str) -> Account:
    """We hear all devices, and tell pagers and lamps."""
    hears = tuple(f"topic read {root}#" for root in (topics.OURS, topics.GEN1))
    told = (topics.PAGERS, topics.LAMPS)
    tells = tuple(f"topic {may}" for root in told for may in (f"read {root}+/+", f"write {root}+"))
    return Account(name, password, hears + tells)


def passwords(accounts: Sequence[Account]) -> str:
    """A `password_file`: the secrets cannot be read from it."""
    return "".join(f"{account.name}:{_hashed(account.password)}\n" for account in accounts)


def acl(accounts: Sequence[Account]) -> str:
    """An `acl_file`. Whoever stands in none of it may nothing."""
    return "\n".join(
        f"user {account.name}\n" + "".join(f"{line}\n" for line in account.may)
        for account in accounts
    )


def _told(name: str, topic: str, secret: str) -> Account:
    return Account(name, secret, (f"topic read {topic}", f"topic write {topic}/+"))


def _hashed(password: str) -> str:
    salt = os.urandom(SALT_BYTES)
    key = pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    coded = (base64.b64encode(part).decode() for part in (salt, key))
    return f"$7${ITERATIONS}${'$'.join(coded)}"
