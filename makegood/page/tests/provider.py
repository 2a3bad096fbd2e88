"""A provider that answers as it is told: what carried channels are to page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from makegood.ground.waiting import treat_round
from makegood.page.channels import registry
from makegood.page.channels.speaking import Address, Channel, Kind, Outcome, Taken, Words
from makegood.page.equipment.equipping import add_device
from makegood.page.jobs import DELAYED, RINGS, STOPS, TESTS
from makegood.page.models import Attempt, Device
from makegood.people.models import Staff

Add = Callable[..., Device]


class Provider:
    """Keeps what it was handed, and answers each address as it is told: by default, taken."""

    def __init__(self) -> None:
        self.handed: list[tuple[str, Words]] = []
        self.answers: dict[str, list[Outcome | Exception]] = {}
        self.while_carrying: Callable[[], None] = lambda: None

    def carry(self, words: Words, address: Address, now: datetime) -> Outcome:
        self.handed.append((address["to"], words))
        self.while_carrying()
        answer = (self.answers.get(address["to"]) or [Taken("id 7")]).pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def heard(self, to: str, kind: Kind = Kind.RING) -> list[Words]:
        """What a device was told, of one kind."""
        return [words for address, words in self.handed if address == to and words.kind is kind]


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The channel `pigeon`, of which each address is a way of its own."""
    provider = Provider()
    pigeon = Channel(
        name="pigeon", title="pigeon", way=lambda address: address["to"], carry=provider.carry
    )
    monkeypatch.setitem(registry.CHANNELS, "pigeon", pigeon)
    return provider


@pytest.fixture
def pigeon(provider: Provider, now: datetime) -> Add:
    """Gives somebody a device that the provider reaches."""

    def add(staff: Staff, to: str) -> Device:
        return add_device(staff=staff, channel="pigeon", name=to, address={"to": to}, now=now)

    return add


def carry_all(now: datetime) -> None:
    """The worker's lane: whatever is due is handed over."""
    while treat_round([DELAYED, RINGS, STOPS, TESTS], now=now).took:
        pass


def attempt_at(device: Device, **more: Any) -> Attempt:
    """The one attempt to reach a device."""
    return Attempt.objects.get(device=device, **more)
