"""Waiting rows of this room: pauses, steps and call-backs whose time has come; who stays away."""

from makegood.ground.waiting import Work
from makegood.recover.life import resuming
from makegood.recover.noticing import missing
from makegood.recover.steps import sweeping
from makegood.sense import missing as watches

PAUSES = Work(
    name="recover.pauses",
    claim=resuming.claim_pauses,
    treat=resuming.end_pauses,
    failed=resuming.put_off_pause,
    next_due=resuming.next_pause_ends,
)

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
