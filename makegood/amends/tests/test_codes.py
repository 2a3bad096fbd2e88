"""Codes are read over the phone: misreadings are forgiven or noticed."""

import pytest
from hypothesis import given, strategies as st

from makegood.amends import codes
from makegood.ground.refusals import Refused

VALUES = st.lists(st.integers(0, len(codes.ALPHABET) - 1), min_size=7, max_size=7)


@given(VALUES)
def test_what_is_written_is_read(values: list[int]) -> None:
    code = codes.write(values)
    assert codes.read(code) == code
    assert codes.read(f"  {code.lower().replace('-', ' ')} ") == code


@given(VALUES, st.integers(0, 7), st.sampled_from(codes.ALPHABET))
def test_any_one_wrong_symbol_is_noticed(values: list[int], place: int, other: str) -> None:
    symbols = codes.write(values).replace("-", "")
    heard = symbols[:place] + other + symbols[place + 1 :]
    if heard == symbols:
        return
    with pytest.raises(Refused, match="misheard") as refused:
        codes.read(heard)
    assert refused.value.code == "unknown_code"


@given(VALUES, st.integers(0, 7), st.integers(0, 7))
def test_any_two_swapped_symbols_are_noticed(values: list[int], one: int, other: int) -> None:
    symbols = list(codes.write(values).replace("-", ""))
    if symbols[one] == symbols[other]:
        return
    symbols[one], symbols[other] = symbols[other], symbols[one]
    with pytest.raises(Refused, match="misheard"):
        codes.read("".join(symbols))


@pytest.mark.parametrize("heard", ["", "K7M2", "K7M2-9PXT-K", "ÄÖÜ?-9PXT", "1111-1111", "\x00" * 8])
def test_what_was_never_a_code_is_refused_in_words(heard: str) -> None:
    with pytest.raises(Refused) as refused:
        codes.read(heard)
    assert refused.value.code == "unknown_code"
    assert refused.value.field == "code"


def test_letters_misread_for_digits_are_forgiven() -> None:
    code = codes.write([6, 4, 3, 0, 6, 4, 3])  # 8 6 5 2 8 6 5
    assert codes.read(code.replace("8", "B").replace("5", "S").replace("2", "Z")) == code


def test_no_code_holds_a_vowel_or_a_look_alike() -> None:
    assert not set(codes.ALPHABET) & set("AEIOUBGLQSZ01")
    assert len({codes.draw() for _ in range(500)}) == 500
