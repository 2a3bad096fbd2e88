"""Reviews are noted once, however often their source sends them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.ground.refusals import Invalid
from makegood.sense.models import Review, Signal
from makegood.sense.reviewing import Written, note_review
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def written(now):
    return Written(
        source="Google", key="g-1", stars=2, words="Cold soup.", author="Ana R.",
        url="https://reviews.example/g-1", written_at=now - timedelta(days=2),
    )  # fmt: skip


def test_a_review_is_a_signal_once(harbour, written, now):
    signal = note_review(site=harbour, written=written, now=now)
    again = note_review(site=harbour, written=replace(written, stars=5), now=now)
    assert signal == again == Signal.objects.get()
    assert (signal.kind, signal.score, signal.words) == ("review", 2, "Cold soup.")
    assert (signal.place, signal.happened_at) == ("Review on Google", written.written_at)
    assert signal.review.url == "https://reviews.example/g-1"
    assert signal.remarks.get().name == "Ana R."
    assert facts_about(signal.pk) == ["sense.review_noted"]


def test_two_who_note_it_at_the_same_moment_note_one(harbour, written, now, at_once):
    first, second = at_once(
        lambda: note_review(site=harbour, written=written, now=now),
        lambda: note_review(site=harbour, written=written, now=now),
    )
    assert first == second == Signal.objects.get()


def test_a_known_guest_keeps_their_own_name(harbour, written, ana, bo, now):
    signal = note_review(site=harbour, written=written, customer=ana, by=bo, now=now)
    assert signal.customer == ana
    assert not signal.remarks.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"source": ""}, "source"),
        ({"key": " "}, "key"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "x" * 501}, "url"),
        ({"words": "x" * 10_001}, "words"),
        ({"author": "x" * 121}, "author"),
        ({"source": "x" * 41}, "source"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(harbour, written, now, wrong, field):
    with pytest.raises(Invalid) as refused:
        note_review(site=harbour, written=replace(written, **wrong), now=now)
    assert refused.value.field == field
    assert not Review.objects.exists()


def test_a_review_of_tomorrow_is_refused(harbour, written, now):
    with pytest.raises(Invalid, match="still to come"):
        note_review(
            site=harbour, written=replace(written, written_at=now + timedelta(hours=1)), now=now
        )
