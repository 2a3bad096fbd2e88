"""What our half of MQTT 3.1.1 hears, answers and refuses."""

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from makegood.devices.mqtt import session as mqtt
from makegood.devices.mqtt.frames import LARGEST_BODY
from makegood.devices.mqtt.packets import (
    Connect,
    Ping,
    PubAck,
    Publish,
    Subscribe,
    Unsubscribe,
    Will,
)
from makegood.devices.mqtt.session import Over, Session
from makegood.devices.tests import wire

BUTTON = wire.connect("button", username="b", password=b"secret")


def introduced(hello: bytes = BUTTON) -> Session:
    session = Session(opened_at=0.0)
    session.receive(hello, at=0.0)
    session.accept()
    session.take()
    return session


def heard(data: bytes) -> list[mqtt.Said]:
    return introduced().receive(data, at=1.0)


def test_somebody_introduces_themselves_and_is_welcomed():
    session = Session(opened_at=0.0)
    will = Will("b/1/lost", b"gone", qos=1, retain=False)
    hello = wire.connect("wrist", keep_alive=20, clean=False, will=will, username="u", password=b"")
    assert session.receive(hello, at=0.0) == [
        Connect("wrist", clean=False, keep_alive=20, will=will, username="u", password=b"")
    ]
    session.accept()
    assert session.take() == b"\x20\x02\x00\x00"


def test_whoever_is_refused_is_not_heard_any_more():
    session = Session(opened_at=0.0)
    session.receive(BUTTON, at=0.0)
    session.refuse(mqtt.BAD_CREDENTIALS)
    assert session.take() == b"\x20\x02\x00\x04"
    assert session.receive(wire.publish("b/1/press", b"{}", packet_id=1), at=0.0) == []


def test_a_message_is_heard_and_acknowledged_when_we_say_so():
    session = introduced()
    said = session.receive(wire.publish("b/1/press", b"{}", packet_id=7), at=1.0)
    assert said == [Publish("b/1/press", b"{}", packet_id=7)]
    assert session.take() == b""
    session.acknowledge(7)
    assert session.take() == b"\x40\x02\x00\x07"


def test_sent_again_and_retained_are_seen():
    assert heard(wire.publish("t", b"", packet_id=7, duplicate=True)) == [
        Publish("t", b"", packet_id=7, duplicate=True)
    ]
    assert heard(wire.publish("t", b"x", retain=True)) == [Publish("t", b"x", retain=True)]


def test_subscribing_is_granted_filter_by_filter():
    session = introduced()
    said = session.receive(wire.subscribe(3, ("p/1", 1), ("p/#", 2)), at=1.0)
    assert said == [Subscribe(3, (("p/1", 1), ("p/#", 2)))]
    session.grant(3, (1, mqtt.NOT_GRANTED))
    assert session.take() == b"\x90\x04\x00\x03\x01\x80"


def test_unsubscribing_is_confirmed():
    session = introduced()
    assert session.receive(wire.unsubscribe(4, "p/1"), at=1.0) == [Unsubscribe(4, ("p/1",))]
    session.unsubscribed(4)
    assert session.take() == b"\xb0\x02\x00\x04"


def test_a_ping_is_answered():
    session = introduced()
    assert session.receive(b"\xc0\x00", at=1.0) == [Ping()]
    session.pong()
    assert session.take() == b"\xd0\x00"


def test_leaving_in_order_is_told_from_being_lost():
    assert heard(b"\xe0\x00") == [Over("the client left", in_order=True)]


def test_our_messages_wait_for_their_acknowledgement():
    session = introduced()
    sent = session.publish("p/1", b"Table 14")
    assert sent == 1
    assert session.take() == b"\x32\x0f\x00\x03p/1\x00\x01Table 14"
    assert session.receive(wire.puback(1), at=1.0) == [PubAck(1)]
    assert session.receive(wire.puback(1), at=1.0) == []  # once


def test_no_more_than_a_few_messages_are_on_their_way():
    session = introduced()
    sent = [session.publish("p/1", b"") for _ in range(mqtt.MOST_UNACKNOWLEDGED)]
    assert len(set(sent)) == mqtt.MOST_UNACKNOWLEDGED
    assert session.publish("p/1", b"") is None
    session.receive(wire.puback(5), at=1.0)
    assert session.publish("p/1", b"") not in {None, *sent}


def test_a_client_counts_as_lost_after_one_and_a_half_keep_alive():
    session = Session(opened_at=100.0)
    assert session.deadline == 100.0 + mqtt.INTRODUCED_WITHIN
    session.receive(wire.connect("b", keep_alive=30), at=105.0)
    assert session.deadline == 100.0 + 45.0
    session.receive(b"\xc0\x00", at=120.0)
    assert session.deadline == 120.0 + 45.0


def test_half_a_packet_keeps_nobody_alive():
    session = introduced()
    session.receive(wire.publish("t", b"12345", packet_id=1)[:-1], at=50.0)
    assert session.deadline == introduced().deadline


def test_who_promises_nothing_is_asked_to_come_again_some_time():
    session = introduced(wire.connect("b", keep_alive=0))
    assert session.deadline == mqtt.LONGEST_SILENCE


def test_another_version_is_told_which_one_is_spoken():
    session = Session(opened_at=0.0)
    (over,) = session.receive(wire.connect("b", level=5), at=0.0)
    assert isinstance(over, Over)
    assert session.take() == b"\x20\x02\x00\x01"


def test_a_session_needs_a_name():
    session = Session(opened_at=0.0)
    (over,) = session.receive(wire.connect("", clean=False), at=0.0)
    assert isinstance(over, Over)
    assert session.take() == b"\x20\x02\x00\x02"


WRONG = {
    "CONNECT twice": BUTTON,
    "a type of packet only servers send": b"\x20\x02\x00\x00",
    "type 0": b"\x00\x00",
    "type 15": b"\xf0\x00",
    "flags of PINGREQ": b"\xc1\x00",
    "a body of PINGREQ": b"\xc0\x01\x00",
    "flags of SUBSCRIBE": b"\x80" + wire.subscribe(1, ("a", 0))[1:],
    "SUBSCRIBE to nothing": wire.frame(0x82, b"\x00\x01"),
    "SUBSCRIBE with QoS 3": wire.subscribe(1, ("a", 3)),
    "SUBSCRIBE to an empty filter": wire.subscribe(1, ("", 0)),
    "# within": wire.subscribe(1, ("a/#/b", 0)),
    "# beside": wire.subscribe(1, ("a#", 0)),
    "+ beside": wire.subscribe(1, ("a+/b", 0)),
    "far too many filters": wire.subscribe(1, *[("a", 0)] * 17),
    "UNSUBSCRIBE from nothing": wire.frame(0xA2, b"\x00\x01"),
    "packet id 0": wire.publish("t", b"", packet_id=0),
    "QoS 2": wire.frame(0x34, wire.text("t") + b"\x00\x01"),
    "QoS 3": wire.frame(0x36, wire.text("t") + b"\x00\x01"),
    "DUP of QoS 0": wire.frame(0x38, wire.text("t")),
    "a message to many topics": wire.publish("b/+/press", b""),
    "a message to no topic": wire.publish("", b""),
    "U+0000": wire.publish("a\0b", b""),
    "a surrogate": wire.frame(0x30, b"\x00\x03\xed\xa0\x80"),
    "not UTF-8": wire.frame(0x30, b"\x00\x01\xff"),
    "a field that ends too soon": wire.frame(0x30, b"\x00\x09short"),
    "PUBREL": wire.frame(0x62, b"\x00\x01"),
    "larger than we take": b"\x30" + wire.length(LARGEST_BODY + 1),
    "a length without end": b"\x30\xff\xff\xff\xff",
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_whoever_breaks_the_protocol_is_sent_away(data):
    (over,) = heard(data)
    assert isinstance(over, Over)
    assert not over.in_order


WRONG_HELLO = {
    "something else first": b"\xc0\x00",
    "HTTP": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a TLS client": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "another protocol's name": wire.frame(0x10, wire.text("MQIsdp") + b"\x03\x02\x00\x00\x00\x01b"),
    "the reserved flag": wire.connect("b", extra_flags=0x01),
    "a will's QoS without a will": wire.connect("b", extra_flags=0x08),
    "a retained will without a will": wire.connect("b", extra_flags=0x20),
    "a will of QoS 3": wire.connect("b", will=Will("t", b"", qos=3, retain=False)),
    "a password without a name": wire.connect("b", password=b"x"),
    "a long client id": wire.connect("b" * 129),
    "something behind it": wire.frame(0x10, wire.connect("b")[2:] + b"!"),
}


@pytest.mark.parametrize("data", WRONG_HELLO.values(), ids=WRONG_HELLO.keys())
def test_whoever_does_not_introduce_themselves_is_sent_away(data):
    session = Session(opened_at=0.0)
    (over,) = session.receive(data, at=0.0)
    assert isinstance(over, Over)
    assert session.take() == b""


def test_what_was_said_before_the_mistake_is_heard():
    good, bad = wire.publish("t", b"1"), b"\x00\x00"
    said = heard(good + bad + good)
    assert said[0] == Publish("t", b"1")
    assert isinstance(said[1], Over)
    assert len(said) == 2


# Whatever comes

sendable = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([BUTTON, b"\xc0\x00", b"\xe0\x00", *WRONG.values(), *WRONG_HELLO.values()]),
    st.builds(
        wire.publish,
        st.text(max_size=8),
        st.binary(max_size=20),
        packet_id=st.none() | st.integers(0, 0xFFFF),
    ),
    st.builds(wire.puback, st.integers(0, 0xFFFF)),
    st.builds(
        wire.subscribe,
        st.integers(0, 0xFFFF),
        st.tuples(st.text(max_size=4), st.integers(0, 3)),
    ),
)
streams = st.lists(sendable, max_size=12).map(b"".join)


@settings(max_examples=400)
@given(stream=streams, cuts=st.lists(st.integers(0, 400), max_size=8), welcome=st.booleans())
def test_nothing_a_client_sends_raises_or_grows(stream, cuts, welcome):
    session = introduced() if welcome else Session(opened_at=0.0)
    sent: set[int] = set()
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for begin, end in pairwise(edges):
        before = session.is_over
        said = session.receive(stream[begin:end], at=1.0)
        assert not (before and said)
        assert all(not isinstance(one, Over) for one in said[:-1])
        assert bool(said and isinstance(said[-1], Over)) == (session.is_over and not before)
        assert session.is_over or len(session._frames) <= session._frames.largest + 5
        assert len(session.take()) <= 4
        assert not any(isinstance(one, PubAck) and one.packet_id not in sent for one in said)


@settings(max_examples=150)
@given(
    messages=st.lists(
        st.tuples(st.from_regex(r"[a-z/]{1,20}", fullmatch=True), st.binary(max_size=300)),
        max_size=6,
    ),
    size=st.integers(1, 50),
)
def test_however_a_stream_is_cut_it_says_the_same(messages, size):
    stream = b"".join(wire.publish(topic, payload) for topic, payload in messages)
    session = introduced()
    said = [
        one
        for begin in range(0, len(stream), size)
        for one in session.receive(stream[begin : begin + size], at=1.0)
    ]
    assert said == [Publish(topic, payload) for topic, payload in messages]


@settings(max_examples=60)
@given(topic=st.from_regex(r"[a-z/]{1,20}", fullmatch=True), payload=st.binary(max_size=6000))
def test_what_we_send_is_what_we_would_read(topic, payload):
    session = introduced()
    packet_id = session.publish(topic, payload)
    assert heard(session.take()) == [Publish(topic, payload, packet_id=packet_id)]
