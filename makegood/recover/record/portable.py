"""A case's whole story as plain values, for other programs.

The names are stable: docs/reference/case-export.md describes them, and they are only ever added to.
"""

from datetime import datetime
from typing import Any

from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Attempt, Page
from makegood.people.models import Staff
from makegood.recover.models import Case, Closure, Pause, Step, VersionMove
from makegood.recover.record.exporting import Export
from makegood.recover.steps.planning import plan_of
from makegood.recover.versions.publishing import pinned
from makegood.sense.models import Remark, Signal
from makegood.triage.models import Verdict
from makegood.words.models import Letter

FORMAT = "makegood.case/1"


def as_json(export: Export) -> dict[str, Any]:
    """The export as plain values; moments in UTC (ISO 8601), money in minor units."""
    return {
        "format": FORMAT,
        "exported_at": _at(export.exported_at),
        "case": _case(export.case),
        "joined_cases": [{"id": str(one.pk), "reference": one.reference} for one in export.joined],
        "signals": [_signal(one) for one in export.signals],
        "remarks": [_remark(one) for one in export.remarks],
        "verdicts": [_verdict(one) for one in export.verdicts],
        "pages": [_page(one, export) for one in export.pages],
        "steps": [_step(one) for one in export.steps],
        "amends": [_amends(one) for one in export.amends],
        "requests": [_request(one) for one in export.requests],
        "letters": [_letter(one) for one in export.letters],
        "replies": [
            {"id": str(one.pk), "received_at": _at(one.received_at), "words": one.words}
            for one in export.replies
        ],
        "callbacks": [
            {
                "asked_at": _at(one.asked_at),
                "wanted_at": _at(one.wanted_at),
                "phone": one.phone,
                "called_at": _at(one.called_at),
            }
            for one in export.callbacks
        ],
        "closures": [_closure(one) for one in export.closures],
        **_decisions(export),
        "policies": [
            {"number": one.number, "title": one.title, "document": one.document}
            for one in export.versions
        ],
        "story": [
            {
                "at": _at(one.at),
                "kind": one.kind,
                "lead": one.lead,
                "words": one.words,
                "quote": one.quote,
                "reasons": list(one.reasons),
            }
            for one in export.story
        ],
        "facts": [_fact(one) for one in export.facts],
    }


def _decisions(export: Export) -> dict[str, Any]:
    """What colleagues decided about the case itself."""
    return {
        "pauses": [_pause(one) for one in export.pauses],
        "mergers": [
            {
                "absorbed": one.absorbed.reference,
                "reason": one.reason,
                "merged_at": _at(one.merged_at),
                "merged_by": _name(one.merged_by),
                "undone_at": _at(one.ended_at),
            }
            for one in export.mergers
        ],
        "splits": [
            {
                "new_case": one.new_case.reference,
                "reason": one.reason,
                "split_at": _at(one.split_at),
                "split_by": _name(one.split_by),
                "undone_at": _at(one.ended_at),
            }
            for one in export.splits
        ],
        "version_moves": [_move(one) for one in export.moves],
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "signal": str(remark.signal_id),
        "said_at": _at(remark.said_at),
        "topics": remark.topics,
        "words": remark.words,
        "name": remark.name,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "signal": str(verdict.signal_id),
        "decided_at": _at(verdict.decided_at),
        "topic": verdict.topic,
        "severity": verdict.severity,
        "reaction": verdict.reaction,
        "reasons": list(verdict.reasons),
        "needs_repair": verdict.needs_repair,
        "raw": verdict.raw,
    }


def _request(request: AmendsRequest) -> dict[str, Any]:
    return {
        "id": str(request.pk),
        "what": request.name,
        "minor": request.worth.minor,
        "currency": request.worth.currency,
        "asked_at": _at(request.asked_at),
        "asked_by": _name(request.asked_by),
        "decision": request.decision,
        "decided_at": _at(request.decided_at),
        "decided_by": _name(request.decided_by),
        "reason": request.reason,
    }


def _pause(pause: Pause) -> dict[str, Any]:
    return {
        "kind": pause.kind,
        "step": pause.step.kind if pause.step else "",
        "reason": pause.reason,
        "began_at": _at(pause.began_at),
        "began_by": _name(pause.began_by),
        "until": _at(pause.until),
        "ended_at": _at(pause.ended_at),
        "ended_by": pause.ended_by,
    }


def _move(move: VersionMove) -> dict[str, Any]:
    return {
        "from": move.from_version.number,
        "to": move.to_version.number,
        "reason": move.reason,
        "moved_at": _at(move.moved_at),
        "moved_by": _name(move.moved_by),
        "changes": move.changes,
    }


def _closure(closure: Closure) -> dict[str, Any]:
    return {
        "outcome": closure.outcome,
        "reason": closure.reason,
        "closed_at": _at(closure.closed_at),
        "closed_by": _name(closure.closed_by),
        "evidence": closure.evidence,
        "reopened_at": _at(closure.reopened_at),
        "reopened_because": closure.reopened_because,
    }


def _fact(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "name": entry.name,
        "at": _at(entry.at),
        "by": entry.by,
        "about": str(entry.about),
        "caused_by": str(entry.caused_by) if entry.caused_by else None,
        "data": entry.data,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk),
        "reference": case.reference,
        "house": case.organisation.name,
        "site": case.site.name,
        "timezone": case.site.timezone,
        "customer": case.customer_name,
        "place": case.place,
        "topic": case.topic,
        "severity": case.severity,
        "reaction": case.reaction,
        "intensity": case.intensity,
        "happened_at": _at(case.happened_at),
        "opened_at": _at(case.opened_at),
        "reached_at": _at(case.reached_at),
        "owner": _name(case.owner),
        "policy": pinned(case.policy_id).number,
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "id": str(signal.pk),
        "kind": signal.kind,
        "place": signal.place,
        "happened_at": _at(signal.happened_at),
        "received_at": _at(signal.received_at),
        "score": signal.score,
        "topics": signal.topics,
        "words": signal.words,
        "cancelled_at": _at(signal.cancelled_at),
    }


def _page(page: Page, export: Export) -> dict[str, Any]:
    times = ("opened_at", "sent_at", "received_at", "seen_at", "going_at", "with_at", "ended_at")
    return {
        "id": str(page.pk),
        "purpose": page.purpose,
        "state": page.state,
        "what": page.what,
        "who": page.who,
        "taken_by": _name(page.taken_by),
        **{name: _at(getattr(page, name)) for name in times},
        "answers": [
            {"said_at": _at(one.said_at), "kind": one.kind, "by": _name(one.staff),
             "by_customer": one.by_customer, "note": one.note}
            for one in export.answers
            if one.page_id == page.pk
        ],
        "attempts": [_attempt(one) for one in export.attempts if one.page_id == page.pk],
    }  # fmt: skip


def _attempt(attempt: Attempt) -> dict[str, Any]:
    times = ("made_at", "hand_over_at", "sent_at", "received_at", "seen_at", "answered_at",
             "failed_at", "silenced_at")  # fmt: skip
    return {
        "round": attempt.round,
        "rung": attempt.rung,
        "who": _name(attempt.staff),
        "channel": attempt.channel,
        "device": attempt.device.name if attempt.device else "",
        "tries": attempt.tries,
        "said": attempt.said,
        **{name: _at(getattr(attempt, name)) for name in times},
    }


def _step(step: Step) -> dict[str, Any]:
    plan = plan_of(step)
    return {
        "kind": step.kind,
        "title": plan.title,
        "state": Step.State(step.state).name.lower(),
        "due_at": _at(step.due_at),
        "late": step.late,
        "ended_at": _at(step.ended_at),
        "ended_by": _name(step.ended_by),
        "note": step.note,
        "evidence": step.evidence,
        "needs": list(plan.needs),
        "reminders": step.reminders,
    }


def _amends(amends: Amends) -> dict[str, Any]:
    coupon = getattr(amends, "coupon", None)
    redemption = getattr(coupon, "redemption", None)
    return {
        "id": str(amends.pk),
        "what": amends.name,
        "minor": amends.worth.minor,
        "currency": amends.worth.currency,
        "given_at": _at(amends.given_at),
        "given_by": _name(amends.given_by),
        "taken_back_at": _at(amends.taken_back_at),
        "coupon": coupon.code if coupon else "",
        "redeemed_at": _at(redemption.redeemed_at) if redemption else None,
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "id": str(letter.pk),
        "kind": letter.kind,
        "state": letter.state,
        "from": letter.sender.full_name,
        "to": letter.to,
        "subject": letter.subject,
        "body": letter.body,
        "drafted_at": _at(letter.drafted_at),
        "send_at": _at(letter.send_at),
        "sent_at": _at(letter.sent_at),
        "error": letter.error,
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _name(staff: Staff | None) -> str:
    return staff.full_name if staff else ""
