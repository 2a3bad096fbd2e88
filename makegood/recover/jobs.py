"""Waiting rows of this room."""

from makegood.ground.waiting import Work

STEPS = Work(
    name="recover.steps",
    claim=lambda now, limit: [],
    treat=lambda rows, now: None,
    failed=lambda row, error, now: None,
)

CALLBACKS = Work(
    name="recover.callbacks",
    claim=lambda now, limit: [],
    treat=lambda rows, now: None,
    failed=lambda row, error, now: None,
)
