"""Gives signals their verdicts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle, rows
from makegood.sense import waiting_signals
from makegood.sense.models import Signal
from makegood.triage.evidence import gather
from makegood.triage.facts import SignalTriaged
from makegood.triage.models import Verdict
from makegood.triage.rules import HAPPY, Judgement, judge, leaves_at

RAW_SEVERITY = 3
RAW_TOPIC = "unsaid"
RAW_REASON = "We could not judge this by ourselves, please look"


def triage_signals(signals: Sequence[Signal], now: datetime) -> list[Verdict]:
    """Judges `signals`, which the caller has claimed, and lets the story react to all."""
    with transaction.atomic(savepoint=False):  # the claim's transaction: all or nothing
        evidence = gather(signals, now)
        verdicts = [_verdict(signal, judge(evidence[signal.pk]), now) for signal in signals]
        rows.insert_all(Verdict, verdicts)
        waiting_signals.note_triaged(signals)
        chronicle.record_all(_telling(verdict, now) for verdict in verdicts)
    return verdicts


def take_raw(signal: Signal, now: datetime) -> Verdict | None:
    """Takes a signal as it came, because judging it failed: somebody goes and looks.

    Does nothing if somebody else has taken it meanwhile.
    """
    with transaction.atomic():
        waiting = waiting_signals.claim_one(signal.pk)
        if waiting is None:
            return None
        verdict = Verdict.objects.create(
            organisation_id=waiting.organisation_id,
            signal=waiting,
            needs_repair=waiting.cancelled_at is None
            and (waiting.score is None or waiting.score < HAPPY),
            topic=RAW_TOPIC,
            severity=RAW_SEVERITY,
            reaction=Verdict.Reaction.VOICE,
            leaves_at=leaves_at(
                waiting.kind, waiting.happened_at, waiting.dwell_minutes, waiting.received_at
            ),
            reasons=[RAW_REASON],
            raw=True,
            decided_at=now,
        )
        waiting_signals.note_triaged([waiting])
        chronicle.record_all([_telling(verdict, now)])
    return verdict


def _verdict(signal: Signal, judgement: Judgement, now: datetime) -> Verdict:
    return Verdict(
        organisation_id=signal.organisation_id,
        signal=signal,
        needs_repair=judgement.needs_repair,
        topic=judgement.topic,
        severity=judgement.severity,
        reaction=judgement.reaction,
        leaves_at=judgement.leaves_at,
        reasons=list(judgement.reasons),
        decided_at=now,
    )


def _telling(verdict: Verdict, now: datetime) -> chronicle.Telling:
    return chronicle.Telling(
        fact=SignalTriaged(verdict_id=verdict.pk, raw=verdict.raw),
        organisation_id=verdict.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=verdict.signal_id,
        row=verdict,
    )
