"""What we call somebody."""

import pytest

from makegood.people.calling import called, called_within


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("Ana Ruiz", "Ana"),
        ("Ana", "Ana"),
        ("The Okafors", "The Okafors"),
        ("Dr. Weiss", "Dr. Weiss"),
        ("Theodora Papas", "Theodora"),
        ("", ""),
    ],
)
def test_the_first_name_unless_it_is_none(name: str, reads: str) -> None:
    assert called(name) == reads


@pytest.mark.parametrize(
    ("name", "reads"), [("The Okafors", "the Okafors"), ("Ana Ruiz", "Ana"), ("", "")]
)
def test_within_a_sentence_a_family_has_a_small_article(name: str, reads: str) -> None:
    assert called_within(name) == reads
