"""Who is let in: strangers after signing in, and whoever is on duty at the site."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from makegood.people.duty import begin_duty, end_duty
from makegood.people.models import Organisation, Site, Staff
from makegood.sense.models import Touchpoint
from tests.doors.colleagues import SIGN_IN, at_another_site, browser_of
from tests.doors.guests import pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
SOME_ID = UUID(int=14)  # the same in every worker that collects these tests


@pytest.mark.parametrize(
    ("screen", "form"),
    [("pager", f"{SOME_ID}/going/"), ("duty", "test/"), ("cases", f"{SOME_ID}/close/")],
)
def test_a_strangers_form_leads_back_to_a_page_that_can_be_read(
    client: Any, bo: Staff, screen: str, form: str
) -> None:
    answer = client.post(f"/{screen}/{form}")
    assert answer["Location"] == f"{SIGN_IN}?next=/{screen}/"
    assert browser_of(bo).get(f"/{screen}/").status_code == 200


def test_who_is_on_duty_here_reads_the_cases_of_this_site(
    bo: Staff, fairline: Organisation, harbour: Site, table_14: Touchpoint, now: datetime
) -> None:
    begin_duty(staff=bo, site=harbour, felt_at=now, now=now)
    case = f"/cases/{triaged(pressed(table_14, now), now).pk}/"
    finn = at_another_site(fairline, now)
    desk = browser_of(finn)
    assert desk.get(case).status_code == 404
    begin_duty(staff=finn, site=harbour, felt_at=now, now=now)
    assert desk.get(case).status_code == 200
    end_duty(staff=finn, now=now)
    assert desk.get(case).status_code == 404


def test_a_browser_that_asks_for_an_icon_is_told_where_it_lies(client: Any) -> None:
    answer = client.get("/favicon.ico")
    assert answer["Location"] == "/static/favicon.svg"
    assert "max-age" in answer["Cache-Control"]
    icon = client.get(answer["Location"])
    icon.close()
    assert icon.status_code == 200
