"""A broker of somebody else's as one address names it: mqtts://user:password@host:port."""

from urllib.parse import unquote, urlsplit

import msgspec

SCHEMES = {"mqtt": (1883, False), "mqtts": (8883, True)}
EXAMPLE = "write it like mqtts://makegood:password@broker.example.org:8883."


class BrokerAddress(msgspec.Struct, frozen=True):
    """Where it is, and who we are there."""

    host: str
    port: int
    user: str
    password: str
    tls: bool


def broker_address(url: str) -> BrokerAddress:
    """Reads one; raises `ValueError`, in words that follow a setting's name."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"is no address of a broker: {EXAMPLE}")
    if not parts.username or not parts.password:
        raise ValueError(f"names no user and password: {EXAMPLE}")
    usual_port, tls = SCHEMES[parts.scheme]
    try:
        port = parts.port or usual_port
    except ValueError:
        raise ValueError(f"has a port that is not a number: {EXAMPLE}") from None
    return BrokerAddress(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password),
        tls=tls,
    )
