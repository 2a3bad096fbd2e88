"""Sealed tokens open only for the purpose and secret they were closed with."""

from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from makegood.ground.tokens import Seal, Sealed, TokenInvalid

versions = st.integers(0, 65_535)


@given(id=st.uuids(), version=versions)
def test_a_token_gives_back_what_was_sealed(id: UUID, version: int) -> None:
    seal = Seal("a secret")
    assert seal.open("press", seal.close("press", id, version)) == Sealed(id, version)


@given(id=st.uuids(), version=versions)
def test_a_token_is_good_for_one_purpose_and_one_secret(id: UUID, version: int) -> None:
    token = Seal("a secret").close("press", id, version)
    for seal, purpose in [(Seal("a secret"), "promise"), (Seal("another"), "press")]:
        with pytest.raises(TokenInvalid):
            seal.open(purpose, token)


@given(id=st.uuids(), at=st.integers(0, 39), letter=st.sampled_from("AQgw5-_"))
def test_changing_any_letter_breaks_the_seal(id: UUID, at: int, letter: str) -> None:
    token = Seal("a secret").close("press", id)
    forged = token[:at] + letter + token[at + 1 :]
    if forged != token:
        with pytest.raises(TokenInvalid):
            Seal("a secret").open("press", forged)


@given(st.text(max_size=60))
def test_any_text_is_refused_not_crashed_on(text: str) -> None:
    with pytest.raises(TokenInvalid):
        Seal("a secret").open("press", text)
