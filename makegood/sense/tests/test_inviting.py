"""One answer per invitation; a second edits it; each is a signal."""

from datetime import timedelta
from functools import partial

import pytest

from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, Refused
from makegood.people.consent import stop_messages
from makegood.sense.inviting import OPEN_FOR, answer_invitation, invite
from makegood.sense.models import Invitation, Rating, Signal
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def invitation(ana, harbour, now):
    return invite(customer=ana, site=harbour, occasion="dinner, Saturday 21 November", now=now)


def test_the_same_cause_invites_once(ana, harbour, now):
    ask = partial(
        invite, customer=ana, site=harbour, occasion="dinner", now=now, caused_by=new_id()
    )
    invitation = ask()
    assert ask() == invitation
    assert facts_about(invitation.pk) == ["sense.customer_invited"]


def test_who_wants_no_messages_is_not_asked(ana, harbour, now):
    ana = stop_messages(customer=ana, now=now)
    with pytest.raises(Refused) as refused:
        invite(customer=ana, site=harbour, occasion="dinner", now=now)
    assert refused.value.code == "no_messages"
    assert not Invitation.objects.exists()


def test_an_answer_is_a_rating_and_a_signal(invitation, ana, now):
    rating = answer_invitation(invitation=invitation, score=2, words=" Cold. ", now=now)
    assert (rating.score, rating.words, rating.edits) == (2, "Cold.", 0)
    signal = Signal.objects.get()
    assert (signal.kind, signal.score, signal.words) == ("rating", 2, "Cold.")
    assert (signal.customer, signal.place) == (ana, "dinner, Saturday 21 November")
    assert signal.state == Signal.State.WAITING


def test_a_second_answer_edits_the_first(invitation, now):
    answer_invitation(invitation=invitation, score=2, words="", now=now)
    later = now + timedelta(minutes=5)
    rating = answer_invitation(invitation=invitation, score=4, words="Made good.", now=later)
    assert (rating.score, rating.given_at, rating.edited_at, rating.edits) == (4, now, later, 1)
    assert Rating.objects.count() == 1
    assert list(Signal.objects.order_by("received_at").values_list("score", flat=True)) == [2, 4]


def test_the_same_answer_again_changes_nothing(invitation, now):
    answer = partial(answer_invitation, invitation=invitation, score=2, words="Cold.", now=now)
    assert answer() == answer()
    assert Signal.objects.count() == 1
    assert facts_about(invitation.pk) == ["sense.customer_invited", "sense.rating_given"]


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_to_five(invitation, now, score):
    with pytest.raises(Invalid) as refused:
        answer_invitation(invitation=invitation, score=score, words="", now=now)
    assert refused.value.field == "score"


def test_an_expired_question_is_not_answered(invitation, now):
    with pytest.raises(Refused) as refused:
        answer_invitation(invitation=invitation, score=1, words="", now=now + OPEN_FOR)
    assert refused.value.code == "expired"
    assert not Signal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one_rating(invitation, now, at_once):
    outcomes = at_once(
        partial(answer_invitation, invitation=invitation, score=1, words="", now=now),
        partial(answer_invitation, invitation=invitation, score=2, words="", now=now),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Rating.objects.get().edits == 1
    assert Signal.objects.count() == 2
