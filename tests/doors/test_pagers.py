"""Wrist pagers at the gateway: rung over MQTT, receipted by PUBACK, answered, lost and found."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import msgspec
import pytest

from makegood.ground.ids import new_id
from makegood.ground.models import Bulletin
from makegood.ground.waiting import treat_all_waiting
from makegood.page import jobs
from makegood.page.duty.selftesting import answer_test, ring_for_test
from makegood.page.equipment.equipping import add_device, renew_device, retire_device
from makegood.page.hands.answering import going
from makegood.page.models import Answer, Device, Page, PagerWord, SelfTest
from makegood.people.duty import end_duty, running_duty
from makegood.people.models import Staff
from tests.doors.colleagues import body, browser_of
from tests.doors.devices import Gateway, Worn, attempt_on, hang_up, rung
from tests.doors.houses import House
from tests.doors.serving import PATIENCE
from tests.patience import until

SECOND = timedelta(seconds=1)


pytestmark = pytest.mark.usefixtures("every_house")


@pytest.fixture
def front(house: House) -> Iterator[Gateway]:
    with Gateway() as served:
        until(served.listens)
        yield served


@pytest.fixture
def worn(front: Gateway, house: House, wrist: Device) -> Iterator[Worn]:
    worn = Worn(front, house, wrist)
    yield worn
    hang_up(worn.client)


def act(page: Page) -> Page:
    treat_all_waiting(jobs.WORDS, now=datetime.now(UTC))
    return Page.objects.get(pk=page.pk)


def test_a_page_rings_on_the_wrist_and_its_acknowledgement_is_the_receipt(house, worn, wrist):
    page = rung(house)
    until(lambda: worn.told)
    (told,) = worn.told
    assert (told["kind"], told["page"], told["place"]) == ("ring", str(page.pk), "Table 14")
    assert (worn.raw[0].qos, worn.raw[0].retain) == (1, False)
    until(lambda: attempt_on(wrist).received_at)
    assert Page.objects.get().received_at


def test_going_is_committed_and_then_done(house, worn, wrist):
    page = rung(house)
    until(lambda: worn.told)
    worn.say("going", page)
    assert PagerWord.objects.get().treat_at  # acknowledged means: on disk
    page = act(page)
    assert (page.state, page.taken_by) == (Page.State.GOING, house.bo)
    worn.say("with", page)
    assert act(page).state == Page.State.WITH
    assert attempt_on(wrist).answered_at


def test_said_twice_it_is_said_once_and_too_late_is_kept(house, worn):
    page = rung(house)
    mina = Staff.objects.create(
        organisation=house.organisation, site=house.site, email="m@x.example"
    )
    going(page=page, staff=mina, now=datetime.now(UTC))
    until(lambda: "stop" in worn.kinds())
    worn.say("going", page)
    worn.say("going", page)
    assert act(page).taken_by == mina
    assert PagerWord.objects.get().refused == "taken"


def test_cant_asks_the_next(house, worn):
    page = rung(house)
    worn.say("cant", page)
    act(page)
    assert Answer.objects.filter(page=page, kind="cant", staff=house.bo).exists()


def test_what_rang_while_it_was_away_is_told_when_it_comes(front, house, wrist):
    page = rung(house)
    worn = Worn(front, house, wrist, clean_session=False)
    until(lambda: worn.told)
    assert worn.told[0]["page"] == str(page.pk)
    until(lambda: attempt_on(wrist).received_at)
    hang_up(worn.client)
    again = Worn(front, house, wrist)
    other = rung(house)  # what comes next is the first thing it is told
    until(lambda: again.told)
    assert again.told[0]["page"] == str(other.pk)
    hang_up(again.client)


def test_an_old_page_is_not_told_any_more(front, house, wrist):
    deaf = Worn(front, house, wrist, manual_ack=True)
    old = going(page=rung(house), staff=house.bo, now=datetime.now(UTC))
    until(lambda: deaf.stopped(old))
    hang_up(deaf.client)
    assert attempt_on(wrist).received_at is None
    worn = Worn(front, house, wrist)
    page = rung(house)
    until(lambda: "ring" in worn.kinds())
    assert [one["page"] for one in worn.told if one["kind"] == "ring"] == [str(page.pk)]
    hang_up(worn.client)


def test_a_ring_that_was_not_acknowledged_comes_again(front, house, wrist):
    deaf = Worn(front, house, wrist, manual_ack=True)
    rung(house)
    until(lambda: deaf.told)
    hang_up(deaf.client)
    assert attempt_on(wrist).received_at is None
    worn = Worn(front, house, wrist)
    until(lambda: worn.told)
    hang_up(worn.client)


def test_lost_and_found(front, house, wrist, worn):
    def device() -> Device:
        return Device.objects.get(pk=wrist.pk)

    assert device().seen_at
    assert device().lost_at is None
    sock = worn.client.socket()
    assert sock
    sock.shutdown(2)
    until(lambda: device().lost_at)
    again = Worn(front, house, wrist)
    said = again.client.publish(f"{again.topic}/alive", '{"battery": 61}', qos=1)
    said.wait_for_publish(PATIENCE)
    assert (device().lost_at, device().battery) == (None, 61)
    hang_up(again.client)


def test_a_kept_answer_and_an_answer_to_anothers_page_change_nothing(house, worn):
    page = rung(house)
    until(lambda: worn.told)
    worn.say("going", page, retain=True)
    elsewhere = Page(pk=new_id(), round=0)
    worn.say("going", elsewhere)
    worn.client.publish(f"{worn.topic}/answer", "yes?", qos=1).wait_for_publish(PATIENCE)
    assert not PagerWord.objects.exists()


@pytest.fixture
def off_duty(house: House, wrist: Device) -> None:
    end_duty(staff=house.bo, now=datetime.now(UTC))


def asked(house: House, device: Device | None) -> SelfTest:
    return ring_for_test(staff=house.bo, site=house.site, device=device, now=datetime.now(UTC))


def act_on_felt(now: datetime | None = None) -> None:
    """Looks until it is done: the gateway may be noting on that row that the test has arrived."""

    def nothing_waits() -> bool:
        treat_all_waiting(jobs.FELT, now=now or datetime.now(UTC))
        return not SelfTest.objects.filter(treat_at__isnull=False).exists()

    until(nothing_waits)


@pytest.mark.usefixtures("off_duty")
def test_felt_on_the_wrist_and_on_the_screen_is_on_duty(house, worn, wrist):
    test = asked(house, wrist)
    until(lambda: worn.told)
    told = worn.told[0]
    assert (told["kind"], told["test"], worn.raw[0].qos) == ("test", str(test.pk), 1)
    until(lambda: SelfTest.objects.get().received_at)  # PUBACK; and its wearer's screen is told
    (arrived,) = Bulletin.objects.filter(topic=f"staff:{house.bo.pk}", data__kind="arrived")
    assert arrived.data["test"] == str(test.pk)
    worn.feel(test)
    assert SelfTest.objects.get().treat_at  # acknowledged means: on disk
    act_on_felt()
    test = SelfTest.objects.get()
    assert test.felt_at
    assert test.treat_at is None
    assert running_duty(house.bo) is None  # one way is not enough
    assert Bulletin.objects.filter(topic=f"staff:{house.bo.pk}", data__kind="felt").exists()
    answer_test(test=asked(house, None), felt=True, now=datetime.now(UTC))
    assert running_duty(house.bo)


@pytest.mark.usefixtures("off_duty")
def test_the_wrist_may_be_the_second_way(house, worn, wrist):
    answer_test(test=asked(house, None), felt=True, now=datetime.now(UTC))
    test = asked(house, wrist)
    worn.feel(test)
    worn.feel(test)
    act_on_felt()
    act_on_felt()
    assert running_duty(house.bo)


def test_a_test_asked_while_it_was_away_is_told_when_it_comes(front, house, wrist):
    asked(house, wrist)
    latest = asked(house, wrist)
    worn = Worn(front, house, wrist)
    until(lambda: worn.told)
    worn.feel(latest)
    assert [one["test"] for one in worn.told] == [str(latest.pk)]
    hang_up(worn.client)
    again = Worn(front, house, wrist)
    page = rung(house)  # what was felt is not asked again
    until(lambda: "ring" in again.kinds())
    assert again.told[0].get("page") == str(page.pk)
    hang_up(again.client)


def test_a_test_of_long_ago_is_not_told_any_more(front, house, wrist):
    long_ago = datetime.now(UTC) - SelfTest.GOOD_FOR - SECOND
    ring_for_test(staff=house.bo, site=house.site, device=wrist, now=long_ago)
    worn = Worn(front, house, wrist)
    page = rung(house)
    until(lambda: worn.told)
    assert worn.told[0].get("page") == str(page.pk)
    hang_up(worn.client)


@pytest.mark.usefixtures("off_duty")
def test_felt_too_late_is_not_felt(house, worn, wrist):
    test = asked(house, wrist)
    worn.feel(test)
    act_on_felt(test.expires_at + SECOND)
    assert SelfTest.objects.get().felt_at is None


def test_nobody_feels_for_another_and_a_kept_word_is_none(house, worn, wrist):
    other = add_device(
        staff=house.bo, channel="wrist", name="other", address={}, now=datetime.now(UTC)
    )
    worn.feel(asked(house, other))
    worn.feel(asked(house, None))
    worn.feel(SelfTest(pk=new_id()))
    worn.feel(asked(house, wrist), retain=True)
    for words in ('{"kind": "felt"}', '{"kind": "felt", "test": "yes"}', '{"kind": "fell"}'):
        worn.client.publish(f"{worn.topic}/answer", words, qos=1).wait_for_publish(PATIENCE)
    assert not SelfTest.objects.filter(treat_at__isnull=False).exists()


def test_what_stands_on_the_screen_lets_a_wrist_in(front, house, settings):
    settings.HOUSE = msgspec.structs.replace(settings.HOUSE, mqtt_port=front.mqtt_port)
    screen = browser_of(house.bo).post("/devices/wrist/", {"name": "My wrist"}, follow=True)
    copied = re.search(r'id="settings"><code>(.*?)</code>', body(screen), re.DOTALL)
    assert copied
    typed = json.loads(unescape(copied[1]))
    assert typed["server"]["port"] == front.mqtt_port
    client = front.connect(f"pager-{typed['id']}", typed["secret"])
    assert client.user_data_get() == 0
    until(lambda: Device.objects.get().seen_at)
    hang_up(client)


@pytest.mark.parametrize("do", [retire_device, renew_device])
def test_who_is_let_in_no_more_is_hung_up_on(front, house, wrist, worn, do):
    changed = do(device=wrist, now=datetime.now(UTC))
    until(lambda: not worn.client.is_connected())
    assert worn.told == []
    for version, welcome in ((0, False), (changed.link_version, do is renew_device)):
        secret = house.seal.close("pager", wrist.pk, version)
        client = front.connect(f"pager-{wrist.pk.hex}", secret)
        assert (client.user_data_get() == 0) is welcome
        hang_up(client)


@pytest.mark.parametrize("do", [retire_device, renew_device])
def test_who_is_let_in_no_more_says_nothing_even_without_listening(front, house, wrist, do):
    page, test = rung(house), asked(house, wrist)
    secret = house.seal.close("pager", wrist.pk)
    silent = front.connect(f"pager-{wrist.pk.hex}", secret)
    do(device=wrist, now=datetime.now(UTC))
    for said in (
        {"kind": "felt", "test": str(test.pk)},
        {"kind": "going", "page": str(page.pk), "round": page.round},
    ):
        silent.publish(f"p/{wrist.pk.hex}/answer", json.dumps(said), qos=1)
    until(lambda: not silent.is_connected())
    assert not PagerWord.objects.exists()
    assert not SelfTest.objects.filter(treat_at__isnull=False).exists()
    hang_up(silent)


@pytest.mark.parametrize("how", ["retired", "forged", "a button's"])
def test_who_is_no_pager_of_ours_is_refused(front, house, wrist, how):
    if how == "retired":
        Device.objects.update(retired_at=datetime.now(UTC))
    purpose = {"retired": "pager", "forged": "pagers", "a button's": "button"}[how]
    client = front.connect(f"pager-{wrist.pk.hex}", house.seal.close(purpose, wrist.pk))
    assert client.user_data_get() != 0
    client.loop_stop()
