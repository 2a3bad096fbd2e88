"""The customer says more, so the verdict says more. It never becomes milder by that."""

import structlog
from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.sense.facts import ContactLeft, RemarkAdded
from makegood.triage.evidence import gather
from makegood.triage.facts import VerdictRevised
from makegood.triage.models import Verdict
from makegood.triage.rules import judge

log = structlog.get_logger()


def revise_verdict(entry: Entry, fact: RemarkAdded | ContactLeft) -> None:
    """Reaction: judges the signal again with what is known now.

    A signal still waiting for triage is left to it. If judging fails, what the customer said is
    kept all the same and the verdict stays as it was.
    """
    verdicts = Verdict.objects.select_for_update(of=("self",)).select_related("signal__site")
    verdict = verdicts.filter(signal_id=entry.about).first()
    if verdict is None:
        return
    try:
        with transaction.atomic():
            _revise(verdict, entry)
    except Exception:  # a bug in judging must not lose what the customer said
        log.exception("a verdict could not be revised", signal=str(entry.about))


def _revise(verdict: Verdict, entry: Entry) -> None:
    signal = verdict.signal
    judgement = judge(gather([signal], entry.at)[signal.pk])
    revised = VerdictRevised(
        verdict_id=verdict.pk,
        severity_before=verdict.severity,
        topic_before=verdict.topic,
        reaction_before=verdict.reaction,
    )
    verdict.topic, verdict.reaction = judgement.topic, judgement.reaction
    verdict.severity = max(verdict.severity, judgement.severity)
    verdict.reasons = list(judgement.reasons)
    verdict.save(update_fields=["topic", "reaction", "severity", "reasons"])
    chronicle.record(
        revised,
        organisation_id=verdict.organisation_id,
        at=entry.at,
        by=chronicle.SYSTEM,
        about=signal.pk,
        caused_by=entry.pk,
    )
