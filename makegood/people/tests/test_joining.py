"""Founding a house, and joining it."""

from datetime import time

import pytest

from makegood.ground import links, tenancy
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.people import access
from makegood.people.hours import Period
from makegood.people.joining import add_site, add_staff, add_team, create_organisation
from makegood.people.models import OpeningPeriod, Organisation, Role, Site
from makegood.people.opening import is_open, keep_hours, next_opening, set_opening_hours
from tests.cast import PASSWORD, facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def found(db, now):
    def found(**changes):
        given = {
            "name": "The Fairline Hotel", "site_name": "Harbour", "timezone": "Europe/Madrid",
            "currency": "eur", "first_name": "Di", "last_name": "Okoro",
            "email": "Di@Fairline.example", "password": PASSWORD, "now": now,
        }  # fmt: skip
        return create_organisation(**given | changes)

    return found


def test_a_house_is_founded_by_its_owner(found):
    with tenancy.scope(new_id()):  # a stranger on the first visit sees no organisation's rows
        assert not access.any_organisation()
        fairline = found()
    owner = access.owner_of(fairline)
    assert owner.check_password(PASSWORD)
    assert owner.email == "di@fairline.example"
    assert owner.is_senior
    assert owner.site == access.first_site(fairline)
    assert (fairline.currency, fairline.case_prefix) == ("EUR", "HA")
    assert facts_about(fairline.pk) == ["people.organisation_founded"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"site_name": ""}, "site_name"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"currency": "XXQ"}, "currency"),
        ({"first_name": ""}, "first_name"),
        ({"email": "di"}, "email"),
        ({"password": "short"}, "password"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_leaves_nothing(found, changes, field):
    with pytest.raises(Invalid) as refused:
        found(**changes)
    assert refused.value.field == field
    assert not Organisation.objects.exists()
    assert not Site.objects.exists()


def test_an_address_signs_in_one_person(di, harbour, now):
    with pytest.raises(Refused) as refused:
        add_staff(
            site=harbour, first_name="Di", last_name="", email="DI@fairline.example",
            role=Role.HOST, title="", now=now,
        )  # fmt: skip
    assert (refused.value.code, refused.value.field) == ("email_taken", "email")


def test_staff_join_with_and_without_a_password(harbour, bo, di, now):
    team = add_team(site=harbour, name="Dining")
    ines = add_staff(
        site=harbour, first_name="Ines", last_name="Sol", email="ines@fairline.example",
        role="host", title="Head cook", team=team, phone="600 000 000", by=di, now=now,
    )  # fmt: skip
    assert bo.check_password(PASSWORD)
    assert not ines.has_usable_password()
    assert ines.phone == "+34600000000"
    assert facts_about(ines.pk) == ["people.staff_joined"]


def test_an_unknown_role_is_refused(harbour, now):
    with pytest.raises(Invalid) as refused:
        add_staff(
            site=harbour, first_name="Al", last_name="", email="al@fairline.example",
            role="emperor", title="", now=now,
        )  # fmt: skip
    assert refused.value.field == "role"


def test_reach_ends_at_the_own_site_for_all_but_owners(fairline, harbour, bo, cy, di, now):
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=now)
    assert access.sites_for(di) == [harbour, hill]
    assert access.site_for(di, hill.pk) == hill
    for colleague in (bo, cy):
        assert access.sites_for(colleague) == [harbour]
        with pytest.raises(NotFound):
            access.site_for(colleague, hill.pk)


def test_a_stream_link_ends_when_its_version_is_raised(bo):
    token = links.stream("staff", bo.pk, bo.link_version).rpartition("/")[2]
    assert access.staff_by_stream(token) == bo
    bo.link_version += 1
    bo.save()
    with pytest.raises(NotFound):
        access.staff_by_stream(token)


def test_hours_are_kept_at_the_site(harbour, now):
    assert is_open(harbour, now)  # never said otherwise
    keep_hours(site=harbour, opens_at=time(7), closes_at=time(20), now=now)
    assert OpeningPeriod.objects.count() == 7
    assert not is_open(harbour, now)  # 20:12
    assert next_opening(harbour, now).isoformat() == "2026-11-22T07:00:00+01:00"
    set_opening_hours(site=harbour, periods=[Period(5, time(19), time(1))], now=now)
    assert is_open(harbour, now)
    with pytest.raises(Invalid):
        set_opening_hours(site=harbour, periods=[Period(7, time(19), time(1))], now=now)
