"""What a wrist missed while it was out of reach, at our own listener and through a broker."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from makegood.ground.waiting import treat_all_waiting
from makegood.page import jobs
from makegood.page.hands import answering
from makegood.page.models import Attempt, Device, Page, PagerWord
from makegood.people.models import Staff
from tests.doors.broker import AtBroker, Hearing, Mosquitto
from tests.doors.devices import Gateway, Hardware, Worn, attempt_on, hang_up, rung
from tests.doors.houses import House
from tests.doors.serving import PATIENCE
from tests.patience import until

Wear = Callable[..., Worn]

pytestmark = pytest.mark.usefixtures("every_house")


@pytest.fixture(params=["our own listener", "a broker"])
def wear(request: Any, house: House, button: Hardware, wrist: Device) -> Iterator[Wear]:
    """Bo's wrist comes into reach; it leaves when the test ends."""
    with ExitStack() as running:

        def worn(**how: Any) -> Worn:
            one = AtBroker(at, house, wrist, **how) if broken else Worn(at, house, wrist, **how)
            running.callback(hang_up, one.client)
            return one

        broken = request.param == "a broker"
        at: Any = running.enter_context(Mosquitto() if broken else Gateway())
        if broken:
            running.enter_context(Hearing(at)).wait()
        else:
            until(at.listens)
        yield worn


@pytest.fixture
def mina(house: House) -> Staff:
    """A colleague of Bo's."""
    return Staff.objects.create(
        organisation=house.organisation, site=house.site, email="m@x.example", first_name="Mina"
    )


def moment() -> datetime:
    return datetime.now(UTC)


def rang_there(house: House, worn: Worn, wrist: Device, **how: Any) -> Page:
    """A page that has arrived on the wrist."""
    page = rung(house, **how)
    ring = until(lambda: [one for one in worn.told if one["page"] == str(page.pk)])[0]
    worn.receipt(ring)
    until(lambda: Attempt.objects.get(device=wrist, page=page).received_at)
    return page


def test_who_was_away_when_a_colleague_went_is_told_once(house, wear, wrist, mina):
    worn = wear()
    page = rang_there(house, worn, wrist)
    hang_up(worn.client)
    answering.going(page=page, staff=mina, now=moment())
    back = wear()
    stop = until(lambda: back.stopped(page))[0]
    assert (stop["because"], stop["by"], stop["round"]) == ("taken", "Mina", 0)
    back.receipt(stop)
    until(lambda: attempt_on(wrist).stopped_at)
    assert attempt_on(wrist).silenced_at
    hang_up(back.client)
    again = wear()
    rang_there(house, again, wrist)
    assert again.stopped(page) == []


def test_that_nobody_needs_to_come_is_said_until_it_has_arrived(house, wear, wrist, mina):
    deaf = wear(manual_ack=True)
    page = rung(house)
    until(lambda: "ring" in deaf.kinds())
    answering.going(page=page, staff=mina, now=moment())
    until(lambda: deaf.stopped(page))
    hang_up(deaf.client)
    assert attempt_on(wrist).stopped_at is None
    back = wear()
    until(lambda: back.stopped(page))


def test_what_became_of_it_since_is_told_too(house, wear, wrist, mina):
    worn = wear()
    page = rang_there(house, worn, wrist)
    answering.going(page=page, staff=house.bo, now=moment())
    worn.receipt(until(lambda: worn.stopped(page))[0])
    until(lambda: attempt_on(wrist).stopped_at)
    hang_up(worn.client)
    answering.with_customer(page=page, staff=mina, now=moment())
    back = wear()
    stop = until(lambda: back.stopped(page))[0]
    assert (stop["by"], stop["state"]) == ("Mina", "with")


def test_what_is_free_rings_on(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist)
    hang_up(worn.client)
    back = wear()
    rang_there(house, back, wrist)
    assert back.stopped(page) == []


def rests(page: Page) -> None:
    """Everybody was rung in vain; it begins anew in a while."""
    while not Page.objects.get(pk=page.pk).round:
        due = Page.objects.get(pk=page.pk).next_rung_at
        assert due
        treat_all_waiting(jobs.RUNGS, now=due)


def test_what_rests_still_rings_where_it_has_not_arrived(house, wear, wrist):
    page = rung(house, rests_for=timedelta(hours=1))
    rests(page)
    worn = wear()
    assert until(lambda: worn.told)[0]["page"] == str(page.pk)


def test_who_said_that_they_cannot_while_it_rests_is_left_in_peace(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist, rests_for=timedelta(hours=1))
    hang_up(worn.client)
    rests(page)
    answering.cant(page=page, staff=house.bo, now=moment())
    back = wear()
    assert until(lambda: back.stopped(page))[0]["because"] == "cant"


def test_who_said_that_they_cannot_elsewhere_is_left_in_peace(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist)
    hang_up(worn.client)
    answering.cant(page=page, staff=house.bo, now=moment())
    back = wear()
    assert until(lambda: back.stopped(page))[0]["because"] == "cant"


def test_where_every_hand_counts_it_rings_on_until_they_know(house, wear, wrist, mina):
    every = [{"who": "on_duty", "wait_seconds": 45, "hands": "every"}]
    worn = wear()
    page = rang_there(house, worn, wrist, ladder=every)
    hang_up(worn.client)
    answering.going(page=page, staff=mina, now=moment())
    back = wear()
    rang_there(house, back, wrist)
    assert back.stopped(page) == []


def later(page: Page) -> None:
    """Nobody came: they are rung in the next round."""
    while not Attempt.objects.filter(page=page, round=1).exists():
        due = Page.objects.get(pk=page.pk).next_rung_at
        assert due
        treat_all_waiting(jobs.RUNGS, now=due)


def heard(worn: Worn, kind: str, page: Page, **how: Any) -> PagerWord:
    """What it says, and that it was acted on."""
    worn.say(kind, page, **how)
    until(PagerWord.objects.exists)
    treat_all_waiting(jobs.WORDS, now=moment())
    return PagerWord.objects.get()


def test_whose_word_comes_too_late_is_told_who_goes(house, wear, wrist, mina):
    worn = wear()
    page = rang_there(house, worn, wrist)
    answering.going(page=page, staff=mina, now=moment())
    assert heard(worn, "going", page).refused == "taken"
    until(lambda: ("too_late", "Mina") in [(s["because"], s["by"]) for s in worn.stopped(page)])


def test_a_word_of_long_ago_changes_nothing_and_its_wrist_is_told(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist)
    later(page)
    word = heard(worn, "going", page, ago=3000)
    assert word.refused == "too_old"
    assert timedelta(minutes=49) < moment() - word.said_at < timedelta(minutes=51)
    assert Page.objects.get(pk=page.pk).state == Page.State.RINGING
    until(lambda: "too_late" in [one["because"] for one in worn.stopped(page)])


def test_a_late_hand_that_is_fresh_is_taken(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist)
    later(page)
    assert heard(worn, "going", page, ago=20.5).refused == ""
    assert Page.objects.get(pk=page.pk).taken_by == house.bo


def test_who_does_not_say_how_long_ago_said_it_before_the_next_round(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist)
    later(page)
    began = moment() - timedelta(minutes=10)
    Attempt.objects.filter(page=page, round=1).update(made_at=began)
    word = heard(worn, "going", page)
    assert (word.said_at, word.refused) == (began, "too_old")


def test_how_long_ago_is_bounded(house, wear, wrist):
    worn = wear()
    page = rang_there(house, worn, wrist)
    for wrong in (-1, "a while", [1]):
        words = {"kind": "going", "page": str(page.pk), "round": 0, "seconds_ago": wrong}
        sent = worn.client.publish(f"{worn.topic}/answer", json.dumps(words), qos=1)
        sent.wait_for_publish(PATIENCE)
    word = heard(worn, "cant", page, ago=1e12)
    assert word.kind == "cant"
    assert timedelta(hours=23) < moment() - word.said_at < timedelta(hours=25)
