"""The floor board: what it says, to whom, and at what price."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from makegood.ground import clock
from makegood.page.equipment.equipping import add_device, retire_device
from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Device
from makegood.people.models import Organisation, Site, Staff
from makegood.people.rota import plan_shift
from makegood.sense.complaining import note_complaint
from makegood.sense.models import Touchpoint
from makegood.sense.reviewing import Written, note_review
from tests.doors.colleagues import at_another_site, body, browser_of, felt, of_another_house, rung
from tests.doors.guests import pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_quiet_is_good_news(bo: Staff, now: datetime) -> None:
    felt(bo, now)
    said = body(browser_of(bo).get("/floor/"))
    assert "Saturday evening" in said
    assert "All quiet at Harbour. Nobody is waiting for us." in said
    assert "Somebody is there for the next press." in said
    assert "On duty, felt 20:12" in said


def test_nobody_on_duty_is_said_plainly(bo: Staff) -> None:
    said = body(browser_of(bo).get("/floor/"))
    assert "Nobody is on duty." in said
    assert "A press now rings nobody." in said
    assert "Not on duty" in said


def test_the_board_shows_who_waits_who_goes_and_who_is_there(
    bo: Staff, mina: Staff, cy: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now + timedelta(seconds=1))
    spa = rung(harbour, now, place="Spa desk", leaves_at=now + timedelta(minutes=12))
    going(page=spa, staff=bo, now=now)
    with_customer(page=spa, staff=bo, now=now + timedelta(seconds=98))
    with clock.standing_at(now + timedelta(seconds=100)):
        rung(harbour, clock.now(), place="Room 312")
        said = body(browser_of(cy).get("/floor/"))
    assert "One person is waiting for us, one has somebody with them." in said
    assert "2 open, nobody past their time" in said
    assert "Ringing Mina" in said
    assert "Bo came in 1:38" in said
    assert "With a guest, Spa desk" in said
    assert "Being rung for room 312" in said


def test_somebody_past_their_time_is_not_hidden(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    rung(harbour, now)
    with clock.standing_at(now + timedelta(minutes=5)):
        said = body(browser_of(bo).get("/floor/"))
    assert "They have waited longer than we thought they would stay." in said
    assert "1 open, 1 past their time" in said
    assert "past their time" in said


def test_each_row_says_what_it_began_with(
    bo: Staff, cy: Staff, harbour: Site, table_14: Touchpoint, now: datetime
) -> None:
    felt(bo, now), felt(cy, now)
    triaged(pressed(table_14, now), now)
    later = now + timedelta(minutes=3)
    with clock.standing_at(later):
        told = note_complaint(
            site=harbour, place="Room 312", words="The room is dirty.", by=bo, now=later
        )
        triaged(told, later)
        review = Written(
            source="Google",
            key="1",
            stars=1,
            written_at=now - timedelta(days=2),
            words="Never again.",
        )
        triaged(note_review(site=harbour, written=review, by=cy, now=later), later)
        rung(harbour, later, place="Ana is here")
        said = " ".join(body(browser_of(bo).get("/floor/")).split())
    assert "pressed <time>20:12</time>" in said
    assert "told us <time>20:15</time>" in said
    assert "wrote a review <time>19 Nov</time>" in said
    assert "here since <time>20:15</time>" in said


def test_cases_and_promises_of_today_are_listed(
    bo: Staff, table_14: Touchpoint, now: datetime
) -> None:
    felt(bo, now)
    case = triaged(pressed(table_14, now), now)
    with clock.standing_at(now + timedelta(days=1)):
        said = body(browser_of(bo).get("/floor/"))
    assert f"/cases/{case.pk}" in said
    assert "late" in said


def test_gaps_in_cover_are_shown(bo: Staff, harbour: Site, now: datetime) -> None:
    half_past_one = now.replace(second=0) + timedelta(hours=5, minutes=18)
    plan_shift(site=harbour, staff=bo, starts_at=now, ends_at=half_past_one, now=now)
    said = body(browser_of(bo).get("/floor/"))
    assert "1 gap" in said
    assert "from 01:30" in said


def test_another_house_and_another_site_see_their_own_floor(
    bo: Staff, di: Staff, fairline: Organisation, harbour: Site, now: datetime
) -> None:
    felt(bo, now)
    rung(harbour, now)
    finn = at_another_site(fairline, now)
    for outsider in (of_another_house(now), finn):
        browser = browser_of(outsider)
        assert "Table 14" not in body(browser.get("/floor/"))
        assert browser.get(f"/floor/?site={harbour.pk}").status_code == 404
    owner = browser_of(di)
    assert "All quiet at Hillside." in body(owner.get(f"/floor/?site={finn.site_id}"))
    assert owner.get(f"/floor/?site={uuid4()}").status_code == 404
    assert owner.get("/floor/?site=x").status_code == 404
    assert owner.post("/floor/").status_code == 405


def test_the_floor_asks_the_database_little_however_full_it_is(
    bo: Staff, mina: Staff, harbour: Site, now: datetime, django_assert_max_num_queries: Any
) -> None:
    felt(bo, now), felt(mina, now)
    browser = browser_of(bo)
    for number in range(8):
        rung(harbour, now, place=f"Table {number}")
    with django_assert_max_num_queries(24):
        assert browser.get("/floor/").status_code == 200


def wrist_of(staff: Staff, now: datetime, **how: Any) -> Device:
    """A wrist pager that was felt, and what became of it."""
    device = add_device(staff=staff, channel="wrist", name="wrist", address={}, now=now)
    Device.objects.filter(pk=device.pk).update(felt_at=now, seen_at=now, **how)
    return device


def test_a_wrist_that_went_quiet_is_said_above_and_beside_its_owner(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now)
    wrist_of(mina, now)
    wrist = wrist_of(bo, now, lost_at=now)
    rung(harbour, now)
    browser = browser_of(mina)
    with clock.standing_at(now + timedelta(minutes=6)):
        said = body(browser.get("/floor/"))
        assert "Bo’s wrist has gone quiet." in said
        assert "Wrist silent 6 min" in said
        assert "Mina’s wrist" not in said
        assert 'aria-label="Phone felt 20:12, wrist"' in said
        Device.objects.filter(pk=wrist.pk).update(lost_at=None)
        assert "has gone quiet" not in body(browser.get("/floor/"))


def test_a_phone_that_was_given_up_and_a_battery_stand_beside_their_owners(
    bo: Staff, mina: Staff, now: datetime
) -> None:
    felt(bo, now), felt(mina, now)
    wrist_of(mina, now, battery=12)
    add = {"endpoint": "https://push.example/1", "p256dh": "x", "auth": "y"}
    phone = add_device(staff=bo, channel="webpush", name="phone", address=add, now=now)
    retire_device(device=phone, because="410 Gone", now=now + timedelta(minutes=1))
    with clock.standing_at(now + timedelta(minutes=3)):
        said = body(browser_of(mina).get("/floor/"))
    assert "Bo’s phone rings no more." in said
    assert "Phone gone 2 min" in said
    assert "Wrist 12 %" in said
