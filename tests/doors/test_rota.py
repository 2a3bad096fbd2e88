"""The rota on a screen: turns, swaps, absences, and the gaps they leave."""

from datetime import datetime, time
from uuid import uuid4

import pytest
from django.test import Client

from makegood.people.models import Absence, Organisation, Rotation, Site, Staff, TurnOverride
from makegood.people.opening import keep_hours
from makegood.people.planning import plan_of
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
