"""Waiting rows of this room."""

from makegood.ground.waiting import Work

LETTERS = Work(
    name="words.letters",
    claim=lambda now, limit: [],
    treat=lambda rows, now: None,
    failed=lambda row, error, now: None,
)
