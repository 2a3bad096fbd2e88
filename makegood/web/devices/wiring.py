"""What somebody types into a device that speaks MQTT, or copies into our own firmware."""

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

ONLY_HERE: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Account:
    """As whom a device comes, and where it is told. No password: it was shown before."""

    user: str
    topic: str
    password: str
    wearer: str = ""


@dataclass(frozen=True)
class Wiring:
    """An account, and where it is good."""

    account: Account
    host: str
    port: int
    with_tls: bool
    is_brokers: bool

    @property
    def is_only_here(self) -> bool:
        """Whether a device cannot find us under that name."""
        return self.host in ONLY_HERE

    @property
    def as_settings(self) -> str:
        """`settings.json` of our own firmware (devices/firmware), but for the network."""
        server: dict[str, str | int] = {"host": self.host, "port": self.port}
        if self.with_tls:
            server["authority"] = "/authority.der"
        named = {
            "id": self.account.topic.partition("/")[2],
            "secret": self.account.password,
            "server": server,
            "wifi": {"name": "", "password": ""},
        }
        if self.account.wearer:
            named["wearer"] = self.account.wearer
        return json.dumps(named, indent=2, ensure_ascii=False)


def wire(account: Account) -> Wiring | None:
    """None where no device can connect. Our own listener comes before a broker."""
    house, broker = settings.HOUSE, settings.HOUSE.broker
    if house.mqtt_port:
        host, port = urlsplit(house.url).hostname or "", house.mqtt_port
        with_tls = bool(house.mqtt_cert)
    elif broker:
        host, port, with_tls = broker.host, broker.port, broker.tls
    else:
        return None
    return Wiring(account, host=host, port=port, with_tls=with_tls, is_brokers=not house.mqtt_port)
