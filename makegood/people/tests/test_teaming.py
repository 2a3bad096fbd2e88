"""Teams and skills: words of the house, by which a ladder may name its people."""

import pytest

from makegood.ground.refusals import Invalid
from makegood.people.joining import add_site
from makegood.people.models import Organisation, Site, Staff, Team
from makegood.people.teaming import groups_at, nobody_of, place
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


def test_the_first_of_a_team_begins_it_and_the_next_joins_it(bo: Staff, mina: Staff, now) -> None:
    place(staff=bo, team="Kitchen", skills=["German", " wine ", "german"], now=now)
    mina = place(staff=mina, team=" kitchen ", skills=[], now=now)
    assert mina.team == Team.objects.get()
    bo.refresh_from_db()
    assert (bo.team, bo.skills) == (mina.team, ["German", "wine"])


def test_the_same_again_tells_nothing_and_nothing_is_told_as_none(bo: Staff, now) -> None:
    for _ in range(2):
        place(staff=bo, team="Kitchen", skills=["German"], now=now)
    bo = place(staff=bo, team="", skills=[], now=now)
    assert (bo.team, bo.skills) == (None, [])
    assert facts_about(bo.pk)[1:] == ["people.staff_placed", "people.staff_placed"]


@pytest.mark.parametrize(
    ("team", "skills", "field"),
    [("k" * 81, [], "team"), ("", ["s" * 41], "skills"), ("", list("abcdefghijklm"), "skills")],
)
def test_what_no_screen_could_show_is_refused(bo: Staff, now, team, skills, field) -> None:
    with pytest.raises(Invalid) as refused:
        place(staff=bo, team=team, skills=skills, now=now)
    assert refused.value.field == field


def test_a_house_knows_at_which_of_its_sites_nobody_is_of_a_group(
    fairline: Organisation, harbour: Site, bo: Staff, mina: Staff, now
) -> None:
    quay = add_site(organisation=fairline, name="Quay", timezone="Europe/Madrid", now=now)
    place(staff=bo, team="Kitchen", skills=["German"], now=now)
    place(staff=mina, team="", skills=["german"], now=now)
    groups = groups_at(fairline.pk)
    assert [group.who for group in groups[harbour]] == ["team:Kitchen", "skill:German"]
    assert nobody_of("team:kitchen", groups) == [quay]
    assert nobody_of("skill:french", groups) == [harbour, quay]
