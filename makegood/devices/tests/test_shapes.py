"""What each make of button says, with the examples of its documentation."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from makegood.devices import topics
from makegood.devices.heard import Heard, Pressed, happened_at, key_of
from makegood.devices.shapes import flic, makegood, shelly, zigbee2mqtt
from makegood.ground.refusals import Refused
from makegood.sense.press_statement import is_key

NOW = datetime(2026, 11, 21, 20, 12, tzinfo=UTC)
BUTTON = UUID("0190f0a0-0000-7000-8000-000000000001")


def said(**fields):
    return json.dumps(fields).encode()


# Our own


def test_ours_says_its_key_and_its_battery():
    assert makegood.press(said(key="17-3", battery=88), now=NOW) == Heard((Pressed("17-3"),), 88)


def test_ours_may_say_how_long_ago_by_a_wrong_clock():
    wrong = {"pressed_at": "2000-01-01T00:00:05Z", "sent_at": "2000-01-01T00:01:05Z"}
    (pressed,) = makegood.press(said(key="1", **wrong), now=NOW).presses
    assert pressed.at == NOW - timedelta(minutes=1)
    (pressed,) = makegood.press(said(key="1", seconds_ago=90), now=NOW).presses
    assert pressed.at == NOW - timedelta(seconds=90)


def test_a_heartbeat_may_be_empty():
    assert makegood.alive(b"") == Heard()
    assert makegood.alive(said(battery=41.6)) == Heard(battery=42)


@pytest.mark.parametrize(
    "body", [b"", b"press", b"[]", said(), said(key=""), said(key="1", seconds_ago=-1), b"\xff"]
)
def test_what_ours_would_not_say_is_refused(body):
    with pytest.raises(Refused):
        makegood.press(body, now=NOW)


# Shelly

NOTIFY_EVENT = {
    "src": "shellyplus1-a8032abc7158",
    "dst": "shellyplus1-a8032abc7158/events",
    "method": "NotifyEvent",
    "params": {
        "ts": 1646945882.47,
        "events": [{"component": "input:0", "id": 0, "event": "double_push", "ts": 1646945882.47}],
    },
}


def test_a_push_of_gen2_is_a_press_of_its_moment():
    (pressed,) = shelly.notification(said(**NOTIFY_EVENT)).presses
    assert pressed.event == "input:0.1646945882.47"
    assert pressed.at == datetime(2022, 3, 10, 20, 58, 2, 470_000, tzinfo=UTC)


@pytest.mark.parametrize("event", ["btn_down", "btn_up", "config_changed", "ota_progress"])
def test_what_else_gen2_tells_is_no_press(event):
    told = NOTIFY_EVENT | {"params": {"ts": 1.0, "events": [{"event": event}]}}
    assert shelly.notification(said(**told)) == Heard()


def test_gen2_before_its_clock_is_set_is_pressed_now():
    events = [{"component": "input:0", "event": "single_push", "ts": 12.5}]
    told = shelly.notification(said(method="NotifyEvent", params={"events": events}))
    assert told.presses == (Pressed("input:0.12.50", counter=True),)


def test_gen2_tells_its_battery():
    power = {"id": 0, "battery": {"V": 2.9, "percent": 77}, "external": {"present": False}}
    assert shelly.power(said(**power)) == Heard(battery=77)
    full = {"method": "NotifyFullStatus", "params": {"ts": 1.0, "devicepower:0": power}}
    assert shelly.notification(said(**full)) == Heard(battery=77)


def test_gen1_counts_its_events():
    assert shelly.input_event(said(event="S", event_cnt=20)).presses == (
        Pressed("n20", counter=True),
    )
    assert shelly.input_event(said(event="", event_cnt=20)) == Heard()
    assert shelly.battery(b"83") == Heard(battery=83)


def test_a_webhook_of_gen2_says_when():
    query = {"event": "single_push", "at": "1646945882", "battery": "77"}
    at = datetime(2022, 3, 10, 20, 58, 2, tzinfo=UTC)
    assert shelly.webhook(query) == Heard((Pressed("single_push.1646945882", at=at),), 77)


@pytest.mark.parametrize("at", ["${status.sys.unixtime}", "", "null", "nan", "inf", "12", "-5"])
def test_an_address_nobody_completed_is_no_press(at):
    with pytest.raises(Refused):
        shelly.webhook({"event": "single_push", "at": at})


# Flic

CLAIMS = {
    "exp": 1721214346,
    "buttonUuid": "336c33540c134a929824e41c0bd3c377",
    "buttonSerialNumber": "BC44-B06243",
    "buttonName": "BC44-B06243",
    "buttonBatteryStatus": "high",
    "pressedAt": "2024-07-17T12:05:45+02:00",
    "clickType": "click",
}


def token(claims):
    parts = ({"alg": "ES256"}, claims)
    coded = [base64.urlsafe_b64encode(said(**part)).rstrip(b"=").decode() for part in parts]
    return ".".join((*coded, "c2lnbmF0dXJl"))


def test_a_cloud_button_says_when():
    heard = flic.webhook(said(token=token(CLAIMS)), now=NOW)
    at = datetime(2024, 7, 17, 10, 5, 45, tzinfo=UTC)
    assert heard == Heard((Pressed("click.1721210745", at=at),))
    low = flic.webhook(said(token=token(CLAIMS | {"buttonBatteryStatus": "low"})), now=NOW)
    assert low.battery == 10


def test_a_script_on_a_hub_says_what_it_likes():
    told = {"button_name": "T14", "serial_number": "BC44", "click_type": "hold"}
    heard = flic.webhook(said(**told, battery_status=64, seconds_ago=5, event="9"), now=NOW)
    assert heard == Heard((Pressed("9", at=NOW - timedelta(seconds=5)),), 64)


@pytest.mark.parametrize(
    "body",
    [said(token="x"), said(token="a.b.c"), said(token="a.YWI.c"), said(click_type="up"), b""],
)
def test_what_flic_would_not_say_is_refused(body):
    with pytest.raises(Refused):
        flic.webhook(body, now=NOW)


# Zigbee2MQTT


def test_an_action_is_a_press():
    told = {"action": "single", "battery": 100, "linkquality": 120, "voltage": 3000}
    assert zigbee2mqtt.state(said(**told)) == Heard((Pressed(),), 100)


def test_its_last_seen_or_transaction_names_it():
    seen = zigbee2mqtt.state(said(action="1_single", last_seen="2019-01-12T13:41:27.890Z"))
    assert seen.presses == (Pressed("1_single.2019-01-12T13:41:27.890Z"),)
    counted = zigbee2mqtt.state(said(action="emergency", action_transaction=7))
    assert counted.presses == (Pressed("emergency.7", counter=True),)


@pytest.mark.parametrize("action", ["", None, "release", "hold_release", "brightness_stop"])
def test_a_release_is_no_press(action):
    assert zigbee2mqtt.state(said(action=action, battery=12)) == Heard(battery=12)


# Keys and times


@given(event=st.text(max_size=80), counter=st.booleans())
def test_whatever_a_press_is_called_it_has_a_key(event, counter):
    pressed = Pressed(event, counter)
    key = key_of(BUTTON, pressed, now=NOW)
    assert is_key(key)
    assert key == key_of(BUTTON, pressed, now=NOW)
    assert key != key_of(UUID(int=7), pressed, now=NOW)


def test_a_name_is_good_for_ever_a_counter_for_minutes_nothing_for_seconds():
    later = NOW + timedelta(hours=1)
    named, counted, nameless = Pressed("17-3"), Pressed("n3", counter=True), Pressed()
    assert key_of(BUTTON, named, now=NOW) == key_of(BUTTON, named, now=later)
    for pressed in (counted, nameless):
        soon = NOW + timedelta(seconds=3)
        assert key_of(BUTTON, pressed, now=NOW) == key_of(BUTTON, pressed, now=soon)
        assert key_of(BUTTON, pressed, now=NOW) != key_of(BUTTON, pressed, now=later)


def test_a_late_press_counts_with_its_own_time():
    def when(at):
        return happened_at(Pressed(at=at), now=NOW)

    assert when(None) is None
    assert when(NOW - timedelta(hours=2)) == NOW - timedelta(hours=2)
    assert when(NOW - timedelta(days=9)) == NOW - timedelta(hours=24)
    assert when(NOW + timedelta(hours=2)) == NOW
    assert when(datetime(1970, 1, 1, tzinfo=UTC)) is None


# Topics


def test_a_button_speaks_below_its_own_prefix():
    assert topics.below(BUTTON, f"b/{BUTTON.hex}/press") == "press"
    assert topics.below(BUTTON, f"shellies/{BUTTON.hex}/input_event/0") == "input_event/0"
    for foreign in (f"b/{UUID(int=1).hex}/press", f"b/{BUTTON.hex}", "b/#", "$SYS/x"):
        assert topics.below(BUTTON, foreign) is None


def test_whose_topic_it_is_stands_at_its_beginning():
    for root in (topics.OURS, topics.GEN1, topics.PAGERS):
        assert topics.speaker(f"{root}{BUTTON.hex}/alive") == (root, BUTTON)
    for nobody in (f"b/{BUTTON.hex}", f"x/{BUTTON.hex}/press", "b/x/press", "b//press", "b", ""):
        assert topics.speaker(nobody) is None


def test_what_we_do_not_know_says_that_it_is_alive():
    assert topics.read("online", b"true", now=NOW) == Heard()


@given(
    tail=st.sampled_from(["press", *topics._READERS]),
    body=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=9),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["key", "params", "events", "event", "ts", "action", "battery"]),
                inner,
            )
            | st.lists(inner, max_size=2)
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
)
def test_whatever_is_published_is_read_or_refused(tail, body):
    try:
        heard = topics.read(tail, body, now=NOW)
    except Refused:
        return
    assert all(is_key(key_of(BUTTON, pressed, now=NOW)) for pressed in heard.presses)
    assert heard.battery is None or 0 <= heard.battery <= 100
