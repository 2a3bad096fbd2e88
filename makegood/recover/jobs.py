"""Waiting rows of this room: steps and call-backs whose time has come, and who stays away."""

from makegood.ground.waiting import Work
from makegood.recover import missing, sweeping
from makegood.sense import missing as watches

STEPS = Work(
    name="recover.steps",
    claim=sweeping.claim_steps,
    treat=sweeping.look_at_steps,
    failed=sweeping.put_off_step,
    next_due=sweeping.next_step_due,
)

CALLBACKS = Work(
    name="recover.callbacks",
    claim=sweeping.claim_callbacks,
    treat=sweeping.ring_callbacks,
    failed=sweeping.put_off_callback,
    next_due=sweeping.next_callback_due,
)

MISSING = Work(
    name="recover.missing",
    claim=watches.claim_watches,
    treat=missing.look_for_the_missing,
    failed=missing.put_off_watch,
    next_due=watches.next_watch_due,
    batch=5,
)
