"""Lamps over MQTT, at the gateway and through a Mosquitto: they burn while a customer waits."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from makegood.devices import lamps
from makegood.page.hands.answering import cant, customer_left, going, with_customer
from makegood.page.hands.ending import end_pages
from makegood.page.models import Device, Page
from makegood.people.models import Site
from makegood.sense.equipping import renew_lamp, retire_lamp
from makegood.sense.models import Lamp
from tests.doors.broker import Hearing, Mosquitto
from tests.doors.devices import Burning, Front, Gateway, Hardware, hang_up, rung
from tests.doors.houses import House
from tests.patience import until

pytestmark = pytest.mark.usefixtures("every_house")


@pytest.fixture
def gateway(house: House) -> Iterator[Gateway]:
    with Gateway() as served:
        until(served.listens)
        yield served


@pytest.fixture(params=["our own listener", "a broker"])
def front(request: Any, house: House, lamp: Lamp, wrist: Device) -> Iterator[Front]:
    with ExitStack() as running:
        if request.param == "a broker":
            broker = running.enter_context(Mosquitto())
            running.enter_context(Hearing(broker)).wait()
            yield broker
        else:
            yield request.getfixturevalue("gateway")


@pytest.fixture
def burning(front: Front, house: House, lamp: Lamp) -> Iterator[Burning]:
    burning = Burning(front, house, lamp)
    burning.tell("alive")
    yield burning
    hang_up(burning.client)


def test_it_burns_as_urgently_as_the_gravest_and_goes_dark_when_somebody_goes(house, burning):
    burning.shows(0, 0)
    small, grave = rung(house, severity=2), rung(house, severity=5)
    burning.shows(5, 2)
    assert {(told.qos, told.retain) for told in burning.raw} == {(1, False)}  # never of yesterday
    going(page=grave, staff=house.bo, now=datetime.now(UTC))
    burning.shows(2, 1)
    going(page=small, staff=house.bo, now=datetime.now(UTC))
    burning.shows(0, 0)


def test_it_burns_again_when_who_went_cannot_and_is_dark_when_it_is_over(house, burning):
    page = rung(house)
    going(page=page, staff=house.bo, now=datetime.now(UTC))
    burning.shows(0, 0)
    cant(page=page, staff=house.bo, now=datetime.now(UTC))
    burning.shows(3, 1)
    with_customer(page=page, staff=house.bo, now=datetime.now(UTC))
    burning.shows(0, 0)
    other = rung(house)
    burning.shows(3, 1)
    end_pages(about=other.about, purpose=Page.Purpose.REACH, now=datetime.now(UTC))
    burning.shows(0, 0)


def test_what_reminds_colleagues_does_not_light_it(house, burning):
    rung(house, purpose=Page.Purpose.REMIND)
    page = rung(house)
    burning.shows(3, 1)
    going(page=page, staff=house.bo, now=datetime.now(UTC))
    customer_left(page=page, staff=house.bo, now=datetime.now(UTC))
    burning.shows(0, 0)


def test_one_that_comes_late_is_told_how_it_is(house, front, lamp):
    rung(house)
    burning = Burning(front, house, lamp)
    burning.tell("alive")
    burning.shows(3, 1)
    hang_up(burning.client)


def test_it_is_told_again_while_nothing_changes(house, gateway, lamp, monkeypatch):
    monkeypatch.setattr(lamps, "SAID_EVERY", 0.05)
    burning = Burning(gateway, house, lamp)
    until(lambda: len(burning.told) > 3)
    assert all(told == burning.told[0] for told in burning.told)
    hang_up(burning.client)


def test_that_it_is_there_is_noted_and_its_last_will_is_no_sign_of_life(house, burning, lamp):
    until(lambda: Lamp.objects.get().look_at)
    Lamp.objects.update(heard_at=None, battery=None)
    burning.tell("lost")
    burning.tell("alive", battery=61)
    until(lambda: Lamp.objects.get().battery == 61)
    assert Lamp.objects.get().heard_at
    burning.tell("alive", battery="full?")  # nothing it says ends the conversation
    assert burning.client.is_connected()


def test_another_sites_pages_are_not_its_own(house, burning):
    station = Site.objects.create(organisation=house.organisation, name="Station")
    rung(replace(house, site=station), severity=5)
    rung(house)
    burning.shows(3, 1)


@pytest.mark.parametrize("do", [retire_lamp, renew_lamp])
def test_who_is_let_in_no_more_is_hung_up_on(house, gateway, lamp, do):
    burning = Burning(gateway, house, lamp)
    burning.shows(0, 0)
    changed = do(lamp=lamp, now=datetime.now(UTC))
    until(lambda: not burning.client.is_connected())
    for version, welcome in ((0, False), (changed.link_version, do is renew_lamp)):
        secret = house.seal.close("lamp", lamp.pk, version)
        client = gateway.connect(f"lamp-{lamp.pk.hex}", secret)
        assert (client.user_data_get() == 0) is welcome
        hang_up(client)


@pytest.mark.parametrize("purpose", ["lamps", "pager", "button"])
def test_who_is_no_lamp_of_ours_is_refused(house, gateway, lamp, purpose):
    client = gateway.connect(f"lamp-{lamp.pk.hex}", house.seal.close(purpose, lamp.pk))
    assert client.user_data_get() != 0
    client.loop_stop()


def test_a_lamp_presses_nothing_and_answers_nothing(house, front, lamp, button, burning, wrist):
    page = rung(house)
    words = json.dumps({"kind": "going", "page": str(page.pk), "round": page.round})
    burning.tell("press", key="1")
    burning.client.publish(f"{burning.topic}/answer", words, qos=1)
    burning.client.publish(button.topic("press"), '{"key": "1"}', qos=1)
    burning.client.publish(f"p/{wrist.pk.hex}/answer", words, qos=1)
    hang_up(burning.client)
    hardware = Hardware(house)
    if isinstance(front, Mosquitto):
        front.learn()
    client = front.connect(hardware.name, hardware.secret)
    client.publish(hardware.topic("press"), '{"key": "own"}', qos=1)
    until(house.signals)
    assert [signal.key for signal in house.signals()] == [f"{hardware.name}:own"]
    assert Page.objects.get().state == Page.State.RINGING
    hang_up(client)
