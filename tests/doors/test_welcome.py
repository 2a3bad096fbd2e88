"""The first visit: the newcomer founds the house, and its trade brings its first policy."""

import pytest
from django.test import Client
from django.urls import reverse

from makegood.people.models import Organisation
from makegood.recover.models import PolicyVersion
from makegood.recover.policy.starters import starters
from tests.cast import PASSWORD
from tests.doors.colleagues import body

pytestmark = pytest.mark.django_db

HOUSE = {
    "house": "The Fairline", "site": "Harbour", "tables": "2", "others": "", "dwell_minutes": "20",
    "opens_at": "07:00", "closes_at": "23:00", "timezone": "Europe/Madrid", "currency": "EUR",
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
