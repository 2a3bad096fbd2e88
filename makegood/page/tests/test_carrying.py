"""Every device of who is rung is tried; whoever goes silences all the others; nothing is lost."""

from datetime import timedelta
from hashlib import sha256
from threading import Event

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from makegood.ground.models import Bulletin
from makegood.page.channels.speaking import Kind, Passing, Permanent, Taken
from makegood.page.delivery import carrying
from makegood.page.delivery.carrying import LONGEST_PAUSE, pause_after
from makegood.page.equipment.equipping import add_device, wish
from makegood.page.equipment.subscribing import ENDED
from makegood.page.hands import answering
from makegood.page.hands.receipts import note_received
from makegood.page.models import Attempt, Page
from makegood.page.rungs.climbing import climb_all
from makegood.page.tests.conftest import ON_DUTY_ONLY, kinds_heard_by
from makegood.page.tests.provider import attempt_at, carry_all
from tests.patience import PATIENCE

SECOND = timedelta(seconds=1)


def test_each_device_of_who_is_rung_is_handed_the_page(
    ring, bo, mina, on_duty, pigeon, provider, now
):
    phone, tablet, other = pigeon(bo, "phone"), pigeon(bo, "tablet"), pigeon(mina, "other")
    on_duty(bo, mina)
    page = ring()
    assert {a.device for a in page.attempts.all()} == {None, phone, tablet}
    carry_all(now)
    (words,) = provider.heard("phone")
    assert (words.title, words.tag, words.until) == ("Table 14", str(page.pk), page.leaves_at)
    assert words.body.startswith("The food, and waiting")
    assert provider.heard("tablet")
    assert not provider.heard("other")
    handed = attempt_at(phone)
    assert (handed.tries, handed.said, handed.hand_over_at) == (1, "id 7", None)
    assert handed.sent_at >= now  # what a call takes is part of its time
    assert not Attempt.objects.filter(device=other).exists()


def test_a_told_device_rings_with_the_screen(ring, bo, on_duty, now):
    wrist = add_device(staff=bo, channel="wrist", name="wrist", address={}, now=now)
    on_duty(bo)
    page = ring()
    (heard,) = Bulletin.objects.filter(topic=f"device:{wrist.pk}")
    assert (heard.data["kind"], heard.data["page"]) == ("ring", str(page.pk))
    assert attempt_at(wrist).sent_at == now
    answering.going(page=page, staff=bo, now=now + SECOND)
    kinds = [b.data["kind"] for b in Bulletin.objects.filter(topic=f"device:{wrist.pk}")]
    assert kinds == ["ring", "stop"]


def test_wrist_first_phone_after_twenty_seconds(ring, bo, on_duty, pigeon, provider, now):
    phone = pigeon(bo, "phone")
    wrist = add_device(staff=bo, channel="wrist", name="wrist", address={}, now=now)
    wish(staff=bo, delays={phone.pk: 20 * SECOND}, quiet=None)
    on_duty(bo)
    ring()
    carry_all(now + 19 * SECOND)
    assert attempt_at(wrist).sent_at == now
    assert not provider.handed
    carry_all(now + 20 * SECOND)
    assert provider.heard("phone")


def test_a_wrist_may_come_later_too(ring, bo, on_duty, now):
    wrist = add_device(staff=bo, channel="wrist", name="wrist", address={}, now=now)
    wish(staff=bo, delays={wrist.pk: 20 * SECOND}, quiet=None)
    on_duty(bo)
    ring()
    carry_all(now)
    assert not Bulletin.objects.filter(topic=f"device:{wrist.pk}").exists()
    carry_all(now + 20 * SECOND)
    assert Bulletin.objects.filter(topic=f"device:{wrist.pk}").count() == 1
    assert attempt_at(wrist).sent_at == now + 20 * SECOND


def test_going_silences_everybody_else_and_ones_own_devices(
    ring, bo, cy, on_duty, pigeon, provider, now
):
    pigeon(bo, "bo"), pigeon(cy, "cy")
    slow = pigeon(cy, "slow")
    wish(staff=cy, delays={slow.pk: 20 * SECOND}, quiet=None)
    on_duty(bo, cy)
    page = ring()
    carry_all(now)
    climb_all([page], now=now + 45 * SECOND)
    carry_all(now + 46 * SECOND)
    answering.going(page=page, staff=bo, now=now + 50 * SECOND)
    assert attempt_at(slow).hand_over_at is None
    carry_all(now + 50 * SECOND)
    assert [w.body for w in provider.heard("cy", Kind.STOP)] == [
        "Bo is going. Nobody else needs to."
    ]
    assert provider.heard("bo", Kind.STOP)
    carry_all(now + 10 * 60 * SECOND)
    assert not provider.heard("slow")
    assert not provider.heard("slow", Kind.STOP)
    assert not Attempt.objects.exclude(hand_over_at=None, silence_at=None).exists()


def test_the_device_they_answered_on_keeps_what_they_said_there(
    ring, bo, mina, on_duty, pigeon, provider, now
):
    phone = pigeon(bo, "phone")
    pigeon(bo, "tablet")
    on_duty(bo, mina)
    page = ring(hint="Window, left side")
    carry_all(now)
    answering.going(page=page, staff=bo, device=phone, now=now + SECOND)
    answering.with_customer(page=page, staff=bo, now=now + 2 * SECOND)
    answering.hand_over(page=page, staff=bo, to=mina, now=now + 3 * SECOND)
    carry_all(now + 3 * SECOND)
    assert not provider.heard("phone", Kind.STOP)
    answering.going(page=page, staff=mina, now=now + 4 * SECOND)
    carry_all(now + 4 * SECOND)
    (told,) = provider.heard("phone", Kind.STOP)
    assert told.body == "Mina is going. Nobody else needs to."


def test_ones_other_devices_read_where_one_goes(ring, bo, on_duty, pigeon, provider, now):
    phone = pigeon(bo, "phone")
    pigeon(bo, "tablet")
    on_duty(bo)
    page = ring(hint="Window, left side")
    carry_all(now)
    answering.going(page=page, staff=bo, device=phone, now=now + SECOND)
    carry_all(now + SECOND)
    (told,) = provider.heard("tablet", Kind.STOP)
    assert told.body == "You are going.\nWindow, left side"
    answering.cancel_pages(about=page.about, now=now + 2 * SECOND)
    carry_all(now + 2 * SECOND)
    (told,) = provider.heard("phone", Kind.STOP)
    assert told.body == "This one is looked after. Nobody needs to go."


def test_a_ring_under_way_to_the_device_they_answered_on_is_called_back(
    ring, bo, on_duty, pigeon, provider, now
):
    phone = pigeon(bo, "phone")
    on_duty(bo)
    page = ring(hint="Window, left side")
    load = carrying.claim_ring(now)
    assert load
    answering.going(page=page, staff=bo, device=phone, now=now + SECOND)
    carrying.settle_ring(load, Taken(), now + 2 * SECOND)
    carry_all(now + 2 * SECOND)
    (told,) = provider.heard("phone", Kind.STOP)
    assert told.body == "You are going.\nWindow, left side"


def test_a_phone_whose_sign_in_ended_a_moment_ago_is_not_rung_and_the_next_rings_at_once(
    ring, bo, on_duty, pigeon, provider, now
):
    phone, tablet = pigeon(bo, "phone"), pigeon(bo, "tablet")
    wish(staff=bo, delays={tablet.pk: 20 * SECOND}, quiet=None)
    signed_in = SessionStore()
    signed_in.create()
    assert signed_in.session_key
    phone.session = sha256(signed_in.session_key.encode()).hexdigest()
    phone.save()
    on_duty(bo)
    ring()
    carry_all(now)
    assert provider.heard("phone")
    assert not provider.heard("tablet")
    provider.handed.clear()
    signed_in.delete()
    ring(at=now + 5 * SECOND)
    carry_all(now + 5 * SECOND)
    assert not provider.heard("phone")
    assert provider.heard("tablet")
    given_up = Attempt.objects.get(device=phone, failed_at__isnull=False)
    assert (given_up.said, given_up.tries, given_up.hand_over_at) == (ENDED, 0, None)


def test_who_cannot_is_left_in_peace_and_the_next_still_rings(
    ring, bo, mina, on_duty, pigeon, provider, now
):
    late = pigeon(bo, "late")
    pigeon(mina, "mina")
    wish(staff=bo, delays={late.pk: 20 * SECOND}, quiet=None)
    on_duty(bo, mina)
    page = ring()
    answering.cant(page=page, staff=bo, now=now + SECOND)
    carry_all(now + 30 * SECOND)
    assert not provider.heard("late")
    assert provider.heard("mina")


@pytest.mark.parametrize("end", ["cancelled", "done"])
def test_what_is_over_rings_nobody(ring, bo, on_duty, pigeon, provider, now, end):
    pigeon(bo, "phone")
    on_duty(bo)
    page = ring()
    if end == "cancelled":
        answering.cancel_pages(about=page.about, now=now)
    else:
        answering.with_customer(page=page, staff=bo, now=now)
        answering.finish(page=page, staff=bo, now=now)
    carry_all(now + SECOND)
    assert not provider.handed


def test_old_pages_are_never_resurrected(ring, bo, on_duty, pigeon, provider, now):
    """The provider was out of reach for a whole round: only the new round's ring is handed over."""
    phone = pigeon(bo, "phone")
    provider.answers["phone"] = [Passing("busy", retry_after=timedelta(minutes=10))]
    on_duty(bo)
    page = ring(ladder=ON_DUTY_ONLY)
    carry_all(now)
    page.refresh_from_db()
    climb_all([page], now=now + 60 * SECOND)
    page.refresh_from_db()
    climb_all([page], now=now + 120 * SECOND)
    carry_all(now + timedelta(minutes=12))
    rounds = Attempt.objects.filter(device=phone, sent_at__isnull=False).values_list("round")
    assert list(rounds) == [(page.round,)]
    assert not Attempt.objects.filter(hand_over_at__isnull=False).exists()


def test_passing_is_tried_again_with_growing_pauses(ring, bo, on_duty, pigeon, provider, now):
    phone = pigeon(bo, "phone")
    provider.answers["phone"] = [Passing("busy"), OSError("gone"), Taken("at last")]
    on_duty(bo)
    ring()
    carry_all(now)
    assert attempt_at(phone).said == "busy"
    carry_all(now + SECOND)
    assert len(provider.handed) == 1
    carry_all(now + 3 * SECOND)
    assert attempt_at(phone).said == "Our fault: OSError"
    carry_all(now + 8 * SECOND)
    attempt = attempt_at(phone)
    assert (attempt.tries, attempt.said) == (3, "at last")
    assert len({words.key for _, words in provider.handed}) == 1


def test_never_before_the_provider_asked_for(ring, bo, on_duty, pigeon, provider, now):
    pigeon(bo, "phone")
    provider.answers["phone"] = [Passing("429", retry_after=30 * SECOND)]
    on_duty(bo)
    ring()
    carry_all(now)
    carry_all(now + 29 * SECOND)
    assert len(provider.handed) == 1
    carry_all(now + 31 * SECOND)
    assert len(provider.handed) == 2


def test_a_device_given_up_makes_room_for_the_next_at_once(
    ring, bo, on_duty, pigeon, provider, now
):
    dead, spare = pigeon(bo, "dead"), pigeon(bo, "spare")
    wish(staff=bo, delays={spare.pk: 30 * SECOND}, quiet=None)
    provider.answers["dead"] = [Permanent("410 gone", retire=True)]
    on_duty(bo)
    ring()
    carry_all(now)
    assert provider.heard("spare")
    dead.refresh_from_db()
    assert dead.retired_because == "410 gone"
    assert attempt_at(dead).failed_at


def test_what_is_refused_once_may_work_for_the_next_page(ring, bo, on_duty, pigeon, provider, now):
    phone = pigeon(bo, "phone")
    provider.answers["phone"] = [Permanent("too long")]
    on_duty(bo)
    ring()
    carry_all(now)
    phone.refresh_from_db()
    assert phone.retired_at is None
    assert attempt_at(phone).failed_at


def test_a_ring_under_way_while_somebody_goes_is_called_back(
    ring, bo, mina, on_duty, pigeon, provider, now
):
    phone = pigeon(bo, "phone")
    on_duty(bo, mina)
    page = ring()

    load = carrying.claim_ring(now)
    assert load
    answering.going(page=page, staff=mina, now=now + SECOND)
    carrying.settle_ring(load, carrying.deliver(load, now), now + 2 * SECOND)
    attempt = attempt_at(phone)
    assert attempt.silence_at == attempt.sent_at == now + 2 * SECOND
    carry_all(now + 2 * SECOND)
    assert [words.kind for _, words in provider.handed] == [Kind.RING, Kind.STOP]


def test_a_provider_that_hangs_keeps_no_other_phone_ringing(
    ring, bo, mina, cy, on_duty, pigeon, provider, now
):
    pigeon(mina, "dove"), pigeon(bo, "snail")
    on_duty(mina)
    page = ring()
    carry_all(now)
    on_duty(bo)
    ring()
    answering.going(page=page, staff=cy, now=now)
    silent, in_time = Event(), []

    def hang():
        if provider.heard("dove", Kind.STOP):
            silent.set()
        in_time.append(silent.wait(PATIENCE))

    provider.while_carrying = hang
    carry_all(now)
    assert provider.heard("snail")
    assert in_time
    assert all(in_time)


def test_a_worker_that_died_is_followed_by_another_with_the_same_key(
    ring, bo, on_duty, pigeon, provider, now
):

    pigeon(bo, "phone")
    on_duty(bo)
    ring()
    lost = carrying.claim_ring(now)
    assert lost
    assert carrying.claim_ring(now) is None
    carry_all(now + 31 * SECOND)
    assert [words.key for words in provider.heard("phone")] == [lost.words.key]
    carrying.settle_ring(lost, Passing("too late to matter"), now + 40 * SECOND)
    assert Attempt.objects.get(device__name="phone").said == "id 7"


def test_receipts_are_of_the_device_they_come_from(ring, bo, on_duty, pigeon, now):
    phone = pigeon(bo, "phone")
    on_duty(bo)
    page = ring()
    note_received(page=page, staff=bo, device=phone, now=now + SECOND)
    assert attempt_at(phone).received_at == now + SECOND
    assert page.attempts.get(device=None).received_at is None
    page = answering.going(page=page, staff=bo, device=phone, now=now + 2 * SECOND)
    assert attempt_at(phone).answered_at == now + 2 * SECOND
    assert page.attempts.get(device=None).answered_at is None


def test_many_devices_cost_as_many_statements_as_one(ring, bo, on_duty, pigeon, now):
    on_duty(bo)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            ring()
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    none = statements()
    for number in range(6):
        pigeon(bo, f"phone {number}")
    assert statements() == none
    assert Page.objects.count() == 2
    assert kinds_heard_by(bo) == ["ring", "ring"]


@given(st.integers(1, 1000))
def test_pauses_grow_and_end_at_a_minute(tries):
    assert pause_after(tries) <= pause_after(tries + 1) <= LONGEST_PAUSE
    assert pause_after(tries) >= 2 * SECOND
