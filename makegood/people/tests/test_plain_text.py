"""Whatever people type can be kept, or is refused in words."""

import pytest
from hypothesis import given, strategies as st

from makegood.ground.refusals import Invalid
from makegood.people.plain_text import one_line, paragraphs


@given(st.text(max_size=200))
def test_one_line_is_one_line_postgresql_can_keep(text: str) -> None:
    kept = one_line(text, field="name", longest=2000)
    assert "\x00" not in kept
    assert len(kept.splitlines()) <= 1
    assert one_line(kept, field="name", longest=2000) == kept
    kept.encode()


@given(st.text(max_size=200))
def test_paragraphs_keep_their_lines(text: str) -> None:
    kept = paragraphs(text, field="words", longest=2000)
    assert "\x00" not in kept
    assert paragraphs(kept, field="words", longest=2000) == kept
    kept.encode()


def test_too_long_and_missing_name_the_field() -> None:
    with pytest.raises(Invalid) as too_long:
        one_line("x" * 61, field="name", longest=60)
    with pytest.raises(Invalid) as missing:
        one_line(" \x00 ", field="name", longest=60, required=True)
    assert too_long.value.field == missing.value.field == "name"
