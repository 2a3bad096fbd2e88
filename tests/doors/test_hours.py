"""Opening hours on a screen: everybody reads them, seniors change them, holidays included."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from makegood.people import opening
from makegood.people.models import Holiday, OpeningPeriod, Site, Staff
from makegood.people.rota import plan_shift
from tests.doors.colleagues import body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

WEEK = {
    "days_0": ["1", "2", "3"], "opens_0": "12:00", "closes_0": "15:00",
    "days_1": ["2", "3"], "opens_1": "19:00", "closes_1": "01:00",
    "opens_2": "", "closes_2": "",
}  # fmt: skip
CHRISTMAS = {"first": "2026-12-24", "name": "Christmas Eve", "opens": "09:00", "closes": "13:00"}


def test_a_senior_changes_the_week(cy: Staff, harbour: Site, now) -> None:
    desk = browser_of(cy)
    assert "No hours yet" in body(desk.get("/hours/"))
    said = body(desk.post("/hours/", WEEK, follow=True))
    assert "12:00 to 15:00, 19:00 to 01:00" in said
    assert said.count(">closed<") == 4
    assert OpeningPeriod.objects.filter(site=harbour).count() == 5
    assert not opening.is_open(harbour, now)


def test_what_is_shown_can_be_kept_as_it_is(cy: Staff) -> None:
    desk = browser_of(cy)
    desk.post("/hours/", WEEK)
    kept = set(OpeningPeriod.objects.values_list("weekday", "opens_at", "closes_at"))
    shown = desk.get("/hours/").context["lines"]
    form: dict[str, Any] = {}
    for line in shown:
        form |= {
            f"days_{line.number}": sorted(line.days),
            f"opens_{line.number}": line.opens,
            f"closes_{line.number}": line.closes,
        }
    desk.post("/hours/", form)
    assert set(OpeningPeriod.objects.values_list("weekday", "opens_at", "closes_at")) == kept


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"opens_1": "late"}, "opens_1"),
        ({"closes_0": ""}, "closes_0"),
        ({"days_0": ["Monday"]}, "days_0"),
        ({"days_0": [], "days_1": []}, "days_0"),
    ],
)
def test_a_week_that_cannot_be_is_refused_naming_the_field(cy: Staff, wrong, field) -> None:
    answer = browser_of(cy).post("/hours/", {**WEEK, **wrong})
    assert answer.status_code == 422
    assert answer.context["refusal"].field == field
    assert 'value="01:00"' in body(answer)  # nothing written is lost
    assert not OpeningPeriod.objects.exists()


def test_a_holiday_is_noted_and_taken_out(cy: Staff) -> None:
    desk = browser_of(cy)
    said = body(desk.post("/hours/holidays/", CHRISTMAS, follow=True))
    assert "Thursday 24 December 2026" in said
    assert "09:00 to 13:00" in said
    body(desk.post("/hours/holidays/", {"first": "2026-12-25", "last": "2026-12-26"}, follow=True))
    assert Holiday.objects.count() == 3
    eve = Holiday.objects.get(name="Christmas Eve")
    assert "like every week again" in body(
        desk.post(f"/hours/holidays/{eve.pk}/drop/", follow=True)
    )
    assert Holiday.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first": "soon"}, "first"),
        ({"first": "2026-11-20"}, "first"),
        ({"last": "2026-12-23"}, "last"),
        ({"opens": ""}, "opens"),
        ({"closes": "noon"}, "closes"),
        ({"opens_again": "12:00", "closes_again": "18:00"}, "spans"),
        ({"opens_again": "14:00"}, "closes_again"),
    ],
)
def test_a_holiday_that_cannot_be_is_refused_naming_the_field(cy: Staff, wrong, field) -> None:
    answer = browser_of(cy).post("/hours/holidays/", CHRISTMAS | wrong)
    assert answer.status_code == 422
    assert answer.context["holiday_refusal"].field == field
    assert not Holiday.objects.exists()


def test_who_may(bo: Staff, cy: Staff, harbour: Site, now, client) -> None:
    [eve] = opening.set_holidays(site=harbour, first=now.date(), now=now)
    phone = browser_of(bo)
    assert "Keep these hours" not in body(phone.get("/hours/"))
    assert phone.post("/hours/", WEEK).status_code == 403
    assert phone.post("/hours/holidays/", CHRISTMAS).status_code == 403
    assert phone.post(f"/hours/holidays/{eve.pk}/drop/").status_code == 403
    stranger = browser_of(of_another_house(now))
    assert stranger.post(f"/hours/holidays/{eve.pk}/drop/").status_code == 404
    assert browser_of(cy).post(f"/hours/holidays/{uuid4()}/drop/").status_code == 404
    assert client.get("/hours/").status_code == 302
    assert Holiday.objects.get() == eve


def test_the_hours_say_where_the_rota_leaves_them_open(cy: Staff, harbour: Site, now) -> None:
    desk = browser_of(cy)
    opening.keep_hours(site=harbour, opens_at=time(9), closes_at=time(17), now=now)
    assert "nobody is planned" not in body(desk.get("/hours/"))  # a house without a rota
    begins = now.replace(hour=8, minute=0, second=0) + timedelta(days=1)
    plan_shift(
        site=harbour, staff=cy, starts_at=begins, ends_at=begins + timedelta(hours=8), now=now
    )
    assert "27 stretches are open and nobody is planned" in body(desk.get("/hours/"))
