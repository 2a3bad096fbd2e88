"""Teams and skills on the team screen, and in the policy that names them."""

import pytest

from makegood.people.models import Staff
from makegood.people.teaming import place
from makegood.recover import access
from makegood.recover.policy.starters import starters
from makegood.recover.versions import drafting
from tests.doors.colleagues import at_another_site, body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

NAMED = starters()["hotel"].text.replace(
    "    - {who: on_duty, wait: 40 seconds}",
    "    - {who: 'team:kitchen', wait: 30 seconds}\n    - {who: on_duty, wait: 40 seconds}",
    1,
)


def test_a_manager_says_of_which_team_somebody_is_and_what_they_can(bo: Staff, cy: Staff) -> None:
    said = {"team": "Kitchen", "skills": "German, wine"}
    page = body(browser_of(cy).post(f"/team/{bo.pk}/", said, follow=True))
    assert "Noted for Bo." in page
    assert "Kitchen: German, wine" in page


def test_a_host_reads_it_and_does_not_change_it(bo: Staff, mina: Staff, now) -> None:
    place(staff=bo, team="Kitchen", skills=[], now=now)
    desk = browser_of(mina)
    page = body(desk.get("/team/"))
    assert "Kitchen" in page
    assert "Team and skills" not in page
    assert desk.post(f"/team/{bo.pk}/", {"team": "Cellar"}).status_code == 403
    bo.refresh_from_db()
    assert bo.team
    assert bo.team.name == "Kitchen"


def test_nobody_elsewhere_is_reached(cy: Staff, fairline, now) -> None:
    desk = browser_of(cy)
    for stranger in (of_another_house(now), at_another_site(fairline, now)):
        assert desk.post(f"/team/{stranger.pk}/", {"team": "Kitchen"}).status_code == 404


def test_what_cannot_be_stays_written_beside_why(bo: Staff, cy: Staff) -> None:
    answer = browser_of(cy).post(f"/team/{bo.pk}/", {"team": "k" * 81, "skills": "German"})
    assert answer.status_code == 422
    assert "longer than we can keep" in body(answer)
    assert 'value="German"' in body(answer)


def test_reading_and_publishing_say_that_nobody_is_of_a_team(di: Staff, bo: Staff, now) -> None:
    desk = browser_of(di)
    draft = drafting.begin_draft(by=di, now=now, text=NAMED)
    assert access.open_draft(di) == draft
    for page in ("/policy/draft/", "/policy/draft/publish/"):
        assert "passed over there" in body(desk.get(page))
    place(staff=bo, team="Kitchen", skills=[], now=now)
    for page in ("/policy/draft/", "/policy/draft/publish/"):
        assert "passed over there" not in body(desk.get(page))


def test_the_chapter_of_ladders_offers_the_teams_and_skills_of_the_house(di, bo, now) -> None:
    place(staff=bo, team="Kitchen", skills=["German"], now=now)
    page = body(browser_of(di).get("/policy/draft/edit/ladders/"))
    assert 'value="team:Kitchen"' in page
    assert "who on duty has the skill German" in page
