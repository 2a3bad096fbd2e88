"""The same contact point is the same customer, however many arrive at once."""

from datetime import timedelta
from functools import partial

import pytest

from makegood.ground.chronicle import CUSTOMER
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid
from makegood.people.consent import stop_messages
from makegood.people.contacts import EMAIL, PHONE, ROOM, Contact
from makegood.people.joining import create_organisation
from makegood.people.models import ContactPoint, Customer
from makegood.people.recognising import learn_name, recognise
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]

MAIL = Contact(EMAIL, "luis@guest.example")
MOBILE = Contact(PHONE, "600 000 000")
ROOM_221 = Contact(ROOM, "221")


@pytest.fixture
def meet(fairline, harbour, now):
    def meet(*contacts, name="", at=now):
        return recognise(
            organisation_id=fairline.pk,
            contacts=contacts,
            name=name,
            site=harbour,
            by=CUSTOMER,
            now=at,
        )

    return meet


def test_a_point_we_know_is_the_customer_we_know(meet, ana):
    again = meet(Contact(EMAIL, " ANA.Ruiz@guest.example"))
    assert again == ana
    told = Entry.objects.filter(about=ana.pk).order_by("pk").values_list("data", flat=True)
    assert [data["known_before"] for data in told] == [False, True]


def test_a_new_point_beside_a_known_one_is_learned(meet, ana):
    assert meet(Contact(EMAIL, "ana.ruiz@guest.example"), MOBILE) == ana
    assert meet(MOBILE) == ana


def test_nobody_is_met_without_a_name_or_a_point(meet):
    with pytest.raises(Invalid) as refused:
        meet(name="  ")
    assert refused.value.field == "contact"
    assert not Customer.objects.exists()


def test_a_fuller_name_is_learned_and_another_is_not(meet):
    luis = meet(MAIL, name="Luis")
    assert meet(MAIL, name="Luis Gil").name == "Luis Gil"
    assert meet(MAIL, name="Somebody Else").name == "Luis Gil"
    assert learn_name(customer=luis, name="L").name == "Luis Gil"


def test_two_points_of_two_customers_make_one_and_nothing_is_lost(meet, now):
    first = meet(MAIL, name="Luis")
    second = meet(MOBILE, name="Luis Gil", at=now + timedelta(days=1))
    stop_messages(customer=second, now=now + timedelta(days=2))

    kept = meet(MAIL, MOBILE, at=now + timedelta(days=3))

    kept.refresh_from_db()
    second.refresh_from_db()
    assert kept == first
    assert kept.name == "Luis Gil"
    assert kept.no_messages_at == now + timedelta(days=2)
    assert second.same_as == first
    assert set(first.contact_points.values_list("kind", flat=True)) == {EMAIL, PHONE}
    assert facts_about(first.pk) == [
        "people.customer_recognised",
        "people.customers_joined",
        "people.customer_recognised",
    ]


def test_a_joined_customer_never_points_to_one_that_points_on(meet, now):
    letter = meet(Contact(EMAIL, "gil@guest.example"), at=now)
    mail = meet(MAIL, at=now + timedelta(days=1))
    mobile = meet(MOBILE, at=now + timedelta(days=2))
    meet(MAIL, MOBILE, at=now + timedelta(days=3))
    meet(MAIL, Contact(EMAIL, "gil@guest.example"), at=now + timedelta(days=4))
    for younger in (mail, mobile):
        younger.refresh_from_db()
        assert younger.same_as == letter


def test_a_room_identifies_until_the_stay_ends(meet, now):
    guest = meet(ROOM_221)
    assert meet(ROOM_221, at=now + timedelta(hours=2)) == guest
    assert meet(ROOM_221, at=now + timedelta(days=2)) != guest


def test_a_stay_with_a_known_end_lasts_until_then(meet, now):
    guest = meet(Contact(ROOM, "221", valid_until=now + timedelta(days=5)))
    assert meet(ROOM_221, at=now + timedelta(days=4)) == guest
    assert meet(ROOM_221, at=now + timedelta(days=5)) != guest


def test_a_shared_room_does_not_make_two_guests_one(meet):
    ana = meet(Contact(EMAIL, "ana@guest.example"), ROOM_221, name="Ana Ruiz")
    luis = meet(MAIL, ROOM_221, name="Luis Gil")
    assert luis != ana
    assert meet(ROOM_221, name="luis gil") == luis
    assert meet(ROOM_221) == ana
    assert meet(ROOM_221, name="Eva") not in (ana, luis)


def test_another_house_has_its_own_customers(meet, ana, now):
    other = create_organisation(
        name="Elsewhere", site_name="Hill", timezone="Europe/London", currency="GBP",
        first_name="Al", last_name="", email="al@elsewhere.example",
        password="another quiet teapot", now=now,
    )  # fmt: skip
    theirs = recognise(
        organisation_id=other.pk,
        contacts=[Contact(EMAIL, "ana.ruiz@guest.example")],
        name="",
        by=CUSTOMER,
        now=now,
    )
    assert theirs != ana


@pytest.mark.django_db(transaction=True)
def test_many_at_once_meet_one_customer(meet, at_once):
    met = at_once(*[partial(meet, MAIL, ROOM_221, name="Luis")] * 6)
    assert len({customer.pk for customer in met}) == 1
    assert Customer.objects.count() == 1
    assert ContactPoint.objects.filter(kind=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_joining_at_once_from_both_sides_ends_in_one(meet, at_once, now):
    meet(MAIL)
    meet(MOBILE, at=now + timedelta(seconds=1))
    met = at_once(partial(meet, MAIL, MOBILE), partial(meet, MOBILE, MAIL), partial(meet, MOBILE))
    assert not [outcome for outcome in met if isinstance(outcome, Exception)]
    assert Customer.objects.filter(same_as=None).count() == 1
    assert ContactPoint.objects.values("customer").distinct().count() == 1
