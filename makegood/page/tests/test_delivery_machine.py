"""Delivery in any order of events: people answer, time passes, providers take, refuse or wait,
and workers die between the call and its result."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.page.channels.speaking import Outcome, Passing, Permanent, Taken
from makegood.page.delivery import carrying, hushing
from makegood.page.delivery.carrying import Load
from makegood.page.equipment.equipping import wish
from makegood.page.hands import answering
from makegood.page.jobs import DELAYED, RUNGS
from makegood.page.models import Attempt, Page
from makegood.page.rungs.ringing import Summons, open_page
from makegood.page.tests.conftest import ON_DUTY_ONLY
from makegood.people.models import Staff

SECOND = timedelta(seconds=1)
ENDED = (Page.State.DONE, Page.State.CANCELLED)
OUTCOMES = st.sampled_from(
    [Taken("id 7"), Passing("503"), Passing("429", 20 * SECOND), Permanent("400"),
     Permanent("410 Gone", retire=True)]
)  # fmt: skip


class House:
    """Bo and Mina are on duty, with three devices between them, and one page rings."""

    people: dict[str, Staff]
    opens: Any
    now: datetime


@contextmanager
def refusing() -> Iterator[None]:
    """Who comes too late is told so; it changes nothing."""
    try:
        with transaction.atomic():
            yield
    except Refused:
        pass


class Delivery(RuleBasedStateMachine):
    """One page on its way, and the calls that are under way."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now = self.house.now
        self.rings: list[Load] = []
        self.stops: list[Load] = []
        self.page = self.house.opens()

    def teardown(self) -> None:
        try:
            self._let_it_end()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @rule(seconds=st.integers(1, 70))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND
        treat_all_waiting(RUNGS, now=self.now)
        treat_all_waiting(DELAYED, now=self.now)

    @rule()
    def a_worker_claims_a_ring(self) -> None:
        load = carrying.claim_ring(self.now)
        if load:
            attempt = Attempt.objects.select_related("page", "device").get(pk=load.pk)
            assert attempt.page.state == Page.State.RINGING  # an old page is never handed over
            assert attempt.round == attempt.page.round
            assert attempt.failed_at is None
            assert attempt.device
            assert attempt.device.retired_at is None
            self.rings.append(load)

    @rule(outcome=OUTCOMES, last=st.booleans())
    def the_provider_answers_a_ring(self, outcome: Outcome, last: bool) -> None:
        if self.rings:
            carrying.settle_ring(self.rings.pop(-1 if last else 0), outcome, self.now)

    @rule(outcome=OUTCOMES)
    def a_device_is_told_to_be_silent(self, outcome: Outcome) -> None:
        load = hushing.claim_stop(self.now)
        if load:
            self.stops.append(load)
        if self.stops:
            hushing.settle_stop(self.stops.pop(), outcome, self.now)

    @rule()
    def the_worker_dies(self) -> None:
        self.rings.clear()
        self.stops.clear()

    @rule(
        who=st.sampled_from(["bo", "mina"]),
        word=st.sampled_from(["going", "cant", "with_customer", "finish"]),
    )
    def somebody_answers(self, who: str, word: str) -> None:
        page = Page.objects.get(pk=self.page.pk)
        with refusing():
            getattr(answering, word)(page=page, staff=self.house.people[who], now=self.now)

    @invariant()
    def what_is_taken_or_over_waits_for_no_channel(self) -> None:
        page = Page.objects.get(pk=self.page.pk)
        if page.state not in Page.UNTAKEN_STATES:
            assert not page.attempts.filter(hand_over_at__isnull=False).exists()

    @invariant()
    def an_open_page_has_its_next_step(self) -> None:
        page = Page.objects.get(pk=self.page.pk)
        assert (page.next_rung_at is not None) == (page.state not in (*ENDED, Page.State.WITH))

    @invariant()
    def nothing_is_both_taken_and_given_up(self) -> None:
        given_up = Attempt.objects.filter(failed_at__isnull=False)
        assert not given_up.filter(sent_at__isnull=False).exists()
        assert not given_up.filter(hand_over_at__isnull=False).exists()

    def _let_it_end(self) -> None:
        """Whatever happened: once it is over, every try comes to an end and all are silent."""
        page = Page.objects.get(pk=self.page.pk)
        if page.is_open:
            answering.cancel_pages(about=page.about, now=self.now)
        for load in self.rings:
            carrying.settle_ring(load, Taken(), self.now)
        self.now += timedelta(minutes=10)  # every lease is over
        assert carrying.claim_ring(self.now) is None
        while stop := hushing.claim_stop(self.now):
            hushing.settle_stop(stop, Taken(), self.now)
        waiting = Attempt.objects.filter(page=page)
        assert not waiting.filter(hand_over_at__isnull=False).exists()
        assert not waiting.filter(silence_at__isnull=False).exists()


@pytest.mark.django_db
def test_a_ring_in_any_order_of_events(harbour, bo, mina, on_duty, pigeon, provider, now):
    later = pigeon(bo, "later")
    pigeon(bo, "first")
    pigeon(mina, "other")
    wish(staff=bo, delays={later.pk: 20 * SECOND}, quiet=None)
    on_duty(bo, mina)

    def opens() -> Page:
        return open_page(
            Summons(
                organisation_id=harbour.organisation_id, site_id=harbour.pk, about=uuid4(),
                caused_by=uuid4(), place="Table 14", happened_at=now, ladder=ON_DUTY_ONLY,
                leaves_at=now + timedelta(minutes=4),
            ),
            now=now,
        )  # fmt: skip

    house = House()
    house.people, house.opens, house.now = {"bo": bo, "mina": mina}, opens, now
    machine = type("DeliveryInThisHouse", (Delivery,), {"house": house})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
