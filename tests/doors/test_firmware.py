"""Our firmware on MicroPython, against our own listener and against a Mosquitto before us."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from makegood.devices import lamps
from makegood.ground.waiting import treat_all_waiting
from makegood.page import jobs
from makegood.page.duty.selftesting import ring_for_test
from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Attempt, Device, Page, PagerWord, SelfTest
from makegood.people.models import Staff
from makegood.sense.models import Lamp
from tests.doors.broker import Hearing, Mosquitto
from tests.doors.devices import Gateway, Hardware, attempt_on, rung
from tests.doors.firmware import Firmware
from tests.doors.houses import House
from tests.patience import until

Begin = Callable[[], Firmware]


pytestmark = pytest.mark.usefixtures("every_house")


@pytest.fixture
def wrist(wrist: Device) -> Device:
    Staff.objects.update(first_name="Bo")
    return wrist


@pytest.fixture(params=["our own listener", "a broker"])
def port(request: Any, house: House, button: Hardware, wrist: Device, lamp: Lamp) -> Iterator[int]:
    """Where devices connect to."""
    with ExitStack() as running:
        if request.param == "a broker":
            broker = running.enter_context(Mosquitto())
            running.enter_context(Hearing(broker)).wait()
            yield broker.port
        else:
            front = running.enter_context(Gateway())
            until(front.listens)
            yield front.mqtt_port


def button_of(hardware: Hardware, flash: Path, **how: Any) -> Firmware:
    return Firmware("button", flash, id=hardware.name, **{"secret": hardware.secret, **how})


@pytest.fixture
def table(button: Hardware, port: int, tmp_path: Path) -> Iterator[Firmware]:
    """The button at table 14."""
    with button_of(button, tmp_path, server=at(port)) as device:
        yield device


@pytest.fixture
def arm(house: House, wrist: Device, port: int, tmp_path: Path) -> Iterator[Firmware]:
    """The pager on Bo's arm."""
    secret = house.seal.close("pager", wrist.pk)
    with Firmware(
        "pager", tmp_path, id=wrist.pk.hex, secret=secret, server=at(port), wearer="Bo"
    ) as device:
        device.see("there")
        until(lambda: Device.objects.get(pk=wrist.pk).battery == 87)
        yield device


def at(port: int, host: str = "127.0.0.1", **how: Any) -> dict[str, Any]:
    return {"host": host, "port": port, **how}


def test_a_press_is_kept_then_heard(house, button, table):
    table.do("press")
    table.see("kept")
    table.see("heard")
    (signal,) = until(house.signals)
    assert signal.touchpoint_id == house.table.pk
    until(lambda: button.now().battery == 87)


def test_pressed_offline_and_cut_off_each_press_counts_once(house, table, tmp_path):
    table.see("there")
    table.do("offline")
    table.see("away")
    table.do("press", "press", "press")
    table.see("kept", 3)
    assert house.signals() == []
    table.cut_power()
    table.begin()
    table.see("heard", 3)
    until(lambda: len(house.signals()) == 3)
    assert (tmp_path / "presses").read_text() == ""
    table.cut_power()
    table.begin()
    table.do("press")
    table.see("heard")
    until(lambda: len(house.signals()) == 4)
    assert len({signal.key for signal in house.signals()}) == 4


def test_what_a_power_cut_left_unfinished_harms_no_press(house, button, wrist, port, tmp_path):
    with button_of(button, tmp_path, server=at(1)) as table:
        table.do(*["press"] * 70)
        table.see("kept", 70)
    whole = (tmp_path / "presses").read_text()
    assert len(whole.splitlines()) == 64  # the oldest made room
    (tmp_path / "presses").write_text(whole + whole.splitlines()[0][:30])
    with button_of(button, tmp_path, server=at(port)) as table:
        table.see("heard", 64)
        until(lambda: len(house.signals()) == 64)


def test_who_is_not_let_in_keeps_its_presses(house, button, port, tmp_path):
    with button_of(button, tmp_path, server=at(port), secret="x" * 40) as table:
        table.do("press")
        table.see("kept")
        assert "refused" in table.see("away") or "hung up" in table.see("away")
    with button_of(button, tmp_path, server=at(port)) as table:
        table.see("heard")
    until(house.signals)


def test_over_tls_to_the_authority_it_knows_and_to_no_other(house, button, wrist, tmp_path):
    with Mosquitto(tls=True) as broker, Hearing(broker) as hearing:
        hearing.wait()
        server = at(broker.port, "localhost", authority=str(broker.place / "cert.der"))
        with button_of(button, tmp_path, server=server) as table:
            table.do("press")
            table.see("heard")
        until(house.signals)
        with Mosquitto(tls=True) as stranger:
            elsewhere = server | {"port": stranger.port}
            with button_of(button, tmp_path, server=elsewhere) as table:
                table.see("away")


def act(page: Page) -> Page:
    until(lambda: PagerWord.objects.filter(page=page, treat_at__isnull=False).first())
    treat_all_waiting(jobs.WORDS, now=datetime.now(UTC))
    return Page.objects.get(pk=page.pk)


def test_a_page_rings_is_receipted_and_answered(house, wrist, arm):
    page = rung(house)
    assert arm.see("ringing").startswith("Table 14\n")
    assert arm.see("shake") == [500, 200, 500]
    until(lambda: attempt_on(wrist).received_at)
    arm.do("yes")
    arm.see("going")
    page = act(page)
    assert (page.state, page.taken_by) == (Page.State.GOING, house.bo)
    arm.do("yes")
    arm.see("quiet")
    assert act(page).state == Page.State.WITH


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_it_shakes_the_harder_the_graver_it_is(house, arm):
    for times, severity in enumerate((1, 5), start=1):
        rung(house, severity=severity)
        arm.see("ringing", times)
    patterns = [arm.see("shake", 1), arm.see("shake", 2)]
    assert sum(patterns[0]) < sum(patterns[1])


def test_it_is_called_back_when_a_colleague_goes(house, arm):
    mina = colleague(house, "Mina")
    page = rung(house)
    arm.see("ringing")
    going(page=page, staff=mina, now=datetime.now(UTC))
    assert arm.see("taken") == "Mina"


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_it_shakes_anew_for_who_has_not_said_that_they_know(house, arm, wrist):
    mina = colleague(house, "Mina")
    page = rung(house, ladder=[{"who": "on_duty", "wait_seconds": 45, "hands": "every"}])
    arm.see("ringing")
    until(lambda: attempt_on(wrist).received_at)
    now = datetime.now(UTC)
    going(page=page, staff=mina, now=now)
    treat_all_waiting(jobs.INSISTS, now=now + timedelta(minutes=1))
    arm.see("ringing", 2)
    arm.see("shake", 2)
    until(lambda: not Attempt.objects.filter(device=wrist, received_at=None).exists())
    assert Attempt.objects.filter(device=wrist).count() == 2
    arm.do("no")  # it counts as knowing
    act(page)
    until(lambda: not Attempt.objects.filter(device=wrist, stopped_at=None).exists())
    treat_all_waiting(jobs.INSISTS, now=now + timedelta(minutes=2))
    assert Page.objects.get().asks_again_at is None


def test_cut_off_it_is_lost_and_back_it_rings(house, wrist, arm):
    arm.cut_power()
    until(lambda: Device.objects.get(pk=wrist.pk).lost_at)
    rung(house)
    arm.begin()
    arm.see("ringing")
    until(lambda: attempt_on(wrist).received_at)
    assert Device.objects.get(pk=wrist.pk).lost_at is None


def test_an_answer_given_without_a_network_is_said_when_it_is_back(house, arm):
    page = rung(house)
    arm.see("ringing")
    arm.do("offline")
    until(lambda: "No network" in arm.shows()[1])
    arm.do("no")
    arm.see("quiet")
    assert not PagerWord.objects.exists()
    arm.do("online")
    act(page)
    assert [word.kind for word in PagerWord.objects.all()] == ["cant"]


def colleague(house: House, name: str) -> Staff:
    return Staff.objects.create(
        organisation=house.organisation, site=house.site, email="m@x.example", first_name=name
    )


def test_the_place_is_shown_with_the_network_and_without(house, wrist, arm):
    rung(house)
    place = arm.see("ringing")
    until(lambda: attempt_on(wrist).received_at)
    arm.do("offline")
    until(lambda: arm.shows() == ("ringing", f"{place}\nNo network"))
    arm.do("online")
    until(lambda: arm.shows() == ("ringing", place))
    Attempt.objects.update(received_at=None)  # its receipt was lost, so it is told again
    arm.do("offline")
    until(lambda: arm.shows() == ("ringing", f"{place}\nNo network"))
    arm.do("online")
    until(lambda: attempt_on(wrist).received_at)
    until(lambda: arm.shows() == ("ringing", place))


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_where_its_wearer_goes_is_shown_and_meant_until_they_are_there(house, arm):
    first = rung(house)
    arm.see("ringing")
    arm.do("yes")
    arm.see("going")
    act(first)
    other = rung(house, severity=5)
    until(lambda: arm.shows()[0] == "going" and arm.shows()[1].endswith("\n+ Table 14"))
    assert arm.see("shake", 2) != arm.see("shake", 1)  # it is felt all the same
    arm.do("yes")
    assert act(first).state == Page.State.WITH
    until(lambda: arm.shows()[0] == "ringing")
    arm.do("yes")
    assert act(other).taken_by == house.bo


def test_back_in_reach_it_is_told_who_went(house, wrist, arm):
    mina = colleague(house, "Mina")
    page = rung(house)
    arm.see("ringing")
    until(lambda: attempt_on(wrist).received_at)
    arm.do("offline")
    until(lambda: "No network" in arm.shows()[1])
    going(page=page, staff=mina, now=datetime.now(UTC))
    arm.do("online")
    assert arm.see("taken") == "Mina"
    until(lambda: attempt_on(wrist).stopped_at)


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_a_hand_that_came_second_does_not_go_on_showing_that_it_goes(house, wrist, arm):
    namesake = colleague(house, "Bo")  # by the name alone it might be its wearer
    page = rung(house)
    arm.see("ringing")
    arm.do("offline")
    until(lambda: "No network" in arm.shows()[1])
    going(page=page, staff=namesake, now=datetime.now(UTC))
    arm.do("yes")
    arm.see("going")
    arm.do("online")
    assert act(page).taken_by == namesake
    arm.see("quiet")


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_with_the_customer_by_the_phone_it_is_free_for_the_next(house, arm):
    page = rung(house)
    arm.see("ringing")
    arm.do("yes")
    act(page)
    assert arm.shows()[0] == "going"
    with_customer(page=page, staff=house.bo, now=datetime.now(UTC))
    arm.see("quiet")


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_what_waited_says_how_long_ago_it_was_said(house, arm):
    rung(house)
    arm.see("ringing")
    arm.do("offline")
    until(lambda: "No network" in arm.shows()[1])
    arm.do("no")
    arm.see("quiet")
    said_at = time.monotonic()
    until(lambda: time.monotonic() > said_at + 1.2)
    arm.do("online")
    word = until(PagerWord.objects.first)
    assert word.treat_at
    assert word.treat_at - word.said_at >= timedelta(seconds=1)


def test_a_self_test_is_felt(house, wrist, arm):
    test = ring_for_test(staff=house.bo, site=house.site, device=wrist, now=datetime.now(UTC))
    arm.see("test")
    until(lambda: SelfTest.objects.get(pk=test.pk).received_at)
    arm.do("yes")
    until(lambda: SelfTest.objects.get(pk=test.pk).treat_at)


@pytest.fixture
def kitchen(house: House, lamp: Lamp, port: int, tmp_path: Path) -> Iterator[Firmware]:
    """The lamp in the kitchen."""
    with lamp_of(house, lamp, tmp_path, server=at(port)) as device:
        device.see("there")
        until(lambda: Lamp.objects.get().battery == 87)
        yield device


def lamp_of(house: House, lamp: Lamp, flash: Path, **how: Any) -> Firmware:
    secret = house.seal.close("lamp", lamp.pk)
    return Firmware("lamp", flash, **{"id": lamp.pk.hex, "secret": secret} | how)


def burns(lamp: Firmware, light: list[int]) -> None:
    """It comes to burn so: milliseconds on and off."""
    until(lambda: [how for what, how in tuple(lamp.seen) if what == "light"][-1:] == [light])


def test_a_lamp_burns_the_quicker_the_graver_it_is_and_goes_dark(house, kitchen):
    burns(kitchen, [0, 1000])
    page = rung(house, severity=2)
    burns(kitchen, [1500, 500])
    grave = rung(house, severity=5)
    burns(kitchen, [120, 120])
    going(page=grave, staff=house.bo, now=datetime.now(UTC))
    burns(kitchen, [1500, 500])
    going(page=page, staff=house.bo, now=datetime.now(UTC))
    burns(kitchen, [0, 1000])


@pytest.mark.parametrize("port", ["our own listener"], indirect=True)
def test_a_lamp_that_is_told_nothing_says_that_it_knows_nothing(
    house, lamp, port, tmp_path, monkeypatch
):
    monkeypatch.setattr(lamps, "SAID_EVERY", 0.1)
    rung(house)
    with lamp_of(house, lamp, tmp_path, server=at(port), trusted_for=1000) as kitchen:
        burns(kitchen, [600, 600])
        kitchen.do("offline")
        burns(kitchen, [50, 4950])
        kitchen.do("online")
        burns(kitchen, [600, 600])
