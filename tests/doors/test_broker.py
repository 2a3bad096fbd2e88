"""Buttons and wrist pagers through a Mosquitto: our process hears them, and PUBACK is a commit."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as paho
import pytest

from makegood.config import env
from makegood.config.bridge import Bridged
from makegood.ground.models import Bulletin
from makegood.ground.waiting import treat_all_waiting
from makegood.intake.committing import Committer, NotCommitted
from makegood.page import jobs
from makegood.page.duty.selftesting import ring_for_test
from makegood.page.hands.answering import going
from makegood.page.models import Device, Page, PagerWord, SelfTest
from tests.browser.house import database_url
from tests.doors.broker import AtBroker, Hearing, Mosquitto
from tests.doors.devices import Hardware, attempt_on, hang_up, rung
from tests.doors.houses import House
from tests.doors.serving import PATIENCE, settings
from tests.patience import until

pytestmark = pytest.mark.usefixtures("every_house")


@pytest.fixture
def broker(house: House, button: Hardware, wrist: Device) -> Iterator[Mosquitto]:
    with Mosquitto() as standing:
        yield standing


@pytest.fixture
def hearing(broker: Mosquitto) -> Iterator[Hearing]:
    with Hearing(broker) as process:
        process.wait()
        yield process


@pytest.fixture
def worn(hearing: Hearing, broker: Mosquitto, house: House, wrist: Device) -> Iterator[AtBroker]:
    pager = AtBroker(broker, house, wrist)
    until(lambda: Device.objects.get(pk=wrist.pk).seen_at)
    yield pager
    hang_up(pager.client)


def press(client: paho.Client, button: Hardware, payload: str, **how: Any) -> None:
    sent = client.publish(button.topic("press"), payload, **{"qos": 1, **how})
    sent.wait_for_publish(PATIENCE)


def keys(house: House) -> list[str]:
    return sorted(signal.key.partition(":")[2] for signal in house.signals())


def test_a_press_through_the_broker_is_a_press(house, button, broker, hearing):
    client = broker.connect(button.name, button.secret)
    press(client, button, '{"key": "17-3", "battery": 80}')
    (signal,) = until(house.signals)
    assert (signal.touchpoint_id, signal.key) == (house.table.pk, f"{button.name}:17-3")
    until(lambda: button.now().battery == 80)
    hang_up(client)


def test_sent_again_it_is_the_same_press(house, button, broker, hearing):
    client = broker.connect(button.name, button.secret)
    for key in ("17-3", "17-3", "17-3", "17-4"):
        press(client, button, json.dumps({"key": key}))
    until(lambda: len(house.signals()) == 2)
    assert keys(house) == ["17-3", "17-4"]
    hang_up(client)


def test_what_the_broker_kept_is_no_press(house, button, broker):
    client = broker.connect(button.name, button.secret)
    press(client, button, '{"key": "kept-1"}', retain=True)
    with Hearing(broker) as process:
        process.wait()
        press(client, button, '{"key": "new-1"}')  # heard after what was kept
        until(house.signals)
    assert keys(house) == ["new-1"]
    hang_up(client)


def test_a_press_made_while_we_were_away_is_kept_for_us(house, button, broker):
    with Hearing(broker) as process:
        process.wait()
    client = broker.connect(button.name, button.secret)
    press(client, button, '{"key": "away-1", "seconds_ago": 60}')
    with Hearing(broker):
        until(house.signals)
    assert keys(house) == ["away-1"]
    hang_up(client)


def test_a_broker_that_is_restarted_loses_and_doubles_nothing(house, button, broker, hearing):
    client = broker.connect(button.name, button.secret)
    for number in range(20):
        press(client, button, json.dumps({"key": f"first-{number:02}"}))
    client.loop_stop()
    broker.end()
    broker.start()
    client = broker.connect(button.name, button.secret)
    for number in range(10, 30):  # those whose acknowledgement it did not see, and more
        press(client, button, json.dumps({"key": f"first-{number:02}"}))
    until(lambda: len(house.signals()) == 30)
    assert keys(house) == [f"first-{number:02}" for number in range(30)]
    hang_up(client)


def test_what_is_not_committed_is_not_acknowledged(house, button, broker, monkeypatch):
    commit, tried = Committer.commit, []

    async def away_once(self: Any, press: Any) -> Any:
        tried.append(press.key)
        if len(tried) == 1:
            raise NotCommitted("the database is away")
        return await commit(self, press)

    monkeypatch.setattr(Committer, "commit", away_once)
    with Hearing(broker) as process:
        process.wait()
        client = broker.connect(button.name, button.secret)
        press(client, button, '{"key": "17-3"}')
        until(house.signals)
    assert len(tried) == 2  # the broker has sent it again
    assert keys(house) == ["17-3"]
    hang_up(client)


def test_a_page_rings_on_the_wrist_and_is_answered(house, worn, wrist):
    page = rung(house)
    told = worn.receive()
    assert (told["kind"], told["page"], told["place"]) == ("ring", str(page.pk), "Table 14")
    assert (worn.raw[0].qos, worn.raw[0].retain) == (1, False)
    until(lambda: attempt_on(wrist).received_at)
    worn.say("going", page)
    until(PagerWord.objects.first)
    treat_all_waiting(jobs.WORDS, now=datetime.now(UTC))
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, house.bo)
    until(lambda: Device.objects.get(pk=wrist.pk).battery == 61)


def test_a_self_test_is_felt_on_the_wrist(house, worn, wrist):
    test = ring_for_test(staff=house.bo, site=house.site, device=wrist, now=datetime.now(UTC))
    told = until(lambda: worn.told)[-1]
    assert (told["kind"], told["test"]) == ("test", str(test.pk))
    for _ in range(2):
        worn.tell("received", test=str(test.pk))
    worn.tell("received", test="yes?")
    until(lambda: SelfTest.objects.get().received_at)
    assert Bulletin.objects.filter(data__kind="arrived").count() == 1
    worn.feel(test)
    until(SelfTest.objects.filter(treat_at__isnull=False).exists)
    treat_all_waiting(jobs.FELT, now=datetime.now(UTC))
    assert SelfTest.objects.get().felt_at


def test_its_last_will_says_that_it_is_lost(house, worn, broker, wrist):
    def lost() -> Any:
        return Device.objects.get(pk=wrist.pk).lost_at

    dying = broker.connect(f"pager-{wrist.pk.hex}", house.seal.close("pager", wrist.pk),
                           client_id="dying", will=f"{worn.topic}/lost")  # fmt: skip
    assert lost() is None
    sock = dying.socket()
    assert sock
    sock.shutdown(2)
    until(lost)
    hang_up(dying)
    worn.tell("alive")
    until(lambda: not lost())


def test_what_rang_while_it_was_away_is_told_when_it_comes(house, broker, hearing, wrist):
    page = rung(house)
    worn = AtBroker(broker, house, wrist)
    assert worn.receive()["page"] == str(page.pk)
    until(lambda: attempt_on(wrist).received_at)
    hang_up(worn.client)
    again = AtBroker(broker, house, wrist)
    other = rung(house)  # what comes next is the first thing it is told
    assert until(lambda: again.told)[0]["page"] == str(other.pk)
    hang_up(again.client)


def test_an_old_page_is_not_told_any_more(house, broker, wrist):
    going(page=rung(house), staff=house.bo, now=datetime.now(UTC))
    with Hearing(broker) as process:
        process.wait()
        worn = AtBroker(broker, house, wrist)
        page = rung(house)
        until(lambda: "ring" in worn.kinds())
        rings = [one["page"] for one in worn.told if one["kind"] == "ring"]
        assert set(rings) == {str(page.pk)}  # what comes twice, it rings once
        hang_up(worn.client)


def test_what_rings_while_the_broker_is_restarted_arrives(house, worn, broker, wrist):
    worn.client.loop_stop()
    broker.end()
    page = rung(house)
    broker.start()
    back = AtBroker(broker, house, wrist)
    assert back.receive()["page"] == str(page.pk)
    until(lambda: attempt_on(wrist).received_at)
    hang_up(back.client)


def test_a_kept_answer_says_nothing(house, worn, broker):
    page = rung(house)
    until(lambda: worn.told)
    words = json.dumps({"kind": "going", "page": str(page.pk), "round": page.round})
    worn.client.publish(f"{worn.topic}/answer", words, qos=1, retain=True)
    until(PagerWord.objects.first)  # said now, it counts; what is kept of it does not
    worn.tell("alive", battery=17)
    until(lambda: Device.objects.get().battery == 17)  # so the broker was told that it was heard
    PagerWord.objects.all().delete()
    broker.end()
    broker.start()  # we subscribe again, and are given what was kept
    again = AtBroker(broker, house, Device.objects.get())
    again.say("cant", page)
    until(PagerWord.objects.first)
    assert [word.kind for word in PagerWord.objects.all()] == ["cant"]
    hang_up(again.client)


def test_nobody_speaks_for_another(house, button, wrist, broker, hearing):
    thief = broker.connect(button.name, button.secret)
    other = Hardware(house)
    broker.learn()
    for topic in (other.topic("press"), f"p/{wrist.pk.hex}/answer", f"p/{wrist.pk.hex}"):
        thief.publish(topic, '{"key": "stolen-1"}', qos=1).wait_for_publish(PATIENCE)
    press(thief, button, '{"key": "own-1"}')  # heard after whatever else was let through
    until(house.signals)
    assert keys(house) == ["own-1"]
    newcomer = broker.connect(other.name, other.secret)
    press(newcomer, other, '{"key": "new-1"}')
    until(lambda: len(house.signals()) == 2)
    hang_up(newcomer)
    hang_up(thief)


def test_nobody_hears_another(house, button, worn, broker):
    thief = broker.connect(button.name, button.secret)
    heard: list[Any] = []
    thief.on_message = lambda c, u, message: heard.append(message)
    thief.subscribe("#", 1)
    rung(house)
    until(lambda: worn.told)
    thief.publish(button.topic("echo"), "", qos=1)  # comes after what it should not hear
    until(lambda: heard)
    assert [message.topic for message in heard] == [button.topic("echo")]
    hang_up(thief)


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a pager with a button's secret"])
def test_the_broker_lets_only_devices_of_ours_in(house, button, wrist, broker, who):
    name, password = {
        "nobody": ("", ""),
        "a stranger": ("0" * 32, button.secret),
        "a pager with a button's secret": (f"pager-{wrist.pk.hex}", button.secret),
    }[who]
    client = broker.connect(name, password)
    assert client.user_data_get() != 0
    client.loop_stop()


def test_a_button_put_away_keeps_nobody_elses_press_from_us(house, button, broker, hearing):
    gone = Hardware(house)
    broker.learn()
    client = broker.connect(gone.name, gone.secret)
    gone.row.retired_at = datetime.now(UTC)
    gone.row.save()
    press(client, gone, '{"key": "gone-1"}')
    press(client, gone, "what?")
    other = broker.connect(button.name, button.secret)
    press(other, button, '{"key": "17-3"}')
    until(house.signals)
    assert keys(house) == ["17-3"]
    hang_up(client)
    hang_up(other)


def test_through_tls_with_an_authority_of_our_own(house, button):
    with Mosquitto(tls=True) as broker, Hearing(broker) as process:
        process.wait()
        client = broker.connect(button.name, button.secret)
        press(client, button, '{"key": "17-3"}')
        until(house.signals)
        hang_up(client)


def test_makegood_devices_is_a_process_that_ends_in_order(house, button, broker):
    ours = {
        "DATABASE_URL": database_url(),
        "MAKEGOOD_SECRET": settings().secret,
        "MAKEGOOD_MQTT_BROKER": broker.url,
    }
    said = [sys.executable, "-P", "-m", "makegood.console", "devices"]
    client = broker.connect(button.name, button.secret)
    with subprocess.Popen(said, env=os.environ | ours, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert b"the broker is heard" in process.stdout.readline()
        press(client, button, '{"key": "17-3"}')
        until(house.signals)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    hang_up(client)


def test_without_a_broker_there_is_nothing_to_do():
    with pytest.raises(env.Misconfigured, match="MAKEGOOD_MQTT_BROKER is not set"):
        Bridged(settings())
