"""Waiting rows of this room."""

from makegood.ground.waiting import Work

ATTEMPTS = Work(
    name="page.attempts",
    claim=lambda now, limit: [],
    treat=lambda rows, now: None,
    failed=lambda row, error, now: None,
)

RUNGS = Work(
    name="page.rungs",
    claim=lambda now, limit: [],
    treat=lambda rows, now: None,
    failed=lambda row, error, now: None,
)
