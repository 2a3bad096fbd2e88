"""On a rung where every hand counts: what each pager and the floor show, and what may be said."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from makegood.page.equipment.equipping import add_device
from makegood.page.hands import answering
from makegood.page.hands.pager_statements import WAITING
from makegood.page.models import Page
from makegood.people.models import Site, Staff
from tests.doors.colleagues import body, browser_of, felt, of_another_house, rung

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

EVERY = [{"who": "on_duty", "wait_seconds": 45, "hands": "every"}]


@pytest.fixture
def page(harbour: Site, bo: Staff, mina: Staff, now: datetime) -> Page:
    for one in (bo, mina):
        felt(one, now)
    return rung(harbour, now, ladder=EVERY)


def test_one_goes_and_the_other_is_asked_to_say_that_they_know(page, bo, mina, cy) -> None:
    bos, minas = browser_of(bo), browser_of(mina)
    assert "one goes, each says so" in body(minas.get("/pager/"))
    going = body(bos.post(f"/pager/{page.pk}/going/", follow=True))
    assert "Mina has not said yet that they know." in going
    asked = body(minas.get("/pager/"))
    assert "Bo is going." in asked
    assert f'data-ringing="{page.pk}"' in asked
    assert "not heard yet by Mina" in body(browser_of(cy).get("/floor/"))
    quiet = body(minas.post(f"/pager/{page.pk}/know/", follow=True))
    assert f'data-ringing="{page.pk}"' not in quiet
    assert "not said yet" not in body(bos.get("/pager/"))


def test_nobody_from_another_house_knows_anything(page, bo, now) -> None:
    answering.going(page=page, staff=bo, now=now)
    assert browser_of(of_another_house(now)).post(f"/pager/{page.pk}/know/").status_code == 404
    assert browser_of(bo).get(f"/pager/{page.pk}/know/").status_code == 405


def test_who_comes_too_late_to_know_is_told_kindly(page, bo, mina, now) -> None:
    answering.with_customer(page=page, staff=bo, now=now)
    answering.finish(page=page, staff=bo, now=now)
    said = body(browser_of(mina).post(f"/pager/{page.pk}/know/", follow=True))
    assert "Nobody needs to go" in said


def test_a_wrist_that_lost_its_line_is_rung_again_until_it_says_so(harbour, bo, mina, now) -> None:
    wrist = add_device(staff=mina, channel="wrist", name="Wrist", address={}, now=now)
    for one in (bo, mina):
        felt(one, now)
    page = rung(harbour, now, ladder=EVERY)

    def told() -> int:
        with connection.cursor() as cursor:
            cursor.execute(WAITING, {"device": wrist.pk})
            return len(cursor.fetchall())

    answering.going(page=page, staff=bo, now=now + timedelta(seconds=1))
    assert told() == 1
    answering.cant(page=page, staff=mina, now=now + timedelta(seconds=2), device=wrist)
    assert told() == 0
