"""A lamp: shows the last it was told."""

from uuid import UUID

import msgspec

from makegood.ground.tokens import Seal
from tests.endurance.diary import Diary
from tests.endurance.hotel import Lamp as Listed
from tests.endurance.radio import Radio
from tests.endurance.view import View

ASKING = """
select coalesce(max(severity), 0), count(*) from page_page
where site_id = %s and state in ('ringing', 'nobody') and purpose in ('reach', 'call')
"""


class Lamp:
    """One at each site, which nobody looks at before all is over."""

    def __init__(self, listed: Listed, diary: Diary, *, port: int, seal: Seal) -> None:
        self._site: UUID = listed.site_id
        self._topic = f"l/{listed.id.hex}"
        name, secret = f"lamp-{listed.id.hex}", seal.close("lamp", listed.id)
        self._radio = Radio(port, name, secret, diary)
        self._radio.client.on_connect = lambda *_: self._listen()
        self._radio.client.on_message = lambda client, user, told: self._hear(bytes(told.payload))
        self._shows: tuple[int, int] | None = None

    def switch_on(self) -> None:
        """Plugs it in."""
        self._radio.switch_on()

    def switch_off(self) -> None:
        """No more of it."""
        self._radio.switch_off()

    def is_right(self, view: View) -> bool:
        """Whether it shows how many of its site ask for somebody now, and how gravely."""
        return view.rows(ASKING, self._site) == [self._shows]

    def _listen(self) -> None:
        self._radio.client.subscribe(self._topic, 1)

    def _hear(self, payload: bytes) -> None:
        told = msgspec.json.decode(payload)
        self._shows = (told["severity"], told["asking"])
