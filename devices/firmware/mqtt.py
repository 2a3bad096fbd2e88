"""A client of MQTT 3.1.1 for a device: QoS 1, a last will, never blocks for long. MicroPython.

Written for this; the order of the fields is the standard's, that one reads what has come without
waiting is a habit of micropython-lib's umqtt (MIT).
"""

import select
import socket
import time

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
PATIENCE = 10_000  # ms for whatever the other side owes us
LARGEST = 8 * 1024


class Lost(OSError):
    """The connection is gone, or the server does not want us."""


def field(data):
    """A text or bytes with its length before it."""
    if isinstance(data, str):
        data = data.encode()
    return len(data).to_bytes(2, "big") + data


def packet(first, body):
    """A whole packet."""
    length, head = len(body), bytearray([first])
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + body


class Line:
    """One connection. `heard(topic, payload)` is called before the message is acknowledged.

    Raises `Lost` from every call; a line that is lost is thrown away.
    """

    def __init__(self, server, name, secret, *, client_id, will, heard, keep_alive=30):
        self._heard = heard
        self._keep_alive = keep_alive * 1000
        self._kept = b""
        self._last_id = 0
        self.acknowledged = set()
        self.subscribed = False
        self._socket = reach(server)
        self._welcome = None
        self._heard_at = self._sent_at = time.ticks_ms()
        try:
            self._introduce(name, secret, client_id, will)
        except BaseException:
            self.close()
            raise

    def publish(self, topic, payload):
        """Sends with QoS 1 and says the packet id; it is in `acknowledged` once it is."""
        number = self._next_id()
        self._send(packet(0x32, field(topic) + number.to_bytes(2, "big") + payload))
        return number

    def subscribe(self, topic):
        """Listens to a topic with QoS 1."""
        number = self._next_id().to_bytes(2, "big")
        self._send(packet(0x82, number + field(topic) + b"\x01"))
        self._await(lambda: self.subscribed)

    def check(self):
        """Takes what has come, and says that we are here. Call it often."""
        self._read()
        now = time.ticks_ms()
        if time.ticks_diff(now, self._heard_at) > self._keep_alive + PATIENCE:
            raise Lost("nothing was heard")
        if time.ticks_diff(now, self._sent_at) > self._keep_alive // 2:
            self._send(b"\xc0\x00")

    def leave(self):
        """Goes in order: the will is void."""
        self._send(b"\xe0\x00")
        self.close()

    def close(self):
        """Hangs up."""
        self._socket.close()

    def _introduce(self, name, secret, client_id, will):
        flags = 0xC0 | 0x02 | 0x04 | 0x08  # name, password, clean session, will with QoS 1
        hello = field("MQTT") + bytes([4, flags]) + (self._keep_alive // 1000).to_bytes(2, "big")
        hello += field(client_id) + field(will) + field("") + field(name) + field(secret)
        self._send(packet(0x10, hello))
        self._await(lambda: self._welcome is not None)
        if self._welcome:
            raise Lost(f"refused with {self._welcome}")

    def _await(self, there):
        began = time.ticks_ms()
        while not there():
            if time.ticks_diff(time.ticks_ms(), began) > PATIENCE:
                raise Lost("no answer")
            self._read()
            time.sleep_ms(10)

    def _read(self):
        while (data := self._socket.read(512)) is not None:
            if not data:
                raise Lost("hung up")
            self._kept += data
            self._heard_at = time.ticks_ms()
            while self._take():
                pass

    def _take(self):
        """Hears one whole packet, if there is one."""
        length, place = 0, 1
        while True:
            if place >= len(self._kept):
                return False
            byte = self._kept[place]
            length |= (byte & 0x7F) << 7 * (place - 1)
            place += 1
            if byte < 0x80:
                break
        if length > LARGEST:
            raise Lost("a packet is too large")
        if len(self._kept) < place + length:
            return False
        first, body = self._kept[0], self._kept[place : place + length]
        self._kept = self._kept[place + length :]
        self._hear(first, body)
        return True

    def _hear(self, first, body):
        kind = first >> 4
        if kind == CONNACK:
            self._welcome = body[1]
        elif kind == PUBACK:
            self.acknowledged.add(int.from_bytes(body[:2], "big"))
        elif kind == SUBACK:
            if body[2] > 1:
                raise Lost("not allowed to listen")
            self.subscribed = True
        elif kind == PUBLISH and not first & 1:  # what a broker kept is not said to us now
            self._hear_message(first, body)

    def _hear_message(self, first, body):
        ends = 2 + int.from_bytes(body[:2], "big")
        topic, number = body[2:ends].decode(), b""
        if first & 6:
            number, ends = body[ends : ends + 2], ends + 2
        self._heard(topic, body[ends:])
        if number:
            self._send(b"\x40\x02" + number)

    def _send(self, data):
        began = time.ticks_ms()
        while data:
            sent = self._socket.write(data)
            data = data[sent:] if sent else data
            if time.ticks_diff(time.ticks_ms(), began) > PATIENCE:
                raise Lost("it takes nothing")
            if data:
                time.sleep_ms(5)
        self._sent_at = time.ticks_ms()

    def _next_id(self):
        self._last_id = self._last_id % 0xFFFF + 1
        return self._last_id


def reach(server):
    """A connected socket that does not block. `server`: host, port, and authority for TLS."""
    where = socket.getaddrinfo(server["host"], server["port"], socket.AF_INET, socket.SOCK_STREAM)[
        0
    ][-1]
    line = socket.socket()
    line.setblocking(False)
    try:
        connect(line, where)
        if server.get("authority"):
            line = encrypted(line, server)
    except BaseException:
        line.close()
        raise
    return line


def connect(line, where):
    """Connects within our patience; a network that is away may say nothing at all."""
    try:
        line.connect(where)
    except OSError as error:
        if error.args[0] not in (115, 119):  # EINPROGRESS, of Linux and of the ESP32
            raise
    ready = select.poll()
    ready.register(line, select.POLLOUT)
    for _, event in ready.poll(PATIENCE):
        if not event & (select.POLLERR | select.POLLHUP):
            return
    raise Lost("no connection")


def encrypted(line, server):
    """TLS, with the one authority we believe: the file that `authority` names."""
    import tls  # noqa: PLC0415 - not in every build, and not needed in every house

    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.verify_mode = tls.CERT_REQUIRED
    with open(server["authority"], "rb") as file:
        context.load_verify_locations(file.read())
    line.setblocking(True)  # for the handshake
    try:
        line = context.wrap_socket(line, server_hostname=server["host"])
    except ValueError as error:  # so it says that the certificate is not the right one
        raise Lost(str(error)) from error
    line.setblocking(False)
    return line
