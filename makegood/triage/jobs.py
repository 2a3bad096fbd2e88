"""Waiting rows of this room."""

from makegood.ground.waiting import Work

SIGNALS = Work(
    name="triage.signals",
    claim=lambda now, limit: [],
    treat=lambda rows, now: None,
    failed=lambda row, error, now: None,
)
