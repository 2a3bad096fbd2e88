"""The gateway with a port for devices, and real clients of it."""

import socket
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from makegood.config import gateway
from tests.doors.serving import Served, settings
from tests.patience import until


class Gateway(Served):
    """The gateway with a port for devices."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.mqtt_port = int(probe.getsockname()[1])
        super().__init__(gateway.build(settings(mqtt_port=self.mqtt_port, mqtt_host="127.0.0.1")))

    def listens(self) -> bool:
        """Whether devices can connect."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0

    def connect(self, name: str, password: str, **how: Any) -> paho.Client:
        """A client that has its CONNACK: its code is the client's user data."""
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=how.pop("client_id", "device-14"),
            clean_session=how.pop("clean_session", True),
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=how.pop("manual_ack", False),
        )
        client.username_pw_set(name, password)
        codes: list[int] = []
        client.on_connect = lambda c, u, flags, code, properties: codes.append(code.value)
        client.connect("127.0.0.1", self.mqtt_port, **how)
        client.loop_start()
        until(lambda: codes)
        client.user_data_set(codes[0])
        return client


def hang_up(client: paho.Client) -> None:
    """Leaves in order."""
    client.disconnect()
    client.loop_stop()
