"""Whose case it is: a second way to reach somebody is added to them, a neighbour takes nothing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from makegood.ground import chronicle
from makegood.page.hands.answering import customer_left, going, with_customer
from makegood.people.consent import stop_messages
from makegood.people.contacts import EMAIL, LOYALTY, PHONE, Contact
from makegood.people.models import ContactPoint, Customer
from makegood.people.recognising import recognise
from makegood.recover.access import case_of_signal
from makegood.recover.models import Callback
from makegood.recover.steps.asking import address_of, promise_path
from makegood.sense.adding import leave_contact
from makegood.sense.models import Remark
from makegood.sense.placing import place_touchpoint
from makegood.words.models import Letter
from tests.doors.colleagues import body, browser_of
from tests.doors.guests import on_duty, page_of, press_link, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock", "cy")]

ANA_PHONE, ANA_MAIL = "+34612407118", "ana@guest.example"
PROMISES = re.compile(r'href="(/m/[^"]+)"')


@pytest.fixture
def here(press):
    return press_link(press)


@pytest.fixture
def case(bo, press, now):
    on_duty(bo, now - timedelta(hours=1))
    found = triaged(press, now)
    with_customer(page=going(page=page_of(found), staff=bo, now=now), staff=bo, now=now)
    return found


@pytest.fixture
def regular(fairline, harbour, now):
    """Ana, whom we know by her phone and her loyalty number, never by an address."""
    return recognise(
        organisation_id=fairline.pk, site=harbour, by=chronicle.CUSTOMER, name="Ana Ruiz",
        contacts=[Contact(PHONE, ANA_PHONE), Contact(LOYALTY, "L77")],
        now=now - timedelta(days=90),
    )  # fmt: skip


@pytest.fixture
def hers(case, press, regular, now):
    leave_contact(signal=press, contact=ANA_PHONE, now=now)
    return whose(press)


@pytest.fixture
def neighbour(table_14, case, now):
    """Carl sits at the same table, and pressed on his own phone."""
    signal = pressed(table_14, now + timedelta(seconds=5), key="another-phone-2")
    assert triaged(signal, now + timedelta(seconds=5)) == case
    return press_link(signal)


def whose(signal):
    found = case_of_signal(signal)
    assert found
    return found


def promises(answer):
    link = PROMISES.search(answer.text)
    return link[1] if link else ""


def reached(customer):
    points = customer.contact_points.filter(valid_until=None)
    return sorted(points.values_list("kind", "value"))


ALL_OF_ANA = [(EMAIL, ANA_MAIL), (LOYALTY, "L77"), (PHONE, ANA_PHONE)]


def noted(colleague, case, **form):
    return browser_of(colleague).post(f"/cases/{case.pk}/customer/", form)


class TestAColleagueAddsAWay:
    def test_it_is_added_to_the_customer_of_the_case(self, hers, press, bo, regular):
        assert noted(bo, hers, contact=ANA_MAIL, name="").status_code == 302
        assert whose(press).customer == regular
        assert reached(regular) == ALL_OF_ANA

    def test_so_is_the_address_a_letter_is_first_sent_to(self, hers, press, bo, regular):
        form = {"subject": "s", "body": "Dear Ana", "to": ANA_MAIL, "do": "keep", "seen": ""}
        browser_of(bo).post(f"/cases/{hers.pk}/letter/", form | {"key": uuid4().hex})
        assert whose(press).customer == regular
        assert reached(regular) == ALL_OF_ANA

    def test_who_asked_for_no_more_messages_has_still_asked(self, hers, press, bo, regular, now):
        stop_messages(customer=regular, now=now)
        noted(bo, hers, contact=ANA_MAIL, name="")
        assert whose(press).customer.no_messages_at == now

    def test_an_address_we_knew_joins_the_two(self, hers, press, bo, regular, fairline, now):
        later = recognise(
            organisation_id=fairline.pk, contacts=[Contact(EMAIL, ANA_MAIL)], name="Ana",
            by=chronicle.CUSTOMER, now=now - timedelta(days=9),
        )  # fmt: skip
        noted(bo, hers, contact=ANA_MAIL, name="")
        later.refresh_from_db()
        assert (whose(press).customer, later.same_as) == (regular, regular)

    def test_an_address_of_somebody_else_joins_nobody(self, hers, press, bo, regular, luis):
        answer = noted(bo, hers, contact="luis@guest.example", name="")
        assert answer.status_code == 422
        assert "belongs to Luis Gil, whom we know" in body(answer)
        assert whose(press).customer == regular
        assert Customer.objects.filter(same_as__isnull=False).count() == 0

    def test_unless_it_is_said_to_be_somebody_else(self, hers, press, bo, regular, luis, guest):
        before = promise_path(hers)
        noted(bo, hers, contact="luis@guest.example", name="", somebody_else="1")
        now_theirs = whose(press)
        assert now_theirs.customer == luis
        assert reached(regular) == [(LOYALTY, "L77"), (PHONE, ANA_PHONE)]
        assert guest.get(before).status_code == 404  # Ana's link is not Luis's

    def test_somebody_new_needs_a_way_to_be_reached(self, hers, press, bo, regular):
        answer = noted(bo, hers, contact="", name="Eva", somebody_else="1")
        assert answer.status_code == 422
        assert whose(press).customer == regular


@pytest.fixture
def luis(fairline, now):
    return recognise(
        organisation_id=fairline.pk, contacts=[Contact(EMAIL, "luis@guest.example")],
        name="Luis Gil", by=chronicle.CUSTOMER, now=now - timedelta(days=9),
    )  # fmt: skip


class TestTheGuestSaysMore:
    def test_a_number_and_then_an_address(self, guest, here, hers, press, regular):
        said = guest.get(here).text
        assert "We can call you." in said
        assert "And where shall we write to you?" in said
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        assert whose(press).customer == regular
        assert reached(regular) == ALL_OF_ANA
        assert "We know where to reach you." in guest.get(here).text

    def test_a_mistyped_address_is_put_right(self, guest, here, case, press, now):
        guest.post(f"{here}/contact", "contact=ana%40guest.exampel")
        assert "Another address" in guest.get(here).text
        guest.later(minutes=1).post(f"{here}/contact", "contact=ana%40guest.example")
        assert reached(whose(press).customer) == [(EMAIL, ANA_MAIL)]
        assert address_of(whose(press), now + timedelta(minutes=2)) == ANA_MAIL

    def test_a_mistyped_one_that_is_none_comes_back_open(self, guest, here, case):
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        answer = guest.post(f"{here}/contact", "contact=ana%40")
        assert answer.status_code == 422
        assert 'class="again" open' in answer.text

    def test_nobody_redirects_the_letters_of_somebody_we_knew(
        self, guest, here, case, press, luis, now
    ):
        """Who knows the address of Luis and types it may not add their own to it."""
        guest.post(f"{here}/contact", "contact=luis%40guest.example")
        guest.post(f"{here}/contact", "contact=stranger%40guest.example")
        assert whose(press).customer == luis
        assert address_of(whose(press), now) == "luis@guest.example"
        assert Remark.objects.get().words == "I can also be reached at stranger@guest.example."
        assert not ContactPoint.objects.filter(value="stranger@guest.example").exists()

    def test_nor_those_of_somebody_we_met_tonight(self, guest, here, case, harbour, now):
        elsewhere = place_touchpoint(site=harbour, place="Table 22", now=now)
        hers = pressed(elsewhere, now, key="bea-phone-0001")
        bea = leave_contact(signal=hers, contact="bea@guest.example", now=now)
        guest.post(f"{here}/contact", "contact=bea%40guest.example")
        guest.post(f"{here}/contact", "contact=stranger%40guest.example")
        assert reached(bea) == [(EMAIL, "bea@guest.example")]

    def test_nor_two_people_we_knew_become_one(self, guest, here, hers, press, ana, regular):
        guest.post(f"{here}/contact", "contact=ana.ruiz%40guest.example")
        assert whose(press).customer == regular
        assert not Customer.objects.filter(same_as__isnull=False).exists()


class TestATableOfTwo:
    def test_the_link_of_both_is_of_one_from_when_we_know_whose_case_it_is(
        self, guest, here, case, neighbour
    ):
        old = promises(guest.get(neighbour))
        assert guest.get(old).status_code == 200
        guest.post(f"{here}/remark", "words=Cold.&name=Ana")
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        assert guest.get(old).status_code == 404
        assert not promises(guest.get(neighbour))
        hers = promises(guest.get(here))
        assert "Ana" in guest.get(hers).text

    def test_who_sat_alone_keeps_the_link_they_saved(self, guest, here, case):
        old = promises(guest.get(here))
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        assert promises(guest.get(here)) == old
        assert guest.get(old).status_code == 200

    def test_a_neighbour_does_not_take_the_case_over(self, guest, here, case, neighbour, press, bo):
        guest.post(f"{here}/remark", "words=Cold.&name=Ana")
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        guest.post(f"{neighbour}/remark", "words=Salt&name=Carl")
        guest.post(f"{neighbour}/contact", "contact=carl%40guest.example")
        guest.post(f"{neighbour}/remark", "words=Still+salt&name=Carl")
        assert reached(whose(press).customer) == [(EMAIL, ANA_MAIL)]
        assert page_of(case).customer_name == "Ana"
        assert "See what we promised you" in guest.get(here).text
        assert "See what we promised you" not in guest.get(neighbour).text
        assert "pressed here too" in body(browser_of(bo).get(f"/cases/{case.pk}/"))

    def test_nor_are_their_words_put_into_the_mouth_of_another(
        self, guest, here, case, neighbour, bo
    ):
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        guest.post(f"{neighbour}/remark", "words=Salt+in+the+tea.&name=Carl")
        begun = body(browser_of(bo).get(f"/cases/{case.pk}/"))
        assert "You told us: “Salt in the tea.”" in begun  # it may be Ana, on another phone
        guest.post(f"{neighbour}/contact", "contact=carl%40guest.example")
        begun = body(browser_of(bo).get(f"/cases/{case.pk}/"))
        assert "You told us: “Salt in the tea.”" not in begun

    def test_nor_when_the_first_takes_their_press_back(self, guest, here, table_14, bo, now):
        on_duty(bo, now - timedelta(hours=1))
        first = pressed(table_14, now)
        case = triaged(first, now)
        other = pressed(table_14, now + timedelta(seconds=5), key="another-phone-2")
        triaged(other, now + timedelta(seconds=5))
        guest.post(f"{press_link(first)}/contact", "contact=ana%40guest.example")
        guest.post(f"{press_link(first)}/cancel")
        customer_left(
            page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now
        )  # the only press that stands is Carl's
        assert not promises(guest.get(press_link(other)))


class TestANumberForOneCall:
    def test_it_is_kept_for_the_call_and_for_nothing_else(self, guest, press, bo, now, here):
        case = triaged(press, now)
        guest.post(f"{here}/callback", "when=20261121T1930Z&phone=%2B34+612+40+71+18")
        assert Callback.objects.get().phone == ANA_PHONE
        assert whose(press).customer is None
        assert not ContactPoint.objects.exists()
        assert ANA_PHONE in body(browser_of(bo).get(f"/cases/{case.pk}/"))
        form = {"words": "We spoke.", "outcome": "reached"}
        browser_of(bo).post(f"/cases/{case.pk}/called/", form)
        assert Callback.objects.get().phone == ""
        assert ANA_PHONE not in body(browser_of(bo).get(f"/cases/{case.pk}/")).split("story")[0]

    def test_an_address_can_still_be_left(self, guest, here, case, press, now):
        guest.post(f"{here}/callback", "when=20261121T1930Z&phone=%2B34612407118")
        assert 'name="contact"' in guest.get(here).text
        guest.post(f"{here}/contact", "contact=ana%40guest.example")
        assert address_of(whose(press), now) == ANA_MAIL


def test_a_draft_begun_before_we_knew_whose_case_it_is_leads_to_their_page(
    case, neighbour, press, bo
):
    form = {"subject": "s", "body": "Dear guest", "do": "keep", "seen": "", "key": uuid4().hex}
    browser_of(bo).post(f"/cases/{case.pk}/letter/", form | {"to": ""})
    drafted = Letter.objects.get()
    form |= {"seen": drafted.drafted_at.isoformat(), "key": uuid4().hex}
    browser_of(bo).post(f"/cases/{case.pk}/letter/", form | {"to": ANA_MAIL})
    drafted.refresh_from_db()
    assert drafted.link == promise_path(whose(press))
