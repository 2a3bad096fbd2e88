"""The draft of the rota on a screen: what it changes and leaves, publishing, taking it back."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from makegood.ground import clock
from makegood.people import rotating
from makegood.people.models import Organisation, RotaDraft, Rotation, Shift, Site, Staff
from makegood.people.opening import keep_hours
from tests.doors.colleagues import at_another_site, body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

DRAFT, LATER = "/duty/rota/draft/", "2026-12-02"


@pytest.fixture
def desk(cy: Staff, harbour: Site, now: datetime) -> Client:
    keep_hours(site=harbour, opens_at=time(9), closes_at=time(17), now=now)
    return browser_of(cy)


def shift(staff: Staff, on: str = LATER, *, begins: str = "09:00") -> dict[str, str]:
    return {"staff": str(staff.pk), "on": on, "from": begins, "until": "17:00"}


def test_a_shift_of_a_later_week_is_tried_published_and_taken_back(desk, bo: Staff) -> None:
    assert "Into the draft" in body(desk.get("/duty/rota/?week=1"))
    said = body(desk.post(f"{DRAFT}shift/?week=1", shift(bo), follow=True))
    assert "Bo, 2 Dec 09:00 – 17:00" in said
    assert "0 new, 1 filled" in said
    assert "27 gaps" in said
    assert not Shift.objects.exists()
    assert "The rota is published: one change." in body(desk.post(f"{DRAFT}publish/", follow=True))
    assert Shift.objects.get().staff == bo
    assert "Bo Lindqvist" in body(desk.get("/duty/rota/?week=1"))
    back = f"{DRAFT}{RotaDraft.objects.get().pk}/take-back/"
    assert "as it was before" in body(desk.post(back, follow=True))
    assert not Shift.objects.exists()


def test_a_draft_that_leaves_a_gap_says_where(desk, bo: Staff) -> None:
    desk.post("/duty/rota/", shift(bo, "2026-11-23"))
    said = body(desk.post(f"{DRAFT}shift/{Shift.objects.get().pk}/drop/", follow=True))
    assert "Bo is taken out: 23 Nov 09:00 – 17:00" in said
    assert "1 new, 0 filled" in said
    assert "nobody 09:00 to 17:00" in said
    assert Shift.objects.exists()


def test_somebody_planned_twice_at_once_and_two_together_are_shown(
    desk, bo: Staff, mina: Staff
) -> None:
    turns = {
        "name": "Floor", "member_0": str(bo.pk), "begins_on": "2026-11-22", "every_days": "1",
        "hands_over_at": "00:00",
    }  # fmt: skip
    desk.post("/duty/rota/turns/", turns)
    desk.post(f"{DRAFT}shift/", shift(bo, "2026-11-24"))
    desk.post(f"{DRAFT}shift/", shift(mina, "2026-11-25", begins="10:00"))
    said = body(desk.get(DRAFT))
    assert "Bo Lindqvist twice at once, 09:00 to 17:00" in said
    assert "together 10:00 to 17:00: Bo Lindqvist, Mina Park" in said


def test_other_turns_on_the_same_post_keep_what_is_filled_in(
    desk, bo: Staff, mina: Staff, harbour: Site, now
) -> None:
    post = rotating.begin_rotation(
        site=harbour, name="Floor", members=[bo, mina], begins_on=date(2026, 11, 16),
        every_days=7, hands_over_at=time(8), now=now,
    )  # fmt: skip
    door = f"/duty/rota/turns/{post.pk}/change/"
    form = {
        "member_0": str(mina.pk), "member_1": str(bo.pk), "begins_on": "2026-11-30",
        "every_days": "2", "hands_over_at": "06:00",
    }  # fmt: skip
    wrong = desk.post(door, form | {"every_days": "0"})
    assert wrong.status_code == 422
    assert wrong.context["refusal"].field == "every_days"
    assert desk.post(door, form | {"begins_on": "2026-11-20"}).status_code == 422
    said = body(desk.post(door, form, follow=True))
    assert "Floor: Mina, Bo, every 2 days at 06:00, from 30 Nov" in said
    desk.post(f"{DRAFT}publish/")
    former, changed = Rotation.objects.order_by("begins_on")
    assert former.ended_at == datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert (changed.name, changed.every_days) == ("Floor", 2)


def test_what_a_draft_plans_is_swapped_within_it(desk, bo: Staff, mina: Staff, cy: Staff) -> None:
    desk.post(f"{DRAFT}shift/?week=1", shift(bo))
    turns = {
        "name": "Bar", "member_0": str(bo.pk), "begins_on": LATER, "every_days": "1",
        "hands_over_at": "00:00", "from_0": "18:00", "until_0": "23:00",
    }  # fmt: skip
    desk.post("/duty/rota/turns/?week=1", turns)
    planned, taken = RotaDraft.objects.get().changes
    drafted = body(desk.get(f"{DRAFT}?week=1"))
    assert f"{DRAFT}shift/{planned['shift']}/swap/" in drafted
    assert f"{DRAFT}turns/{taken['rotation']}/swap/" in drafted
    door = f"{DRAFT}shift/{planned['shift']}/swap/?week=1"
    said = body(desk.post(door, {"staff": str(mina.pk)}, follow=True))
    assert "Mina instead of Bo, 2 Dec 09:00 – 17:00" in said
    evening = {"starts_at": "2026-12-03T18:00:00+01:00", "ends_at": "2026-12-03T23:00:00+01:00"}
    door = f"{DRAFT}turns/{taken['rotation']}/swap/?week=1"
    assert desk.post(door, {"staff": "", "starts_at": "soon"}).status_code == 422
    said = body(desk.post(door, evening | {"staff": str(cy.pk)}, follow=True))
    assert "Bar: Cy, 3 Dec 18:00 – 23:00" in said
    assert not Shift.objects.exists()
    desk.post(f"{DRAFT}publish/")
    assert Shift.objects.get().staff == mina
    assert "instead of Bo" in body(desk.get("/duty/rota/?week=1"))
    for wrong in (f"{DRAFT}shift/{uuid4()}/swap/", f"{DRAFT}turns/{uuid4()}/swap/"):
        assert desk.post(wrong, evening | {"staff": str(cy.pk)}).status_code == 409


def test_changes_are_taken_out_one_by_one_and_the_draft_laid_aside(desk, bo: Staff) -> None:
    desk.post(f"{DRAFT}shift/", shift(bo))
    desk.post(f"{DRAFT}shift/", shift(bo, "2026-12-03"))
    desk.post(f"{DRAFT}change/0/drop/")
    [left] = RotaDraft.objects.get().changes
    assert left["starts_at"].startswith("2026-12-03")
    assert desk.post(f"{DRAFT}change/7/drop/").status_code == 404
    assert "laid aside" in body(desk.post(f"{DRAFT}discard/", follow=True))
    assert desk.get(DRAFT).status_code == 302
    assert desk.post(f"{DRAFT}publish/").status_code == 404


def test_what_the_rota_made_impossible_is_marked_and_not_published(desk, bo: Staff) -> None:
    desk.post(f"{DRAFT}shift/", shift(bo))
    desk.post("/duty/rota/", shift(bo))
    assert "already has a shift" in body(desk.get(DRAFT))
    assert desk.post(f"{DRAFT}publish/").status_code == 409
    assert Shift.objects.count() == 1


def test_a_week_that_is_none_is_this_week(desk) -> None:
    for week in ("soon", "-1", "99999999999999999999", ""):
        assert desk.get(f"/duty/rota/?week={week}").status_code == 200


def test_who_may_draft(desk, bo: Staff, fairline: Organisation, now) -> None:
    desk.post(f"{DRAFT}shift/", shift(bo))
    desk.post(f"{DRAFT}publish/")
    back = f"{DRAFT}{RotaDraft.objects.get().pk}/take-back/"
    assert browser_of(bo).get(DRAFT).status_code == 403
    assert browser_of(bo).post(back).status_code == 403
    assert browser_of(bo).post(f"{DRAFT}shift/{uuid4()}/swap/").status_code == 403
    assert browser_of(bo).post(f"{DRAFT}turns/{uuid4()}/swap/").status_code == 403
    assert browser_of(of_another_house(now)).post(back).status_code == 404
    assert browser_of(at_another_site(fairline, now)).post(back).status_code == 403
    with clock.standing_at(now + timedelta(hours=2)):
        assert "too long ago" in body(desk.post(back, follow=True))
