"""Touchpoints and their secret links."""

import pytest

from makegood.ground import links, tenancy
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.people.joining import add_site
from makegood.sense import access
from makegood.sense.inviting import invite
from makegood.sense.placing import place_touchpoint, renew_link, retire_touchpoint
from makegood.sense.pressing import receive_press
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


def token_of(path):
    return path.rpartition("/")[2]


def test_a_place_has_one_button(table_14, harbour, fairline, now):
    with pytest.raises(Refused) as refused:
        place_touchpoint(site=harbour, place=" Table  14 ", now=now)
    assert (refused.value.code, refused.value.field) == ("place_taken", "place")
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=now)
    place_touchpoint(site=hill, place="Table 14", now=now)
    retire_touchpoint(touchpoint=table_14, now=now)
    place_touchpoint(site=harbour, place="Table 14", now=now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": " "}, "place"),
        ({"place": "x" * 61}, "place"),
        ({"dwell_minutes": 0}, "dwell_minutes"),
    ],
)
def test_what_cannot_be_is_refused_by_field(harbour, now, changes, field):
    with pytest.raises(Invalid) as refused:
        place_touchpoint(**{"site": harbour, "place": "Bar", "now": now} | changes)
    assert refused.value.field == field


def test_a_button_link_leads_to_its_button_from_anywhere(table_14):
    with tenancy.scope(new_id()):
        found = access.touchpoint_by_token(token_of(access.button_path(table_14)))
        assert found == table_14
        assert found.site.name == "Harbour"


def test_a_renewed_link_ends_the_printed_ones(table_14, now, di):
    old = token_of(access.button_path(table_14))
    renewed = renew_link(touchpoint=table_14, now=now, by=di)
    with pytest.raises(NotFound):
        access.touchpoint_by_token(old)
    assert access.touchpoint_by_token(token_of(access.button_path(renewed))) == table_14
    assert facts_about(table_14.pk) == ["sense.touchpoint_placed", "sense.link_renewed"]


def test_a_retired_button_leads_nowhere(table_14, now):
    retire_touchpoint(touchpoint=table_14, now=now)
    retired = retire_touchpoint(touchpoint=table_14, now=now)
    with pytest.raises(NotFound):
        access.touchpoint_by_token(token_of(access.button_path(table_14)))
    with pytest.raises(Refused):
        renew_link(touchpoint=retired, now=now)
    assert facts_about(table_14.pk) == ["sense.touchpoint_placed", "sense.touchpoint_retired"]


def test_each_link_opens_its_own_door_only(table_14, ana, harbour, now):
    signal = receive_press(touchpoint=table_14, key="key-0001", now=now)
    invitation = invite(customer=ana, site=harbour, occasion="dinner", now=now)
    press, rating = access.press_path(signal.pk), access.rating_path(invitation)
    assert access.signal_by_token(token_of(press)) == signal
    assert access.invitation_by_token(token_of(rating)) == invitation
    for open_door, path in ((access.signal_by_token, rating), (access.invitation_by_token, press)):
        with pytest.raises(NotFound):
            open_door(token_of(path))
    with pytest.raises(NotFound):
        access.signal_by_token(links.close(links.PRESS, new_id()))


def test_staff_reach_the_buttons_of_their_sites(table_14, harbour, fairline, bo, di, now):
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=now)
    there = place_touchpoint(site=hill, place="Terrace", now=now)
    assert access.touchpoints_at(harbour) == [table_14]
    assert access.touchpoint_for(di, there.pk) == there
    with pytest.raises(NotFound):
        access.touchpoint_for(bo, there.pk)
