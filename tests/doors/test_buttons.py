"""Hardware buttons at the gateway: over MQTT as real clients speak it, and over webhooks."""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest

from makegood.ground import tenancy
from makegood.sense.models import Button
from tests.doors.devices import Gateway, Hardware, hang_up
from tests.doors.houses import House
from tests.doors.serving import PATIENCE
from tests.patience import until


@pytest.fixture
def front(house: House) -> Iterator[Gateway]:
    with Gateway() as served:
        until(served.listens)
        yield served


@pytest.fixture
def button(house: House) -> Hardware:
    return Hardware(house)


@pytest.fixture
def bo_listens(front: Gateway, button: Hardware) -> Iterator[paho.Client]:
    client = front.connect(button.name, button.secret)
    yield client
    hang_up(client)


def press(client: paho.Client, button: Hardware, payload: str, **how: Any) -> None:
    sent = client.publish(button.topic("press"), payload, **{"qos": 1, **how})
    sent.wait_for_publish(PATIENCE)
    assert sent.is_published()


def test_a_press_is_acknowledged_when_it_is_committed(house, button, bo_listens):
    press(bo_listens, button, '{"key": "17-3", "battery": 80}')
    (signal,) = house.signals()
    assert signal.touchpoint_id == house.table.pk
    assert signal.key == f"{button.name}:17-3"
    assert [fact.name for fact in house.facts()] == ["sense.press_received"]


def test_sent_again_it_is_the_same_press(house, button, bo_listens):
    for _ in range(3):
        press(bo_listens, button, '{"key": "17-3"}')
    press(bo_listens, button, '{"key": "17-4"}')
    assert [signal.key[33:] for signal in house.signals()] == ["17-3", "17-4"]


def test_many_at_once_are_all_committed(house, button, bo_listens):
    sent = [
        bo_listens.publish(button.topic("press"), f'{{"key": "many-{n}"}}', qos=1)
        for n in range(100)
    ]
    for one in sent:
        one.wait_for_publish(PATIENCE)
    assert len(house.signals()) == 100


def test_without_acknowledgement_it_is_committed_as_well(house, button, bo_listens):
    bo_listens.publish(button.topic("press"), '{"key": "qos0-1"}', qos=0)
    until(house.signals)


def test_a_late_press_counts_with_its_own_time(house, button, bo_listens):
    press(bo_listens, button, '{"key": "late-1", "seconds_ago": 3600}')
    (signal,) = house.signals()
    assert timedelta(minutes=59) < signal.received_at - signal.happened_at < timedelta(minutes=61)


def test_a_kept_message_is_no_press(house, button, bo_listens):
    press(bo_listens, button, '{"key": "kept-1", "battery": 44}', retain=True)
    press(bo_listens, button, "what?")
    assert house.signals() == []


def test_a_shelly_with_its_own_words(house, front):
    shelly = Hardware(house, "shelly")
    client = front.connect(
        shelly.name, shelly.secret, client_id="shellyplusi4-a8032ab1fe78", clean_session=False
    )
    event = {"component": "input:0", "id": 0, "event": "single_push", "ts": time.time()}
    told = {"method": "NotifyEvent", "params": {"ts": time.time(), "events": [event]}}
    client.subscribe(shelly.topic("rpc"))
    client.publish(shelly.topic("online"), "true", qos=1, retain=True)
    client.publish(shelly.topic("events/rpc"), json.dumps(told), qos=1).wait_for_publish(PATIENCE)
    hang_up(client)
    assert len(house.signals()) == 1


def test_who_was_heard_is_written_down(front, button, bo_listens):
    bo_listens.publish(button.topic("alive"), '{"battery": 61}', qos=1).wait_for_publish(PATIENCE)
    row = until(lambda: button.now() if button.row.battery or button.now().battery else None)
    assert row.battery == 61
    assert row.look_at == row.heard_at + timedelta(hours=3)


@pytest.mark.parametrize("wrong", ["", "x" * 40, "another's"])
def test_a_wrong_secret_is_refused(house, front, button, wrong):
    password = Hardware(house).secret if wrong == "another's" else wrong
    client = front.connect(button.name, password)
    assert client.user_data_get() != 0
    client.loop_stop()


def test_a_renewed_or_retired_button_is_refused(house, front, button):
    with tenancy.everywhere():
        Button.objects.filter(pk=button.row.pk).update(link_version=1)
    client = front.connect(button.name, button.secret)
    assert client.user_data_get() != 0
    client.loop_stop()


def gone(client: paho.Client) -> list[bool]:
    left: list[bool] = []
    client.on_disconnect = lambda *about: left.append(True)
    return left


def test_nobody_speaks_for_another(house, front, button, bo_listens):
    left = gone(bo_listens)
    bo_listens.publish(f"b/{Hardware(house).name}/press", '{"key": "stolen-1"}', qos=1)
    until(lambda: left)
    assert house.signals() == []


def test_nobody_hears_another(house, button, bo_listens):
    granted: list[Any] = []
    bo_listens.on_subscribe = lambda c, u, mid, codes, p: granted.extend(
        code.value for code in codes
    )
    bo_listens.subscribe([(button.topic("told"), 2), ("b/#", 1), ("#", 0), ("$SYS/#", 0)])
    until(lambda: len(granted) == 4)
    assert granted == [1, 128, 128, 128]


def test_the_newer_connection_of_a_button_lives(front, house, button, bo_listens):
    left = gone(bo_listens)
    again = front.connect(button.name, button.secret)
    until(lambda: left)
    press(again, button, '{"key": "again-1"}')
    hang_up(again)
    assert len(house.signals()) == 1


def test_a_stranger_on_the_port_harms_nobody(front, house, button):
    for words in (b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\xff", bytes(range(256)) * 50):
        with socket.create_connection(("127.0.0.1", front.mqtt_port), PATIENCE) as line:
            line.sendall(words)
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(100) == b""
    client = front.connect(button.name, button.secret)
    press(client, button, '{"key": "after-1"}')
    hang_up(client)


def test_mosquitto_publishes_to_us(front, house, button):
    said = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(front.mqtt_port), "-u", button.name,
            "-P", button.secret, "-V", "mqttv311", "-q", "1",
            "-t", button.topic("press"), "-m", '{"key": "mosq-1"}',
            "--will-topic", button.topic("lost"), "--will-payload", "gone"]  # fmt: skip
    subprocess.run(said, check=True, timeout=PATIENCE)
    assert len(house.signals()) == 1


# Over HTTP


def url(button: Hardware, make: str) -> str:
    return f"/b/{button.secret}/{make}"


WEBHOOKS: dict[str, Callable[[httpx.Client, Hardware], httpx.Response]] = {
    "ours": lambda c, b: c.post(url(b, "press"), json={"key": "http-1"}),
    "Shelly": lambda c, b: c.get(
        url(b, "shelly"),
        params={"event": "single_push", "at": str(int(time.time())), "battery": "77"},
    ),
    "Flic": lambda c, b: c.post(url(b, "flic"), json={"click_type": "click", "event": "1"}),
    "Zigbee2MQTT": lambda c, b: c.post(
        url(b, "zigbee2mqtt"), json={"action": "single", "last_seen": "2026-11-21T20:12:00Z"}
    ),
}


@pytest.mark.parametrize("send", WEBHOOKS.values(), ids=WEBHOOKS.keys())
def test_a_webhook_is_a_press(front, house, button, send):
    with front.client() as client:
        answer = send(client, button)
        assert answer.json() == {"message": "We heard you.", "presses": 1}
    (signal,) = house.signals()
    assert signal.key.startswith(f"{button.name}:")


def test_a_webhook_sent_again_is_one_press(front, house, button):
    with front.client() as client:
        for _ in range(3):
            assert client.post(url(button, "press"), json={"key": "http-1"}).status_code == 200
    assert len(house.signals()) == 1


def test_what_is_no_press_is_refused_in_words(front, house, button):
    with front.client() as client:
        wrong = {
            client.get(url(button, "press")).status_code: 405,
            client.post(url(button, "doorbell")).status_code: 404,
            client.post("/b/x/press", json={"key": "1"}).status_code: 404,
            client.post(url(button, "press"), content=b"x" * 9000).status_code: 413,
            client.post(url(button, "press"), content=b"x").status_code: 400,
            client.get(url(button, "shelly") + "?at=${status.sys.unixtime}").status_code: 422,
        }  # fmt: skip
    assert all(got == wanted for got, wanted in wrong.items())
    assert house.signals() == []
