"""Lamps: their place and secret, and who is told when one is not heard any more."""

from datetime import timedelta

import pytest
from django.db import connection

from makegood.ground import links
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.sense import access, equipping, hearing_statement, minding
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lamp(harbour, now):
    return equipping.add_lamp(site=harbour, place="Kitchen pass", now=now)


def heard(lamp, at):
    with connection.cursor() as cursor:
        cursor.execute(
            hearing_statement.LAMPS, hearing_statement.parameters({lamp.pk: None}, now=at)
        )
    lamp.refresh_from_db()


def test_a_lamp_has_a_place_of_its_own(harbour, lamp, now):
    assert access.lamps_at(harbour) == [lamp]
    for nowhere in ("", "  ", "p" * 61):
        with pytest.raises(Invalid):
            equipping.add_lamp(site=harbour, place=nowhere, now=now)


def test_a_new_secret_ends_the_old_one(lamp, bo, now):
    old = access.lamp_secret(lamp)
    lamp = equipping.renew_lamp(lamp=lamp, now=now)
    assert access.lamp_secret(lamp) != old
    assert links.open_link(links.LAMP, access.lamp_secret(lamp)).version == lamp.link_version
    equipping.retire_lamp(lamp=lamp, now=now)
    equipping.retire_lamp(lamp=lamp, now=now)
    with pytest.raises(Refused):
        equipping.renew_lamp(lamp=lamp, now=now)
    with pytest.raises(NotFound):
        access.lamp_for(bo, lamp.pk)
    assert facts_about(lamp.pk) == ["sense.lamp_added", "sense.lamp_renewed", "sense.lamp_retired"]


def test_one_that_was_never_plugged_in_is_not_missed(lamp, now):
    treat_all_waiting(minding.LAMPS, now=now + timedelta(days=30))
    assert facts_about(lamp.pk) == ["sense.lamp_added"]


def test_one_that_is_lost_is_told_of_once_and_again_when_it_is_back(lamp, now):
    heard(lamp, now)
    for minutes in (14, 15, 60):
        treat_all_waiting(minding.LAMPS, now=now + minutes * MINUTE)
    lamp.refresh_from_db()
    assert lamp.ailment == "silent"
    heard(lamp, now + 61 * MINUTE)
    treat_all_waiting(minding.LAMPS, now=now + 61 * MINUTE)
    assert facts_about(lamp.pk)[1:] == ["sense.lamp_faltered", "sense.lamp_restored"]
