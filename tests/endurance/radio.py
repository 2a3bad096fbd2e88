"""The MQTT of a device: it comes again whenever it was cut off, and says all until it is heard."""

import threading

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.endurance.diary import Diary

KEEP_ALIVE = 10
COMES_AGAIN_AFTER = 1
GLANCE = 0.02


class Radio:
    """One device's connection to the gateway. What is not acknowledged it sends again with DUP."""

    def __init__(self, port: int, name: str, password: str, diary: Diary) -> None:
        self._port = port
        self._diary = diary
        self._acknowledged: set[int] = set()
        self._news = threading.Event()
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=name, clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
        )  # fmt: skip
        self.client.username_pw_set(name, password)
        self.client.reconnect_delay_set(COMES_AGAIN_AFTER, COMES_AGAIN_AFTER)
        self.client.on_publish = lambda client, user, number, *_: self._hear(number)

    def switch_on(self) -> None:
        """Connects, as soon as there is somebody to connect to."""
        self.client.connect_async("127.0.0.1", self._port, KEEP_ALIVE)
        self.client.loop_start()

    def switch_off(self) -> None:
        """Leaves in order."""
        self.client.disconnect()
        self.client.loop_stop()

    def say(self, topic: str, words: bytes) -> None:
        """Publishes with QoS 1; returns when it is acknowledged."""
        number = self.client.publish(topic, words, qos=1).mid
        sent = self.client.is_connected()
        while number not in self._acknowledged:
            if self.client.is_connected():
                sent = True
                with self._diary.asking("gateway"):
                    self._news.wait(GLANCE)
            else:
                if sent:
                    self._diary.again("device")
                sent = False
                self._news.wait(GLANCE)
            self._news.clear()

    def _hear(self, number: int) -> None:
        self._acknowledged.add(number)
        self._news.set()
