"""The screen of lamps: a senior adds one, sets it up, and sees how it is."""

from datetime import timedelta

import msgspec
import pytest
from django.urls import reverse

from makegood.sense import access, equipping
from makegood.sense.models import Lamp
from tests.doors.colleagues import SIGN_IN, body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def desk(cy):
    return browser_of(cy)


@pytest.fixture
def kitchen(harbour, now):
    return equipping.add_lamp(site=harbour, place="Kitchen pass", now=now)


def test_a_senior_adds_one_and_reads_what_to_type_into_it(desk, settings):
    settings.HOUSE = msgspec.structs.replace(settings.HOUSE, mqtt_port=8883)
    answer = desk.post(reverse("lamp_add"), {"lamp": "Kitchen pass"})
    lamp = Lamp.objects.get()
    assert answer.url == reverse("lamp", args=[lamp.pk])
    page = body(desk.get(answer.url))
    assert access.lamp_secret(lamp) in page
    assert f"lamp-{lamp.pk.hex}" in page
    assert "wearer" not in page
    assert "not heard yet" in body(desk.get(reverse("places")))


def test_how_it_is_stands_among_the_places(desk, kitchen, now):
    Lamp.objects.update(heard_at=now - timedelta(hours=2), ailment="silent")
    page = body(desk.get(reverse("places")))
    assert "heard 2\xa0hours ago" in page
    assert "<b>not heard any more</b>" in page
    assert "not heard any more" in body(desk.get(reverse("lamp", args=[kitchen.pk])))
    assert "MAKEGOOD_MQTT_PORT" in body(desk.get(reverse("lamp", args=[kitchen.pk])))


def test_a_new_secret_and_out_of_use(desk, kitchen):
    old = access.lamp_secret(kitchen)
    desk.post(reverse("lamp_renew", args=[kitchen.pk]))
    assert old not in body(desk.get(reverse("lamp", args=[kitchen.pk])))
    desk.post(reverse("lamp_retire", args=[kitchen.pk]))
    for address in ("lamp", "lamp_renew", "lamp_retire"):
        assert desk.post(reverse(address, args=[kitchen.pk])).status_code in (404, 405)
    assert reverse("lamp", args=[kitchen.pk]) not in body(desk.get(reverse("places")))


@pytest.mark.parametrize("wrong", ["", "   ", "p" * 61])
def test_what_cannot_be_added_is_refused_in_words(desk, wrong):
    answer = desk.post(reverse("lamp_add"), {"lamp": wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in body(answer)
    assert not Lamp.objects.exists()


def test_it_is_for_seniors_of_its_house(client, kitchen, bo, now):
    address = reverse("lamp", args=[kitchen.pk])
    assert SIGN_IN in client.get(address).url
    assert browser_of(bo).get(address).status_code == 403
    assert browser_of(bo).post(reverse("lamp_add"), {"lamp": "Bar"}).status_code == 403
    stranger = browser_of(of_another_house(now))
    assert stranger.get(address).status_code == 404
    for change in ("lamp_renew", "lamp_retire"):
        assert stranger.post(reverse(change, args=[kitchen.pk])).status_code == 404
    kitchen.refresh_from_db()
    assert (kitchen.link_version, kitchen.retired_at) == (0, None)
