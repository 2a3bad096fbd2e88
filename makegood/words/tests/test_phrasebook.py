"""A language's file holds what the linter needs, and no phrase can be slow."""

import pytest

from makegood.words.linter import WEIGHTS
from makegood.words.phrasebook import LANGUAGES, PhraseWrong, pattern_of, phrasebook


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_has_a_label_and_is_recognised_by_something(language: str) -> None:
    book = phrasebook(language)
    assert set(book.labels) == set(book.shown_by) == set(WEIGHTS)
    assert all(book.shown_by.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_suggestion_uses_only_what_its_phrase_found(language: str) -> None:
    for fault in phrasebook(language).faults:
        for phrase in fault.phrases:
            names = dict.fromkeys(phrase.pattern.groupindex, "x")
            assert phrase.say.format(**names) or not phrase.say


@pytest.mark.parametrize("endless", ["very*", "(so )+late"])
def test_a_phrase_without_a_bound_is_refused(endless: str) -> None:
    with pytest.raises(PhraseWrong, match="no bound"):
        pattern_of(endless)


def test_signs_mean_what_the_file_says() -> None:
    found = pattern_of("if {what:your <word>} isn't <clause>").search(
        "What if your  Dinner\nisn’t as you like it, Ana"
    )
    assert found is not None
    assert found["what"] == "your  Dinner"
    assert found[0].endswith("as you like it")
    assert not pattern_of("us").search("house, fuss, bus")
