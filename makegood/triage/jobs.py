"""Waiting rows of this room: signals without a verdict."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from makegood.ground.waiting import Work
from makegood.sense import waiting_signals
from makegood.sense.models import Signal
from makegood.triage.judging import take_raw, triage_signals

log = structlog.get_logger()


def _treat(signals: Sequence[Signal], now: datetime) -> None:
    triage_signals(signals, now)


def _failed(signal: Signal, error: Exception, now: datetime) -> None:
    """A signal we cannot judge still reaches a person; if even that fails, again later."""
    try:
        with transaction.atomic():
            take_raw(signal, now)
    except Exception:
        log.exception("a raw signal could not be handed on", signal=str(signal.pk))
        waiting_signals.put_off(signal, now)


SIGNALS = Work(
    name="triage.signals",
    claim=waiting_signals.claim,
    treat=_treat,
    failed=_failed,
)
