"""One way to Bo is dead, and the other reaches him: the real gateway, broker and services."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.ground.tokens import Seal
from makegood.page.channels.message.sending import read_address
from makegood.page.equipment.equipping import add_device
from makegood.page.models import Attempt, Device, Page, PagerWord
from makegood.page.tests.push_service import Browser, PushService, _push_service, push_service
from makegood.page.tests.services import Gotify, _gotify, gotify
from makegood.people.models import Site, Staff
from makegood.sense.access import button_secret
from makegood.sense.equipping import add_button
from makegood.sense.models import Signal, Touchpoint
from tests.doors.broker import AtBroker, Hearing, Mosquitto
from tests.doors.devices import Gateway, Worn, hang_up
from tests.doors.serving import PATIENCE, settings
from tests.patience import until
from tests.stories.stage import Evening, Guest

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["_gotify", "_push_service", "gotify", "push_service"]


class Keys:
    """Where devices get their secrets."""

    @property
    def seal(self) -> Seal:
        return Seal(settings().secret)


@pytest.fixture
def now() -> datetime:
    """This very moment: what the gateway writes carries the database's time."""
    return datetime.now(UTC)


@pytest.fixture
def gateway(harbour: Site) -> Iterator[Gateway]:
    with Gateway() as served:
        until(served.listens)
        yield served


@pytest.fixture
def wrist(bo: Staff, now: datetime) -> Device:
    return add_device(staff=bo, channel="wrist", name="wrist", address={}, now=now)


@pytest.fixture
def phone(bo: Staff, now: datetime, push_service: PushService) -> Browser:
    browser = push_service.subscribe()
    add_device(staff=bo, channel="webpush", name="phone", address=browser.address, now=now)
    return browser


def attempt_on(channel: str) -> Attempt:
    return Attempt.objects.get(channel=channel)


def catch_up(evening: Evening) -> None:
    """The evening is as late as the clock on the wall."""
    evening.until(datetime.now(UTC) + timedelta(seconds=1))


def test_push_dead_and_wrist_alive(
    evening: Evening, bo: Staff, table_14: Touchpoint, gateway: Gateway, wrist: Device,
    phone: Browser, push_service: PushService,
) -> None:  # fmt: skip
    worn = Worn(gateway, Keys(), wrist)
    evening.comes_on_duty(bo)
    push_service.answers = [410]
    guest = evening.press(table_14)
    dead = attempt_on("webpush")
    assert "410" in dead.said
    assert dead.device
    assert dead.device.retired_at

    until(lambda: "ring" in worn.kinds())
    until(lambda: attempt_on("wrist").received_at)
    worn.say("going", guest.page)
    catch_up(evening)
    assert (guest.page.state, guest.page.taken_by) == (Page.State.GOING, bo)
    assert push_service.pushes == []
    hang_up(worn.client)


def test_wrist_dead_and_push_alive(
    evening: Evening, bo: Staff, table_14: Touchpoint, gateway: Gateway, wrist: Device,
    phone: Browser, push_service: PushService,
) -> None:  # fmt: skip
    worn = Worn(gateway, Keys(), wrist)
    line: Any = worn.client.socket()
    line.shutdown(socket.SHUT_RDWR)
    until(lambda: Device.objects.get(pk=wrist.pk).lost_at)
    evening.comes_on_duty(bo)
    guest = evening.press(table_14)
    [ring] = [push.said for push in push_service.pushes if push.said["kind"] == "ring"]
    assert Client().post(ring["actions"][0]["url"]).status_code < 300
    catch_up(evening)
    assert (guest.page.state, guest.page.taken_by) == (Page.State.GOING, bo)
    assert attempt_on("wrist").received_at is None

    hang_up(worn.client)

    back = Worn(gateway, Keys(), wrist)  # it is not rung for what is taken
    other = evening.press(table_14)
    assert other.page == guest.page
    back.client.publish(f"{back.topic}/alive", "{}", qos=1).wait_for_publish(PATIENCE)
    assert "ring" not in back.kinds()
    (stop,) = until(lambda: back.stopped(guest.page))
    assert (stop["because"], stop["by"]) == ("taken", "Bo")
    hang_up(back.client)


def test_a_slow_provider_keeps_the_wrist_waiting_for_nothing(
    evening: Evening, bo: Staff, table_14: Touchpoint, gateway: Gateway, wrist: Device,
    gotify: Gotify, now: datetime,
) -> None:  # fmt: skip
    address = read_address(gotify.url)
    add_device(staff=bo, channel="message", name="phone", address=address, now=now)
    worn = Worn(gateway, Keys(), wrist)
    taken_when_it_rang: list[int] = []
    slow = threading.Event()

    def ring(*about: Any) -> None:
        taken_when_it_rang.append(len(gotify.taken))
        slow.set()  # only now the provider answers

    evening.comes_on_duty(bo)
    worn.client.on_message = ring
    gotify.waits_for = slow
    evening.press(table_14)
    assert until(lambda: taken_when_it_rang) == [0]
    until(lambda: gotify.taken)
    hang_up(worn.client)


def test_the_broker_is_restarted_between_the_press_and_the_answer(
    evening: Evening, bo: Staff, table_14: Touchpoint, wrist: Device, now: datetime
) -> None:
    button = add_button(touchpoint=table_14, kind="makegood", now=now)
    with Mosquitto() as broker, Hearing(broker) as process:
        process.wait()
        evening.comes_on_duty(bo)
        worn = AtBroker(broker, Keys(), wrist)
        table = broker.connect(button.pk.hex, button_secret(button))
        pressed = table.publish(f"b/{button.pk.hex}/press", '{"key": "17-3"}', qos=1)
        pressed.wait_for_publish(PATIENCE)
        signal = until(Signal.objects.first)
        catch_up(evening)
        page = Guest(evening, signal).page
        assert worn.receive()["page"] == str(page.pk)

        for client in (table, worn.client):
            client.loop_stop()
        broker.end()
        broker.start()
        worn = AtBroker(broker, Keys(), wrist)
        worn.say("going", page)
        until(PagerWord.objects.first)
        catch_up(evening)
        page.refresh_from_db()
        assert (page.state, page.taken_by) == (Page.State.GOING, bo)
        assert Signal.objects.count() == 1
        assert not [one for one in worn.told if one["kind"] == "ring"]  # it had arrived
        hang_up(worn.client)
