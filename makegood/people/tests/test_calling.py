"""What we call somebody."""

import pytest

from makegood.people.calling import called


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
