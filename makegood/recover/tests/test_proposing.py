"""What the policy lets a colleague offer on a case, and how much without asking."""

import pytest

from makegood.amends.gifts import Gift
from makegood.amends.granting import OverLimit, give
from makegood.amends.purses import open_purse
from makegood.ground.money import Money
from makegood.recover.models import Case
from makegood.recover.steps.proposing import limit_for, limit_of_yes, proposal_for
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.adding import add_remark
from makegood.sense.models import Signal

pytestmark = pytest.mark.django_db


def eur(major: int) -> Money:
    return Money(major * 100, "EUR")


def test_a_press_may_be_made_good_with_so_much(case, bo, cy, di, now) -> None:
    proposal = proposal_for(case, bo, now)
    assert proposal.suggests == "€10 to €30"
    assert (proposal.limit, proposal.left) == (eur(60), eur(60))
    assert proposal.wish.first == ("matching", "free", "coupon")
    assert limit_for(case, cy, now) == limit_of_yes(case, cy, now) == eur(200)
    assert limit_for(case, di, now) == eur(1000)
    assert limit_of_yes(case, di, now) is None, "the owner says yes to anything"


def test_a_wedding_asks_for_more_and_lets_colleagues_give_more(case, bo, now) -> None:
    signal = Signal.objects.get(case_signal__case=case)
    add_remark(signal=signal, topics=["food"], words="It is our wedding.", name="Ana", now=now)
    case.refresh_from_db()
    assert case.severity == 4
    proposal = proposal_for(case, bo, now)
    assert proposal.suggests == "€40 to €80"
    assert proposal.because.startswith("A grave failure")
    assert proposal.limit == eur(120)


def test_what_was_given_already_counts(case, bo, now) -> None:
    open_purse(staff=bo, daily=eur(500))
    cake = Gift(name="A cake", worth=eur(50))
    give(about=case.pk, what=cake, by=bo, key="one", now=now, limit=limit_for(case, bo, now))
    assert proposal_for(case, bo, now).left == eur(10)
    with pytest.raises(OverLimit, match="€40 over"):
        give(about=case.pk, what=cake, by=bo, key="two", now=now, limit=limit_for(case, bo, now))


def test_a_policy_without_tables_leaves_it_to_the_purse(case, bo, di, now) -> None:
    chapters = DEFAULT_TEXT.partition("\ntables:\n")
    rest = chapters[2][chapters[2].index("\nsecond_failure:") :]
    version = publish(organisation=di.organisation, text=chapters[0] + "\n" + rest, by=di, now=now)
    Case.objects.filter(pk=case.pk).update(policy=version)
    case.refresh_from_db()
    proposal = proposal_for(case, bo, now)
    assert (proposal.suggests, proposal.limit, proposal.left) == ("", None, None)
