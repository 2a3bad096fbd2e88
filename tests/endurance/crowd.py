"""Guests, hosts and hardware together, a thread each, while the house is struck."""

import random
import threading
from typing import Self

from makegood.ground.tokens import Seal
from tests.endurance.button import Button
from tests.endurance.diary import Diary
from tests.endurance.guest import Guest
from tests.endurance.host import Host
from tests.endurance.hotel import Hotel
from tests.endurance.lamp import Lamp
from tests.endurance.person import Person, Somebody
from tests.endurance.wearer import Wearer

GUESTS = 6
LAST_ORDERS = 60.0


class Crowd:
    """Within the block they live, until the evening is over; the wrists stay on to its end."""

    def __init__(
        self, hotel: Hotel, *, url: str, mqtt_port: int, database_url: str, secret: str, seed: int
    ) -> None:
        self.diary = Diary()
        self._over = threading.Event()
        self._failures: list[BaseException] = []
        self._people: list[Person] = []
        chance = random.Random(seed)

        def person() -> Person:
            self._people.append(Person(url, self.diary, self._over, chance.getrandbits(64)))
            return self._people[-1]

        def thing() -> Somebody:
            return Somebody(self.diary, self._over, chance.getrandbits(64))

        seal = Seal(secret)
        fresh = iter(chance.sample(hotel.tables, len(hotel.tables)))
        guests = [Guest(person(), fresh, hotel.crowded, seal) for _ in range(GUESTS)]
        self._hosts = [Host(person(), listed, database_url) for listed in hotel.hosts]
        hardware: list[Button | Wearer] = [
            *(Button(thing(), listed, port=mqtt_port, seal=seal) for listed in hotel.buttons),
            *(Wearer(thing(), listed, port=mqtt_port, seal=seal) for listed in hotel.wearers),
        ]
        self.lamps = [Lamp(lamp, self.diary, port=mqtt_port, seal=seal) for lamp in hotel.lamps]
        self._devices = [*hardware, *self.lamps]
        self._threads = [
            threading.Thread(target=self._run, args=(one,))
            for one in [*guests, *self._hosts, *hardware]
        ]

    def __enter__(self) -> Self:
        for host in self._hosts:
            host.sign_in()
        for device in self._devices:
            device.switch_on()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.last_orders()
        for device in self._devices:
            device.switch_off()
        for person in self._people:
            person.browser.close()

    def last_orders(self) -> None:
        """The evening is over: everybody finishes what they began."""
        self._over.set()
        for thread in self._threads:
            thread.join(LAST_ORDERS)
            assert not thread.is_alive(), "somebody never got an answer"
        self.check()

    def check(self) -> None:
        """Raises what somebody met that cannot be right."""
        if self._failures:
            raise self._failures[0]

    def _run(self, somebody: Guest | Host | Button | Wearer) -> None:
        try:
            somebody.live()
        except BaseException as failure:  # noqa: BLE001 - raised where the crowd is waited for
            self._failures.append(failure)
