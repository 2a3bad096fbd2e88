"""An ESP32 with a button or two, a light, a motor, and a small display if there is one.

The pins are those of the README's drawing; `settings.json` may name others under `pins`.
"""

import time

import machine
import network

PINS = {"yes": 4, "no": 5, "light": 2, "motor": 18, "battery": 34, "sda": 21, "scl": 22}
BOUNCES_FOR = 150  # ms
WATCHED_FOR = 60_000  # ms without a turn, and the board begins anew
EMPTY, FULL = 3_300, 4_150  # mV of a lithium cell, halved by two equal resistors


class Board:
    """What the devices know of their hardware."""

    def path(self, name):
        """Where a file of ours lies on flash."""
        return "/" + name

    def begin(self, settings):
        """Sets everything up; the network comes by itself."""
        pins = dict(PINS)
        pins.update(settings.get("pins", {}))
        self._pins = {name: machine.Pin(pins[name], machine.Pin.IN, machine.Pin.PULL_UP)
                      for name in ("yes", "no")}  # fmt: skip
        self._pressed = {"yes": 0, "no": 0}
        self._at = {"yes": 0, "no": 0}
        for name, pin in self._pins.items():
            pin.irq(self._noticing(name), machine.Pin.IRQ_FALLING)
        if machine.reset_cause() == machine.DEEPSLEEP_RESET and machine.wake_reason() == 2:
            self._pressed["yes"] = 1  # what woke us was a press
        self._light = machine.Pin(pins["light"], machine.Pin.OUT)
        self._motor = machine.Pin(pins["motor"], machine.Pin.OUT, value=0)
        self._battery = None
        if settings.get("on_battery"):
            self._battery = machine.ADC(machine.Pin(pins["battery"]), atten=machine.ADC.ATTN_11DB)
        self._display = self._find_display(pins)
        self._shaking = []
        self._burning = None
        self._watch = machine.WDT(timeout=WATCHED_FOR)
        self._network = network.WLAN(network.STA_IF)
        self._network.active(True)
        self._network.connect(settings["wifi"]["name"], settings["wifi"]["password"])
        self._clock_is_set = False

    def online(self):
        """Whether the network is there; the first time, the clock is set by it."""
        there = self._network.isconnected()
        if there and not self._clock_is_set:
            self._clock_is_set = True
            import ntptime  # noqa: PLC0415 - frozen into the ESP32's build only

            try:
                ntptime.settime()
            except OSError:
                pass  # a house without a way out: times are counted from when we began
        return there

    def presses(self):
        """How often the button was pressed since we were asked last."""
        state = machine.disable_irq()
        count, self._pressed["yes"] = self._pressed["yes"], 0
        machine.enable_irq(state)
        return count

    def words(self):
        """What the wearer said since we were asked last: yes and no."""
        state = machine.disable_irq()
        said = [word for word in ("yes", "no") for _ in range(self._pressed[word])]
        self._pressed = {"yes": 0, "no": 0}
        machine.enable_irq(state)
        return said

    def battery(self):
        """In percent, or None without one."""
        if self._battery is None:
            return None
        cell = self._battery.read_uv() // 500
        return max(0, min(100, (cell - EMPTY) * 100 // (FULL - EMPTY)))

    def show(self, state, words):
        """A light for a button, a few lines for a pager."""
        self._light.value(state in ("kept", "ringing"))
        if self._display:
            self._display.fill(0)
            for row, line in enumerate(([state] if state != "ringing" else []) + words.split("\n")):
                self._display.text(line[:16], 0, row * 10)
            self._display.show()

    def shake(self, pattern):
        """Begins a pattern: milliseconds on, off, on, ...; `pause` goes on with it."""
        self._shaking = list(pattern)
        self._shaken = time.ticks_ms()
        self._motor.value(1)

    def light(self, pattern):
        """Burns from now on in a pattern: milliseconds on and off; `pause` goes on with it."""
        self._burning = pattern
        self._lit_at = time.ticks_ms()

    def rest(self, most):
        """Sleeps for `most` milliseconds, or until it is pressed; what follows is a new start."""
        import esp32  # noqa: PLC0415 - here only

        esp32.wake_on_ext0(self._pins["yes"], esp32.WAKEUP_ALL_LOW)
        machine.deepsleep(most)

    def pause(self):
        """The breath between two turns."""
        self._watch.feed()
        if self._shaking and time.ticks_diff(time.ticks_ms(), self._shaken) >= self._shaking[0]:
            self._shaking.pop(0)
            self._shaken = time.ticks_ms()
            self._motor.value(bool(self._shaking) and not self._motor.value())
        if self._burning:
            on, off = self._burning
            at = time.ticks_diff(time.ticks_ms(), self._lit_at) % (on + off)
            self._light.value(at < on)
        time.sleep_ms(20)

    def _noticing(self, name):
        def notice(pin):
            now = time.ticks_ms()
            if time.ticks_diff(now, self._at[name]) > BOUNCES_FOR:
                self._at[name] = now
                self._pressed[name] += 1

        return notice

    def _find_display(self, pins):
        try:
            import ssd1306  # noqa: PLC0415 - of micropython-lib, when there is a display
        except ImportError:
            return None
        bus = machine.I2C(0, sda=machine.Pin(pins["sda"]), scl=machine.Pin(pins["scl"]))
        return ssd1306.SSD1306_I2C(128, 64, bus) if bus.scan() else None
