"""Above the purse a senior decides, once, with a reason; the house pays."""

from datetime import datetime
from uuid import UUID

import pytest

from makegood.amends import access
from makegood.amends.asking import ask_senior, decide
from makegood.amends.gifts import Gift
from makegood.amends.models import Amends, AmendsRequest, Purse
from makegood.amends.purses import left_today
from makegood.amends.tests.conftest import Menu, eur
from makegood.ground.models import Entry
from makegood.ground.refusals import NotAllowed, NotFound, Refused
from makegood.people.models import Staff
from tests.cast import facts_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_bo(bo: Staff, menu: Menu, matter: UUID, now: datetime) -> AmendsRequest:
    return ask_senior(about=matter, what=Gift(remedy=menu.both_mains), by=bo, key="ask", now=now)


def test_asking_twice_asks_once(
    request_of_bo: AmendsRequest, bo: Staff, cy: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    again = ask_senior(about=matter, what=Gift(remedy=menu.both_mains), by=bo, key="ask", now=now)
    assert again == request_of_bo
    assert facts_about(request_of_bo.pk) == ["amends.asked"]
    assert access.open_requests_for(cy) == [request_of_bo]
    assert access.open_requests_for(bo) == []
    with pytest.raises(Refused) as refused:
        ask_senior(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="ask", now=now)
    assert refused.value.code == "key_used"


def test_a_yes_gives_from_the_house(
    request_of_bo: AmendsRequest, bos_purse: Purse, bo: Staff, cy: Staff, matter: UUID,
    now: datetime,
) -> None:  # fmt: skip
    decided = decide(request=request_of_bo, granted=True, reason="", by=cy, now=now)
    amends = Amends.objects.get(request=decided)
    assert (amends.worth, amends.given_by, amends.about) == (eur(5800), bo, matter)
    assert left_today(staff=bo, now=now) == eur(7400)
    decision, given = Entry.objects.get(name="amends.decided"), Entry.objects.get(about=amends.pk)
    assert given.caused_by == decision.pk
    assert decision.by == f"staff:{cy.pk}"
    assert access.open_requests_for(cy) == []


def test_a_no_needs_a_reason_and_gives_nothing(
    request_of_bo: AmendsRequest, cy: Staff, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        decide(request=request_of_bo, granted=False, reason=" ", by=cy, now=now)
    assert refused.value.field == "reason"
    reason = "Dinner was our fault and you did not pay for it."
    declined = decide(request=request_of_bo, granted=False, reason=reason, by=cy, now=now)
    assert (declined.decision, declined.reason, declined.decided_by) == ("declined", reason, cy)
    assert not Amends.objects.exists()


def test_the_second_decision_is_refused_with_who_decided(
    request_of_bo: AmendsRequest, cy: Staff, di: Staff, now: datetime
) -> None:
    decide(request=request_of_bo, granted=True, reason="", by=cy, now=now)
    with pytest.raises(Refused, match="already decided by Cy") as refused:
        decide(request=request_of_bo, granted=False, reason="No.", by=di, now=now)
    assert refused.value.code == "already_decided"


def test_hosts_and_strangers_do_not_decide(
    request_of_bo: AmendsRequest, mina: Staff, stranger: Staff, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        decide(request=request_of_bo, granted=True, reason="", by=mina, now=now)
    with pytest.raises(NotFound):
        decide(request=request_of_bo, granted=True, reason="", by=stranger, now=now)
    with pytest.raises(NotFound):
        access.request_for(stranger, request_of_bo.pk)


def test_nobody_grants_their_own_wish_but_the_owner(
    cy: Staff, di: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    mains = Gift(remedy=menu.both_mains)
    cys = ask_senior(about=matter, what=mains, by=cy, key="cy", now=now)
    with pytest.raises(NotAllowed, match="somebody else"):
        decide(request=cys, granted=True, reason="", by=cy, now=now)
    dis = ask_senior(about=matter, what=mains, by=di, key="di", now=now)
    assert decide(request=dis, granted=True, reason="", by=di, now=now).decision == "granted"


def test_a_manager_says_yes_up_to_their_limit_and_no_to_anything(
    request_of_bo: AmendsRequest, cy: Staff, di: Staff, now: datetime
) -> None:
    with pytest.raises(NotAllowed, match="for the owner to decide"):
        decide(request=request_of_bo, granted=True, reason="", by=cy, now=now, left=eur(5000))
    assert decide(request=request_of_bo, granted=True, reason="", by=di, now=now).decision == (
        "granted"
    )
