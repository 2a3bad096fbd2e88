"""What the policy lets a colleague offer on a case, and how much without asking."""

from datetime import datetime

import pytest

from makegood.amends.asking import ask_senior
from makegood.amends.gifts import Gift
from makegood.amends.granting import OverLimit, take_back
from makegood.amends.models import AmendsRequest
from makegood.amends.purses import open_purse
from makegood.ground.money import Money
from makegood.ground.refusals import NotAllowed
from makegood.ground.waiting import treat_all_waiting
from makegood.people.models import Staff
from makegood.recover.access import case_of_signal
from makegood.recover.life.giving import decide, give
from makegood.recover.life.merging import merge_cases
from makegood.recover.models import Case
from makegood.recover.steps.proposing import left_to_give, left_to_grant, proposal_for
from makegood.recover.versions.publishing import DEFAULT_TEXT, publish
from makegood.sense.adding import add_remark
from makegood.sense.models import Signal
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS

pytestmark = pytest.mark.django_db


def eur(major: int) -> Money:
    return Money(major * 100, "EUR")


def test_a_press_may_be_made_good_with_so_much(case, bo, cy, di, now) -> None:
    proposal = proposal_for(case, bo, now)
    assert proposal.suggests == "€10 to €30"
    assert (proposal.limit, proposal.left) == (eur(60), eur(60))
    assert proposal.wish.first == ("matching", "free", "coupon")
    assert left_to_give(case, cy, now) == left_to_grant(case, cy, now) == eur(200)
    assert left_to_give(case, di, now) == eur(1000)
    assert left_to_grant(case, di, now) is None, "the owner says yes to anything"


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
    cake = [Gift(name="A cake", worth=eur(50))]
    (first,) = give(about=case.pk, gifts=cake, by=bo, key="one", now=now)
    assert proposal_for(case, bo, now).left == eur(10)
    with pytest.raises(OverLimit, match="€40 over"):
        give(about=case.pk, gifts=cake, by=bo, key="two", now=now)
    take_back(amends=first, by=bo, now=now)
    give(about=case.pk, gifts=cake, by=bo, key="two", now=now)


def asked_for(case: Case, what: str, major: int, *, by: Staff, now: datetime) -> AmendsRequest:
    gift = Gift(name=what, worth=eur(major))
    return ask_senior(about=case.pk, what=gift, by=by, key=f"ask {what}", now=now)


def test_a_manager_says_yes_to_no_more_in_pieces_than_at_once(case, bo, cy, di, now) -> None:
    asked = [asked_for(case, f"Night {number}", 150, by=bo, now=now) for number in range(3)]
    decide(request=asked[0], granted=True, reason="", by=cy, now=now)
    with pytest.raises(NotAllowed, match="You may say yes to €50 on this case"):
        decide(request=asked[1], granted=True, reason="", by=cy, now=now)
    decide(request=asked[1], granted=False, reason="One night is right.", by=cy, now=now)
    decide(request=asked[2], granted=True, reason="", by=di, now=now)
    assert left_to_grant(case, cy, now) == eur(50), (
        "what the owner said yes to is not the manager's"
    )


def test_what_a_manager_gives_and_what_they_say_yes_to_are_one_limit(case, bo, cy, now) -> None:
    open_purse(staff=cy, daily=eur(500))
    give(about=case.pk, gifts=[Gift(name="Dinner", worth=eur(120))], by=cy, key="one", now=now)
    suite = asked_for(case, "A suite", 100, by=bo, now=now)
    with pytest.raises(NotAllowed, match="More is for the owner to decide"):
        decide(request=suite, granted=True, reason="", by=cy, now=now)
    decide(request=asked_for(case, "Wine", 80, by=bo, now=now), granted=True, reason="", by=cy,
           now=now)  # fmt: skip
    assert left_to_give(case, cy, now) == eur(0), "nor may they give the next from their own purse"


def test_a_colleague_may_still_give_theirs_after_a_senior_said_yes(case, bo, cy, now) -> None:
    open_purse(staff=bo, daily=eur(500))
    decide(request=asked_for(case, "A suite", 150, by=bo, now=now), granted=True, reason="", by=cy,
           now=now)  # fmt: skip
    assert left_to_give(case, bo, now) == eur(60)


def test_cases_joined_as_one_have_one_limit(case, harbour, bo, cy, now) -> None:
    bar = place_touchpoint(site=harbour, place="Bar", dwell_minutes=9, now=now)
    signal = receive_press(touchpoint=bar, key="key-of-the-bar", now=now)
    treat_all_waiting(SIGNALS, now=now)
    other = case_of_signal(signal)
    assert other
    for which in (case, other):
        night = asked_for(which, f"A night for {which.pk}", 90, by=bo, now=now)
        decide(request=night, granted=True, reason="", by=cy, now=now)
    merge_cases(survivor=case, absorbed=other, reason="One table.", by=cy, now=now)
    case.refresh_from_db()
    for about in (case, other):
        assert left_to_grant(case, cy, now) == eur(20)
        more = asked_for(about, f"More for {about.pk}", 30, by=bo, now=now)
        with pytest.raises(NotAllowed, match="You may say yes to €20"):
            decide(request=more, granted=True, reason="", by=cy, now=now)


def test_a_policy_without_tables_leaves_it_to_the_purse(case, bo, di, now) -> None:
    chapters = DEFAULT_TEXT.partition("\ntables:\n")
    rest = chapters[2][chapters[2].index("\nsecond_failure:") :]
    version = publish(organisation=di.organisation, text=chapters[0] + "\n" + rest, by=di, now=now)
    Case.objects.filter(pk=case.pk).update(policy=version)
    case.refresh_from_db()
    proposal = proposal_for(case, bo, now)
    assert (proposal.suggests, proposal.limit, proposal.left) == ("", None, None)
