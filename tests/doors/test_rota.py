"""The rota on a screen: turns, swaps, absences, and the gaps they leave."""

from datetime import UTC, datetime, time
from uuid import uuid4

import pytest
from django.test import Client

from makegood.ground import clock
from makegood.people.models import (
    Absence,
    Organisation,
    Rotation,
    Shift,
    Site,
    Staff,
    TurnOverride,
)
from makegood.people.opening import keep_hours
from makegood.people.planning import plan_of
from makegood.people.rota import plan_shift
from makegood.web.duty.rota import DAY
from tests.doors.colleagues import at_another_site, body, browser_of, of_another_house

PUBLISH = "/duty/rota/draft/publish/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def turns(bo: Staff, mina: Staff) -> dict[str, str]:
    return {
        "name": "Floor", "member_0": str(bo.pk), "member_1": str(mina.pk), "member_2": "",
        "begins_on": "2026-11-21", "every_days": "1", "hands_over_at": "00:00",
    }  # fmt: skip


def plan(desk: Client, turns: dict[str, str]) -> None:
    desk.post("/duty/rota/turns/", turns)
    desk.post(PUBLISH)


def test_turns_are_planned_swapped_and_ended(turns, mina: Staff, cy: Staff, harbour: Site, now):
    desk = browser_of(cy)
    drafted = body(desk.post("/duty/rota/turns/", turns, follow=True))
    assert "In the draft." in drafted
    assert not Rotation.objects.exists()
    assert "Floor, all day" in drafted
    assert "Floor, all day" in body(desk.post(PUBLISH, follow=True))
    rotation = Rotation.objects.get()
    day = {"starts_at": "2026-11-22T00:00:00+01:00", "ends_at": "2026-11-23T00:00:00+01:00"}
    swap = f"/duty/rota/turns/{rotation.pk}/override/"
    assert "Cy has Floor then." in body(desk.post(swap, day | {"staff": str(cy.pk)}, follow=True))
    assert "instead of Mina" in body(desk.get("/duty/rota/"))
    desk.post(f"/duty/rota/overrides/{TurnOverride.objects.get().pk}/drop/")
    assert "instead of" not in body(desk.get("/duty/rota/"))
    assert "Nobody has Floor then." in body(desk.post(swap, day | {"staff": ""}, follow=True))
    desk.post(f"/duty/rota/turns/{rotation.pk}/end/")
    desk.post(PUBLISH)
    assert plan_of(harbour, now, now + 7 * DAY) == []


def test_a_night_post_is_planned_and_its_absences_last_hours(
    turns, bo: Staff, mina: Staff, cy: Staff, harbour: Site
) -> None:
    keep_hours(site=harbour, opens_at=time(20), closes_at=time(6), now=clock.now())
    desk = browser_of(cy)
    hours = {"weekday": ["4", "5", "6"], "from_0": "20:00", "until_0": "06:00"}
    said = body(desk.post("/duty/rota/turns/", turns | hours, follow=True))
    assert "Fri, Sat, Sun 20:00 to 06:00" in said
    desk.post(PUBLISH)
    said = body(desk.get("/duty/rota/"))
    assert "Floor, 20:00 to 06:00" in said
    assert 'value="20:00"' in said  # to change it begins with what is so
    form = {
        "away": str(mina.pk), "first": "2026-11-22", "last": "", "substitute": str(cy.pk),
        "away_from": "23:00", "away_until": "01:30",
    }  # fmt: skip
    said = body(desk.post("/duty/rota/away/", form, follow=True))
    assert "22 Nov 23:00 to 23 Nov 01:30" in said
    for last, until, words in (
        ("", "", "25 Nov"), ("2026-11-26", "", "25 Nov to 26 Nov"),
        ("2026-11-26", "12:00", "25 Nov 00:00 to 26 Nov 12:00"),
        ("", "12:00", "25 Nov 00:00 to 12:00"),
    ):  # fmt: skip
        form = {"away": str(bo.pk), "first": "2026-11-25", "last": last, "away_until": until}
        assert f"<small>{words}</small>" in body(desk.post("/duty/rota/away/", form, follow=True))
    assert "Floor, 23:00 to 01:30, instead of Mina" in said
    assert Absence.objects.get(staff=mina).ends_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field", "remedy"),
    [
        ({"from_0": "22:00", "until_0": ""}, "until_0", "like 17:00"),
        ({"from_1": "noon", "until_1": "14:00"}, "from_1", "like 17:00"),
        ({"weekday": "8"}, "weekdays", "Monday to Sunday"),
        ({"from_0": "06:00", "until_0": "14:00", "from_1": "13:00", "until_1": "20:00"},
         "spans", "Let one end where the other begins"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused_naming_the_field(
    turns, cy: Staff, wrong, field, remedy
) -> None:
    answer = browser_of(cy).post("/duty/rota/turns/", turns | wrong)
    assert (answer.status_code, answer.context["refusal"].field) == (422, field)
    assert remedy in body(answer)
    # The form, and what it says of hours.
    assert body(answer).count('<details class="why" open>') == 2
    assert not Rotation.objects.exists()


def test_a_shift_of_this_week_is_swapped_at_once(bo, mina, cy, harbour, now) -> None:
    shift = plan_shift(site=harbour, staff=bo, starts_at=now, ends_at=now + DAY / 4, now=now)
    desk, door = browser_of(cy), f"/duty/rota/{shift.pk}/swap/"
    assert "Mina has Bo’s shift." in body(desk.post(door, {"staff": str(mina.pk)}, follow=True))
    assert Shift.objects.get().staff == mina
    plan_shift(site=harbour, staff=bo, starts_at=now, ends_at=now + DAY / 4, now=now)
    assert "Bo already has a shift" in body(desk.post(door, {"staff": str(bo.pk)}))
    assert desk.post(door, {"staff": "Bo"}).status_code == 422
    assert desk.post(f"/duty/rota/{uuid4()}/swap/", {"staff": str(bo.pk)}).status_code == 404
    assert browser_of(bo).post(door, {"staff": str(bo.pk)}).status_code == 403
    assert browser_of(of_another_house(now)).post(door, {"staff": str(bo.pk)}).status_code == 404


def test_an_absence_without_substitute_is_a_gap(
    turns, mina: Staff, cy: Staff, harbour: Site, now: datetime
) -> None:
    keep_hours(site=harbour, opens_at=time(9), closes_at=time(17), now=now)
    desk = browser_of(cy)
    plan(desk, turns)
    assert "nobody 09:00 to 17:00" not in body(desk.get("/duty/rota/"))
    form = {"away": str(mina.pk), "first": "2026-11-22", "last": "", "substitute": ""}
    assert "nobody 09:00 to 17:00" in body(desk.post("/duty/rota/away/", form, follow=True))
    desk.post(f"/duty/rota/away/{Absence.objects.get().pk}/drop/")
    desk.post("/duty/rota/away/", form | {"substitute": str(cy.pk)})
    said = body(desk.get("/duty/rota/"))
    assert "nobody 09:00 to 17:00" not in said
    assert "Cy stands in" in said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"member_0": "", "member_1": ""}, "members"),
        ({"member_0": "Bo"}, "member_0"),
        ({"begins_on": "soon"}, "begins_on"),
        ({"every_days": "weekly"}, "every_days"),
        ({"every_days": "0"}, "every_days"),
        ({"hands_over_at": "noon"}, "hands_over_at"),
    ],
)
def test_turns_that_cannot_be_are_refused_naming_the_field(turns, cy: Staff, wrong, field) -> None:
    answer = browser_of(cy).post("/duty/rota/turns/", turns | wrong)
    assert answer.status_code == 422
    assert (answer.context["part"], answer.context["refusal"].field) == ("turns", field)
    kept = f'value="{turns["member_1"]}" selected'
    assert (kept in body(answer)) is ("member_1" not in wrong)  # what was chosen is not lost
    assert not Rotation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"away": ""}, "away"),
        ({"first": "soon"}, "first"),
        ({"last": "2026-11-21"}, "ends_at"),
        ({"substitute": "Bo"}, "substitute"),
        ({"away_from": "late"}, "away_from"),
        ({"away_until": "17:00+01"}, "away_until"),
        ({"last": "2026-11-22", "away_from": "17:00", "away_until": "09:00"}, "ends_at"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_naming_the_field(
    bo: Staff, cy: Staff, wrong, field
) -> None:
    form = {"away": str(bo.pk), "first": "2026-11-22", "last": "", "substitute": ""}
    answer = browser_of(cy).post("/duty/rota/away/", form | wrong)
    assert answer.status_code == 422
    assert (answer.context["part"], answer.context["refusal"].field) == ("away", field)
    assert not Absence.objects.exists()


def test_a_swap_of_no_time_is_refused(turns, cy: Staff) -> None:
    desk = browser_of(cy)
    plan(desk, turns)
    swap = f"/duty/rota/turns/{Rotation.objects.get().pk}/override/"
    for wrong in ("", "2026-13-22T00:00:00+01:00", "2026-11-22T00:00:00"):
        assert desk.post(swap, {"staff": "", "starts_at": wrong}).status_code == 422
    assert not TurnOverride.objects.exists()


def test_who_may_plan_turns(turns, bo: Staff, cy: Staff, fairline: Organisation, now) -> None:
    plan(browser_of(cy), turns)
    swap = f"/duty/rota/turns/{Rotation.objects.get().pk}/override/"
    phone = browser_of(bo)
    assert "Take turns" not in body(phone.get("/duty/rota/"))
    for door in (
        "turns/",
        "away/",
        "draft/publish/",
        "draft/discard/",
        "draft/shift/",
        f"turns/{uuid4()}/end/",
        f"away/{uuid4()}/drop/",
    ):
        assert phone.post(f"/duty/rota/{door}", turns).status_code == 403
    assert phone.post(swap).status_code == 403
    assert browser_of(of_another_house(now)).post(swap).status_code == 404
    assert browser_of(at_another_site(fairline, now)).post(swap).status_code == 403
    for door in ("overrides", "away"):
        assert browser_of(cy).post(f"/duty/rota/{door}/{uuid4()}/drop/").status_code == 404
