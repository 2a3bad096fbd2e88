"""Hardware at a place: its secret, how it is heard, and who is told when it falters."""

from datetime import timedelta

import pytest
from django.db import connection

from makegood.ground import links
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.ground.waiting import treat_all_waiting
from makegood.people.models import Organisation, Site, Staff
from makegood.sense import access, equipping, hearing_statement, minding
from makegood.sense.models import Button
from makegood.sense.placing import retire_touchpoint
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]

HOUR = timedelta(hours=1)


@pytest.fixture
def button(table_14, now):
    return equipping.add_button(touchpoint=table_14, kind="makegood", now=now)


def heard(button, at, battery=None):
    said = hearing_statement.parameters({button.pk: battery}, now=at)
    with connection.cursor() as cursor:
        cursor.execute(hearing_statement.BUTTONS, said)
    button.refresh_from_db()


def look(at):
    treat_all_waiting(minding.BUTTONS, now=at)


def news_of(button):
    return facts_about(button.pk)[1:]


def test_a_button_belongs_to_a_place_in_use(table_14, now):
    with pytest.raises(Invalid):
        equipping.add_button(touchpoint=table_14, kind="doorbell", now=now)
    retire_touchpoint(touchpoint=table_14, now=now)
    with pytest.raises(Refused):
        equipping.add_button(touchpoint=table_14, kind="shelly", now=now)


def test_a_new_secret_ends_the_old_one(button, now):
    old = access.button_secret(button)
    new = access.button_secret(equipping.renew_button(button=button, now=now))
    assert old != new
    assert links.open_link(links.BUTTON, new).version == button.link_version + 1
    equipping.retire_button(button=button, now=now)
    equipping.retire_button(button=button, now=now)
    with pytest.raises(Refused):
        equipping.renew_button(button=button, now=now)
    assert news_of(button) == ["sense.button_renewed", "sense.button_retired"]


def test_its_place_takes_it_along(button, table_14, harbour, now):
    assert access.buttons_at(harbour) == [button]
    retire_touchpoint(touchpoint=table_14, now=now)
    assert access.buttons_at(harbour) == []
    look(now + 100 * HOUR)
    assert news_of(button) == ["sense.button_retired"]


def test_colleagues_of_another_house_do_not_find_it(button, bo, now):
    elsewhere = Organisation.objects.create(name="Elsewhere", created_at=now)
    site = Site.objects.create(organisation=elsewhere, name="Hill")
    stranger = Staff.objects.create(organisation=elsewhere, site=site, email="x@y.example")
    assert access.button_for(bo, button.pk) == button
    with pytest.raises(NotFound):
        access.button_for(stranger, button.pk)


def test_who_reports_is_well(button, now):
    for hour in range(1, 9, 2):
        heard(button, now + hour * HOUR, battery=80)
        look(now + hour * HOUR)
    assert (button.heard_at, button.battery) == (now + 7 * HOUR, 80)
    assert news_of(button) == []


def test_silence_is_told_once_and_so_is_its_end(button, now):
    heard(button, now + HOUR)
    look(now + 4 * HOUR - timedelta(seconds=1))
    assert news_of(button) == []
    look(now + 4 * HOUR)
    look(now + 40 * HOUR)
    assert news_of(button) == ["sense.button_faltered"]
    heard(button, now + 41 * HOUR)
    look(now + 41 * HOUR)
    look(now + 42 * HOUR)
    assert news_of(button) == ["sense.button_faltered", "sense.button_restored"]
    assert minding.BUTTONS.next_due
    assert minding.BUTTONS.next_due(now) == now + 44 * HOUR


def test_a_button_that_was_never_heard_is_silent_too(button, now):
    look(now + 3 * HOUR)
    assert news_of(button) == ["sense.button_faltered"]


def test_a_low_battery_is_told_once(button, now):
    for hour in (1, 2):
        heard(button, now + hour * HOUR, battery=12)
        look(now + hour * HOUR)
    assert news_of(button) == ["sense.button_faltered"]
    heard(button, now + 3 * HOUR)  # says nothing of its battery
    look(now + 3 * HOUR)
    button.refresh_from_db()
    assert button.ailment == Button.Ailment.BATTERY
    heard(button, now + 4 * HOUR, battery=100)
    look(now + 4 * HOUR)
    assert news_of(button) == ["sense.button_faltered", "sense.button_restored"]


def test_who_never_reports_by_itself_is_not_expected_to(table_14, now):
    flic = equipping.add_button(touchpoint=table_14, kind="flic", now=now)
    look(now + 1000 * HOUR)
    assert news_of(flic) == []
    heard(flic, now + 1001 * HOUR, battery=5)
    look(now + 1001 * HOUR)
    assert news_of(flic) == ["sense.button_faltered"]
