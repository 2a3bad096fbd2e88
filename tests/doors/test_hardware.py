"""The screen of hardware buttons: a senior adds one, sets it up, and sees how it is."""

from datetime import timedelta

import msgspec
import pytest
from django.urls import reverse

from makegood.sense import access, equipping
from makegood.sense.models import Button
from tests.doors.colleagues import SIGN_IN, body, browser_of, of_another_house

BROKER = "mqtts://makegood:ours@broker.fairline.example"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def desk(cy):
    return browser_of(cy)


@pytest.fixture
def button(table_14, now):
    return equipping.add_button(touchpoint=table_14, kind="shelly", now=now)


def test_a_senior_adds_one_and_reads_what_to_type_into_it(desk, table_14):
    answer = desk.post(reverse("button_add"), {"touchpoint": table_14.pk, "kind": "shelly"})
    button = Button.objects.get()
    assert answer.url == reverse("button", args=[button.pk])
    page = body(desk.get(answer.url))
    assert access.button_secret(button) in page
    assert "/shelly?event=single_push&amp;at=${status.sys.unixtime}" in page
    assert "MAKEGOOD_MQTT_PORT" in page


@pytest.mark.parametrize("kind", Button.Kind.values)
@pytest.mark.parametrize(
    ("heard_by", "port"), [({"mqtt_port": 1884}, 1884), ({"mqtt_broker": BROKER}, 8883)]
)
def test_what_to_type_in_stands_there_whoever_listens(
    desk, table_14, settings, now, kind, heard_by, port
):
    settings.HOUSE = msgspec.structs.replace(settings.HOUSE, **heard_by)
    button = equipping.add_button(touchpoint=table_14, kind=kind, now=now)
    page = body(desk.get(reverse("button", args=[button.pk])))
    assert f"<code>{port}</code>" in page
    assert f"<code>{button.pk.hex}</code>" in page
    assert f"b/{button.pk.hex}/" in page
    assert ("settings.json" in page) is (kind == Button.Kind.MAKEGOOD)
    assert ("runs “makegood broker”" in page) is ("mqtt_broker" in heard_by)


def test_how_it_is_stands_beside_its_place(desk, button, now):
    assert "not heard yet" in body(desk.get(reverse("places")))
    Button.objects.update(heard_at=now - timedelta(hours=2), battery=12, ailment="battery")
    page = body(desk.get(reverse("places")))
    assert "heard 2\xa0hours ago" in page
    assert "battery 12 %" in page
    assert "<b>battery nearly empty</b>" in page
    assert "nearly empty" in body(desk.get(reverse("button", args=[button.pk])))


def test_a_new_secret_and_out_of_use(desk, button):
    old = access.button_secret(button)
    desk.post(reverse("button_renew", args=[button.pk]))
    assert old not in body(desk.get(reverse("button", args=[button.pk])))
    desk.post(reverse("button_retire", args=[button.pk]))
    button.refresh_from_db()
    assert button.retired_at
    assert desk.get(reverse("button", args=[button.pk])).status_code == 404


@pytest.mark.parametrize("wrong", [{"touchpoint": "x"}, {"kind": "doorbell"}, {"touchpoint": ""}])
def test_what_cannot_be_added_is_refused(desk, table_14, wrong):
    form = {"touchpoint": table_14.pk, "kind": "flic"} | wrong
    assert desk.post(reverse("button_add"), form).status_code in {404, 422}
    assert not Button.objects.exists()


def test_its_secret_is_for_seniors_of_its_house(client, button, bo, now):
    address = reverse("button", args=[button.pk])
    assert SIGN_IN in client.get(address).url
    assert browser_of(bo).get(address).status_code == 403
    assert browser_of(of_another_house(now)).get(address).status_code == 404
