"""Conditions in words: what a reader understands, and what is left as it is written."""

import pytest

from makegood.recover.policy.conditions import compiled
from makegood.recover.policy.phrasing import in_words


@pytest.mark.parametrize(("text", "words"), [
    ("true", "always"),
    ("visit.here || case.severity >= 4", "they are with us now, or the severity is 4 or more"),
    ('signal.kind == "review" && signal.score <= 3',
     "they wrote in public, and they gave 3 or less (of 5)"),
    ("customer.failures > 0", "we failed them before"),
    ("!customer.known && 3 < case.days_open",
     "we do not know who it is, and it has been open for more than 3 days"),
    ('verdict.topic in ["food", "bill"]', "it is about the food or the bill"),
    ('verdict.topic != "food"', "it is not so that it is about the food"),
    ('"food" in signal.topics', "they chose “The food”"),
    ('signal.words.contains("lawyer")', "they say “lawyer”"),
    ('!(visit.here || site.open)',
     "it is not so that either they are with us now, or the place is open"),
    ('case.severity >= 4 && !(signal.kind in ["incident", "silence"])',
     "the severity is 4 or more, unless we noticed it ourselves or they stay away"),
    ('visit.here && !(signal.kind == "silence") || site.open',
     "they are with us now, and it is not so that they stay away, or the place is open"),
    ("signal.weekday == 0", "it is Monday"),
    ("site.open == false", "the place is closed"),
    ("(signal.score >= 1 && signal.score <= 3) || !site.open",
     "they gave 1 to 3 (of 5), or the place is closed"),
    ("signal.score >= 1 && case.severity <= 3",
     "they gave 1 or more (of 5), and the severity is 3 or less"),
])  # fmt: skip
def test_what_a_reader_understands(text, words):
    assert in_words(compiled(text)) == words


@pytest.mark.parametrize("text", [
    "signal.score + 1 > 3",
    "customer.regular ? signal.score <= 3 : signal.score <= 2",
    "signal.words.size() > 200",
    'site.name.startsWith("Harbour")',
    "visit.here == site.open",
    "(visit.here || site.open) == true",
])  # fmt: skip
def test_what_has_no_words_stays_as_it_is_written(text):
    assert in_words(compiled(text)) == text
