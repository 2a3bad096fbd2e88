"""The first visit: the newcomer founds the house, and its trade brings its first policy."""

import pytest
from django.test import Client
from django.urls import reverse

from makegood.people.models import OpeningPeriod, Organisation
from makegood.recover.models import PolicyVersion
from makegood.recover.policy.starters import starters
from tests.cast import PASSWORD
from tests.doors.colleagues import body

pytestmark = pytest.mark.django_db

HOUSE = {
    "house": "The Fairline", "site": "Harbour", "tables": "2", "others": "", "dwell_minutes": "20",
    "days_0": list("0123456"), "opens_0": "07:00", "closes_0": "23:00",
    "timezone": "Europe/Madrid", "currency": "EUR",
    "first_name": "Di", "last_name": "Okoro", "email": "di@fairline.example", "password": PASSWORD,
}  # fmt: skip


def test_every_starter_is_offered_with_its_sentence(client: Client) -> None:
    page = body(client.get(reverse("welcome")))
    for starter in starters().values():
        assert starter.title in page
        assert f'value="{starter.name}" required' in page
    assert 'value="hotel" required checked' in page


@pytest.mark.parametrize(("trade", "begun_with"), [("shop", "shop"), ("clinic", "clinic"),
                                                   ("", "hotel"), ("hotel", "hotel")])  # fmt: skip
def test_the_house_begins_with_the_policy_of_its_trade(client, trade, begun_with):
    answer = client.post(reverse("welcome"), {**HOUSE, "trade": trade})
    assert answer.headers["Location"] == reverse("welcome_card")
    [version] = PolicyVersion.objects.all()
    assert version.document == starters()[begun_with].text
    assert (version.number, version.published_by) == (1, None)


def test_a_trade_that_is_none_is_refused_and_nothing_is_founded(client):
    answer = client.post(reverse("welcome"), {**HOUSE, "trade": "circus"})
    assert answer.status_code == 422
    assert 'value="The Fairline"' in body(answer)
    assert not Organisation.objects.exists()


def test_the_week_is_given_with_closed_days_and_several_periods(client):
    dinner = {"days_1": ["4", "5"], "opens_1": "19:00", "closes_1": "01:00", "opens_2": ""}
    lunch = {"days_0": list("2345"), "opens_0": "12:00", "closes_0": "16:00"}
    assert client.post(reverse("welcome"), {**HOUSE, **lunch, **dinner}).status_code == 302
    kept = OpeningPeriod.objects.values_list("weekday", "opens_at__hour", "closes_at__hour")
    assert sorted(kept) == [
        (2, 12, 16),
        (3, 12, 16),
        (4, 12, 16),
        (4, 19, 1),
        (5, 12, 16),
        (5, 19, 1),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"opens_0": "early"}, "opens_0"), ({"closes_0": ""}, "closes_0"),
     ({"days_0": ["7"]}, "days_0"), ({"days_0": []}, "days_0")],
)  # fmt: skip
def test_hours_that_cannot_be_are_marked_and_nothing_is_lost(client, wrong, field):
    answer = client.post(reverse("welcome"), {**HOUSE, **wrong})
    assert answer.status_code == 422
    marked = body(answer).split("is-wrong")[1]
    assert f'name="{field}"' in marked[:900]
    assert 'value="The Fairline"' in body(answer)
    assert not Organisation.objects.exists()
