"""What a Mosquitto is told. That it understands it, the doors' tests say."""

import base64
from hashlib import pbkdf2_hmac

from makegood.devices import mosquitto

ID = "0190f0a0000070008000000000000001"


def test_a_password_is_hashed_as_mosquitto_does():
    [line] = mosquitto.passwords([mosquitto.button(ID, "secret")]).splitlines()
    name, _, hashed = line.partition(":")
    _, kind, iterations, salt, key = hashed.split("$")
    again = pbkdf2_hmac("sha512", b"secret", base64.b64decode(salt), int(iterations))
    assert (name, kind, base64.b64decode(key)) == (ID, "7", again)
    assert "secret" not in line


def test_each_device_has_its_own_prefix_and_no_other():
    lines = mosquitto.acl([mosquitto.button(ID, "s"), mosquitto.pager(ID, "s")]).splitlines()
    assert lines == [
        f"user {ID}",
        f"topic readwrite b/{ID}/#",
        f"topic readwrite shellies/{ID}/#",
        "",
        f"user pager-{ID}",
        f"topic read p/{ID}",
        f"topic write p/{ID}/+",
    ]


def test_only_we_ring_pagers():
    assert "topic write p/+" in mosquitto.acl([mosquitto.ourselves("us", "s")])
