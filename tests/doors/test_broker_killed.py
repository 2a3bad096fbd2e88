"""A Mosquitto set up as our guide says is killed and comes back: what it took is not lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import paho.mqtt.client as paho
import pytest

from makegood.page.hands.answering import going
from makegood.page.models import Device
from tests.doors.broker import AtBroker, Hearing, Mosquitto
from tests.doors.devices import Hardware, connected, hang_up, rung
from tests.doors.houses import House
from tests.patience import until

pytestmark = pytest.mark.usefixtures("every_house")


@pytest.fixture
def broker(button: Hardware, wrist: Device) -> Iterator[Mosquitto]:
    with Mosquitto() as standing:
        yield standing


def press(client: paho.Client, button: Hardware, *numbers: int) -> None:
    for number in numbers:
        client.publish(button.topic("press"), json.dumps({"key": f"n-{number:02}"}), qos=1)


def keys(house: House) -> list[str]:
    return sorted(signal.key.partition(":")[2] for signal in house.signals())


def test_presses_it_took_while_we_were_away_outlive_it(house, button, broker):
    with Hearing(broker) as process:
        process.wait()
    client = broker.connect(button.name, button.secret)
    press(client, button, *range(20))
    until(lambda: broker.has_on_disk("n-19"))
    client.loop_stop()
    broker.kill()
    broker.start()
    with Hearing(broker):
        until(lambda: len(house.signals()) == 20)
    assert keys(house) == [f"n-{number:02}" for number in range(20)]


def test_a_button_sends_again_what_it_did_not_take_and_each_press_counts_once(
    house, button, broker
):
    with Hearing(broker) as process:
        process.wait()
        client = connected(
            broker.port, button.name, button.secret, clean_session=False, reconnects=True
        )
        acknowledged: list[int] = []
        client.on_publish = lambda client, user, number, *_: acknowledged.append(number)
        press(client, button, *range(10))
        until(lambda: len(acknowledged) == len(house.signals()) == 10)
        broker.stop_short()
        press(client, button, *range(5, 15))  # 5 to 9 once more; it has them, and is silent
        broker.kill()
        press(client, button, *range(15, 20))
        assert len(acknowledged) == 10
        broker.start()
        until(lambda: len(house.signals()) == 20)
        until(lambda: len(acknowledged) == 25)
    assert keys(house) == [f"n-{number:02}" for number in range(20)]
    hang_up(client)


def test_a_ring_it_took_and_did_not_bring_arrives_when_both_are_back(house, broker, wrist):
    with Hearing(broker) as process:
        process.wait()
        worn = AtBroker(broker, house, wrist, manual_ack=True)
        until(lambda: Device.objects.get(pk=wrist.pk).seen_at)
        page = rung(house)
        until(lambda: worn.told)  # it never says that it has it
        broker.kill()
        worn.client.loop_stop()
        old = rung(house)
        going(page=old, staff=house.bo, now=datetime.now(UTC))
        broker.start()
        back = AtBroker(broker, house, wrist)
        assert back.receive()["page"] == str(page.pk)
        until(lambda: page.attempts.get(device=wrist).received_at)
        assert str(old.pk) not in {one["page"] for one in back.told if one["kind"] == "ring"}
        hang_up(back.client)
