"""The gateway with a port for devices, and hardware that speaks to it, or to a broker."""

import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from makegood.config import gateway
from makegood.ground import tenancy
from makegood.ground.ids import new_id
from makegood.ground.tokens import Seal
from makegood.page.models import Attempt, Device, Page, SelfTest
from makegood.page.rungs.ringing import Summons, open_page
from makegood.sense.models import Button, Lamp
from tests.browser.house import free_port
from tests.doors.houses import House
from tests.doors.serving import PATIENCE, Served, settings
from tests.patience import until


class Sealing(Protocol):
    """Whoever made the secrets of devices."""

    @property
    def seal(self) -> Seal:
        """The house's."""


class Front(Protocol):
    """Whatever devices connect to."""

    def connect(self, name: str, password: str, **how: Any) -> paho.Client:
        """A client that has its CONNACK: its code is the client's user data."""


class Gateway(Served):
    """The gateway with a port for devices."""

    def __init__(self) -> None:
        self.mqtt_port = free_port()
        super().__init__(gateway.build(settings(mqtt_port=self.mqtt_port, mqtt_host="127.0.0.1")))

    def listens(self) -> bool:
        """Whether devices can connect."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0

    def connect(self, name: str, password: str, **how: Any) -> paho.Client:
        """A client that has its CONNACK: its code is the client's user data."""
        return connected(self.mqtt_port, name, password, **how)


def connected(port: int, name: str, password: str, **how: Any) -> paho.Client:
    """A client that has its CONNACK: its code is the client's user data."""
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=how.pop("client_id", name),
        clean_session=how.pop("clean_session", True),
        protocol=MQTTProtocolVersion.MQTTv311,
        reconnect_on_failure=how.pop("reconnects", False),
        manual_ack=how.pop("manual_ack", False),
    )
    client.username_pw_set(name, password)
    if "will" in how:
        client.will_set(how.pop("will"), "", qos=1)
    if "authority" in how:
        client.tls_set(how.pop("authority"))
    codes: list[int] = []
    client.on_connect = lambda c, u, flags, code, properties: codes.append(code.value)
    client.connect("localhost", port, **how)
    client.loop_start()
    until(lambda: codes)
    client.user_data_set(codes[0])
    return client


def hang_up(client: paho.Client) -> None:
    """Leaves in order."""
    client.disconnect()
    client.loop_stop()


class Hardware:
    """One button at table 14: its row, its secret, its topics."""

    def __init__(self, house: House, kind: str = "makegood") -> None:
        self.house = house
        with tenancy.everywhere():
            self.row = Button.objects.create(
                organisation=house.organisation, touchpoint=house.table, kind=kind,
                added_at=datetime.now(UTC), silent_after=timedelta(hours=3),
            )  # fmt: skip

    @property
    def name(self) -> str:
        return self.row.pk.hex

    @property
    def secret(self) -> str:
        return self.house.seal.close("button", self.row.pk, self.row.link_version)

    def topic(self, tail: str) -> str:
        return f"b/{self.name}/{tail}"

    def now(self) -> Button:
        with tenancy.everywhere():
            self.row.refresh_from_db()
        return self.row


class Worn:
    """A pager on a wrist: what it was told, and what it says."""

    def __init__(self, front: Front, house: Sealing, device: Device, **how: Any) -> None:
        self.topic = f"p/{device.pk.hex}"
        secret = house.seal.close("pager", device.pk)
        self.client = front.connect(f"pager-{device.pk.hex}", secret, **how)
        self.told: list[dict[str, Any]] = []
        self.raw: list[paho.MQTTMessage] = []
        self.client.on_message = self._hear
        granted: list[int] = []
        self.client.on_subscribe = lambda c, u, mid, codes, p: granted.append(codes[0].value)
        if self.client.user_data_get() == 0:
            self.client.subscribe(self.topic, 1)
            until(lambda: granted)
            assert granted == [1]

    def _hear(self, client: paho.Client, user: Any, message: paho.MQTTMessage) -> None:
        self.raw.append(message)
        self.told.append(json.loads(message.payload))

    def kinds(self) -> list[str]:
        return [one["kind"] for one in self.told]

    def stopped(self, page: Page) -> list[dict[str, Any]]:
        """That nobody needs to come to this page, each time it was told so."""
        stops = [one for one in tuple(self.told) if one["kind"] == "stop"]
        return [one for one in stops if one["page"] == str(page.pk)]

    def say(self, kind: str, page: Page, *, ago: float | None = None, **how: Any) -> None:
        said = {"kind": kind, "page": str(page.pk), "round": page.round}
        words = json.dumps(said if ago is None else {**said, "seconds_ago": ago})
        self.client.publish(f"{self.topic}/answer", words, qos=1, **how).wait_for_publish(PATIENCE)

    def receipt(self, told: dict[str, Any]) -> None:
        """It has arrived: PUBACK has said so."""

    def feel(self, test: SelfTest, **how: Any) -> None:
        words = json.dumps({"kind": "felt", "test": str(test.pk)})
        self.client.publish(f"{self.topic}/answer", words, qos=1, **how).wait_for_publish(PATIENCE)


class Burning:
    """A lamp in the kitchen: what it was told, the latest last."""

    def __init__(self, front: Front, house: Sealing, lamp: Lamp, **how: Any) -> None:
        self.topic = f"l/{lamp.pk.hex}"
        secret = house.seal.close("lamp", lamp.pk, lamp.link_version)
        self.client = front.connect(f"lamp-{lamp.pk.hex}", secret, **how)
        self.told: list[dict[str, Any]] = []
        self.raw: list[paho.MQTTMessage] = []
        self.client.on_message = self._hear
        self.client.subscribe(self.topic, 1)

    def _hear(self, client: paho.Client, user: Any, message: paho.MQTTMessage) -> None:
        self.raw.append(message)
        self.told.append(json.loads(message.payload))

    def shows(self, severity: int, asking: int) -> None:
        """It was told so, and nothing since."""
        wanted = {"kind": "light", "severity": severity, "asking": asking}
        until(lambda: self.told[-1:] == [wanted])

    def tell(self, tail: str, **said: Any) -> None:
        """It says something of itself."""
        words = json.dumps(said)
        self.client.publish(f"{self.topic}/{tail}", words, qos=1).wait_for_publish(PATIENCE)


def rung(house: House, **how: Any) -> Page:
    now = datetime.now(UTC)
    return open_page(
        Summons(
            organisation_id=house.organisation.pk, site_id=house.site.pk, about=new_id(),
            place="Table 14", what="The food", happened_at=now, caused_by=new_id(),
            leaves_at=now + timedelta(minutes=4), **how,
        ),
        now=now,
    )  # fmt: skip


def attempt_on(device: Device) -> Attempt:
    return Attempt.objects.get(device=device)
