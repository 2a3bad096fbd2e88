"""How a place reads inside a sentence."""

import pytest

from makegood.intake.pages import in_a_sentence as intakes_own
from makegood.sense.naming import in_a_sentence


@pytest.mark.parametrize(
    ("place", "language", "reads"),
    [
        ("Table 14", "en", "table 14"),
        ("Room 312", "en-gb", "room 312"),
        ("Spa desk", "en", "Spa desk"),
        ("Kai’s Corner", "en", "Kai’s Corner"),
        ("VIP 3", "en", "VIP 3"),
        ("Tisch 14", "de", "Tisch 14"),
        ("", "en", ""),
    ],
)
def test_a_numbered_word_is_a_common_noun(place: str, language: str, reads: str) -> None:
    assert in_a_sentence(place, language) == reads
    assert intakes_own(place, language) == reads  # the button and the pages after it agree
