"""Nobody is on duty with a pager that was not felt, and nobody leaves guests alone unknowingly."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.html import escape

from makegood.ground import clock
from makegood.page.equipment.equipping import add_device
from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Device, SelfTest
from makegood.people import duty
from makegood.people.models import Organisation, Shift, Site, Staff
from makegood.people.opening import keep_hours
from tests.doors.colleagues import (
    at_another_site,
    body,
    browser_of,
    felt,
    of_another_house,
    rung,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def _ring(phone: Any) -> str:
    return str(phone.post("/duty/test/")["Location"])


def _with_mail(staff: Staff, now: datetime) -> Device:
    return add_device(
        staff=staff, channel="mail", name="My mail", address={"to": staff.email}, now=now
    )


def test_two_yeses_put_on_duty_and_lead_to_the_pager(bo: Staff, now: datetime) -> None:
    phone, mail = browser_of(bo), _with_mail(bo, now)
    test = _ring(phone)
    assert "feel this?" in body(phone.get(test))
    assert phone.post(test, {"felt": "yes"})["Location"] == "/duty/"
    assert duty.running_duty(bo) is None
    said = body(phone.get("/duty/"))
    assert "And one way more." in said
    assert "One way is enough" not in said
    other = str(phone.post("/duty/test/", {"device": mail.pk})["Location"])
    assert "We ring My mail." in body(phone.get(other))
    assert phone.post(other, {"felt": "yes"})["Location"] == "/pager/"
    running = duty.running_duty(bo)
    assert running is not None
    assert running.felt_at is not None
    assert phone.get("/duty/")["Location"] == "/pager/"


def test_only_a_senior_says_that_one_way_is_enough(bo: Staff, cy: Staff) -> None:
    assert browser_of(bo).post("/duty/one-way/").status_code == 403
    phone = browser_of(cy)
    assert phone.post("/duty/one-way/")["Location"] == "/duty/"
    assert duty.running_duty(cy) is None
    phone.post(_ring(phone), {"felt": "yes"})
    assert "One way is enough" in body(phone.get("/duty/"))
    assert phone.post("/duty/one-way/")["Location"] == "/pager/"
    assert duty.running_duty(cy)


def test_nobody_rings_the_device_of_another(bo: Staff, mina: Staff, now: datetime) -> None:
    mail = _with_mail(mina, now)
    phone = browser_of(bo)
    assert phone.post("/duty/test/", {"device": mail.pk}).status_code == 404
    assert phone.post("/duty/test/", {"device": "none"}).status_code == 422


def test_no_gives_hints_and_no_duty(bo: Staff, cy: Staff) -> None:
    phone = browser_of(bo)
    said = body(phone.post(_ring(phone), {"felt": "no"}, follow=True))
    assert "Is the sound on, and loud?" in said
    assert "Cy can put you on duty" in said
    assert duty.running_duty(bo) is None


def test_a_ring_of_long_ago_proves_nothing(bo: Staff, now: datetime) -> None:
    phone = browser_of(bo)
    test = _ring(phone)
    with clock.standing_at(now + timedelta(minutes=6)):
        said = body(phone.post(test, {"felt": "yes"}, follow=True))
    assert "That ring is too long ago. Please ring again." in said
    assert duty.running_duty(bo) is None


def test_only_yes_and_no_are_answers_and_only_to_ones_own_ring(bo: Staff, mina: Staff) -> None:
    phone = browser_of(bo)
    test = _ring(phone)
    assert phone.post(test, {"felt": "maybe"}).status_code == 422
    assert browser_of(mina).post(test, {"felt": "yes"}).status_code == 404
    assert phone.get(f"/duty/test/{uuid4()}/").status_code == 404
    assert phone.get("/duty/test/").status_code == 405
    assert duty.running_duty(bo) is None


def test_looking_at_the_screen_rings_nobody(bo: Staff) -> None:
    browser_of(bo).get("/duty/")
    assert not SelfTest.objects.exists()


def test_the_last_one_is_asked_once(bo: Staff, now: datetime) -> None:
    felt(bo, now)
    phone = browser_of(bo)
    said = body(phone.post("/duty/end/"))
    assert "You are the last one." in said
    assert duty.running_duty(bo) is not None
    phone.post("/duty/end/", {"sure": "1"})
    assert duty.running_duty(bo) is None


def test_whoever_is_going_to_somebody_is_asked_who_goes_instead(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now)
    page = going(page=rung(harbour, now, customer_name=""), staff=bo, now=now)
    phone = browser_of(bo)
    said = body(phone.get("/duty/end/"))
    assert "You are going to table 14." in said
    assert f"/pager/{page.pk}/hand-over/" in said
    assert "They are rung for table 14 at once." in body(phone.get("/duty/hand-over/"))
    assert "You are going to table 14." in body(phone.post("/duty/end/"))
    assert duty.running_duty(bo) is not None
    phone.post("/duty/end/", {"sure": "1"})
    assert "Table 14" in body(browser_of(mina).get("/pager/"))


def test_whoever_is_with_somebody_keeps_them(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    with_customer(page=rung(harbour, now), staff=bo, now=now)
    phone = browser_of(bo)
    said = body(phone.get("/duty/end/"))
    assert "You are with Ana." in said
    assert "It stays yours until you say what you gave." in said
    phone.post("/duty/end/", {"sure": "1"})
    assert "What will you give?" in body(phone.get("/pager/"))


def test_a_colleague_on_duty_takes_over(bo: Staff, mina: Staff, cy: Staff, now: datetime) -> None:
    felt(bo, now), felt(mina, now)
    phone = browser_of(bo)
    said = body(phone.get("/duty/hand-over/"))
    assert "Mina Park" in said
    assert "Cy Moreau" not in said
    refused = body(phone.post("/duty/hand-over/", {"to": str(cy.pk)}, follow=True))
    assert "Cy is not on duty here yet." in refused
    assert phone.post("/duty/hand-over/", {"to": "nobody"}).status_code == 422
    phone.post("/duty/hand-over/", {"to": str(mina.pk)})
    assert [one.first_name for one in duty.on_duty(mina.site)] == ["Mina"]


def test_a_senior_may_put_somebody_on_duty_with_a_reason(bo: Staff, cy: Staff) -> None:
    desk, form = browser_of(cy), {"staff": str(bo.pk)}
    assert desk.post("/duty/override/", form).status_code == 422
    assert browser_of(bo).post("/duty/override/", form | {"reason": "x"}).status_code == 403
    desk.post("/duty/override/", form | {"reason": "Bo’s phone is being charged"})
    running = duty.running_duty(bo)
    assert running is not None
    assert (running.felt_at, running.override_by_id) == (None, cy.pk)


def test_the_reason_stands_wherever_who_was_not_felt_is_shown(bo: Staff, cy: Staff) -> None:
    why = "<b>charging</b>"
    browser_of(cy).post("/duty/override/", {"staff": str(bo.pk), "reason": why})
    said = f"Cy: “{escape(why)}”"
    floor = body(browser_of(cy).get("/floor/"))
    assert said in floor
    assert "have felt" not in floor
    assert said in body(browser_of(bo).get("/duty/rota/"))
    assert said in body(browser_of(bo).get("/pager/"))
    assert said not in body(browser_of(cy).get("/duty/rota/?week=1"))
    duty.end_duty(staff=bo, now=clock.now())
    assert said not in body(browser_of(cy).get("/duty/rota/"))


def test_another_house_is_out_of_reach(bo: Staff, cy: Staff, now: datetime) -> None:
    stranger = browser_of(of_another_house(now))
    form = {"staff": str(bo.pk), "reason": "why not"}
    assert stranger.post("/duty/override/", form).status_code == 404
    assert duty.running_duty(bo) is None


def test_a_senior_plans_a_shift_past_midnight(bo: Staff, cy: Staff, harbour: Site) -> None:
    desk = browser_of(cy)
    form = {"staff": str(bo.pk), "on": "2026-11-22", "from": "17:00", "until": "01:00"}
    said = body(desk.post("/duty/rota/", form, follow=True))
    assert "Bo is planned." in said
    assert "17:00 to 01:00" in said
    shift = Shift.objects.get(site=harbour)
    assert shift.ends_at - shift.starts_at == timedelta(hours=8)
    again = desk.post("/duty/rota/", form)
    assert again.status_code == 409
    assert "Bo already has a shift at that time." in body(again)
    desk.post(f"/duty/rota/{shift.pk}/drop/")
    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"on": "tomorrow"}, {"from": "late"}, {"until": ""}, {"staff": "Bo"}]
)
def test_a_shift_that_cannot_be_is_refused(bo: Staff, cy: Staff, wrong: dict[str, str]) -> None:
    form = {"staff": str(bo.pk), "on": "2026-11-22", "from": "17:00", "until": "23:00"} | wrong
    assert browser_of(cy).post("/duty/rota/", form).status_code == 422
    assert not Shift.objects.exists()


def test_only_seniors_plan(bo: Staff, cy: Staff) -> None:
    phone = browser_of(bo)
    form = {"staff": str(cy.pk), "on": "2026-11-22", "from": "17:00", "until": "23:00"}
    assert phone.post("/duty/rota/", form).status_code == 403
    assert phone.post(f"/duty/rota/{uuid4()}/drop/").status_code == 403
    assert browser_of(cy).post(f"/duty/rota/{uuid4()}/drop/").status_code == 404
    assert "Plan it" not in body(phone.get("/duty/rota/"))


def test_gaps_against_the_opening_hours_are_said(
    bo: Staff, cy: Staff, harbour: Site, now: datetime
) -> None:
    seven, eleven = (clock.now().time().replace(hour=hour, minute=0, second=0) for hour in (7, 23))
    keep_hours(site=harbour, opens_at=seven, closes_at=eleven, now=now)
    desk = browser_of(cy)
    form = {"staff": str(bo.pk), "on": "2026-11-22", "from": "09:00", "until": "23:00"}
    said = body(desk.post("/duty/rota/", form, follow=True))
    assert "nobody 07:00 to 09:00" in said


def test_the_rota_asks_the_database_little(
    bo: Staff, fairline: Organisation, now: datetime, django_assert_max_num_queries: Any
) -> None:
    finn = browser_of(at_another_site(fairline, now))
    with django_assert_max_num_queries(19):
        assert finn.get("/duty/rota/").status_code == 200
