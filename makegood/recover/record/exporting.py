"""Everything about one case, read together: for one readable page, and for other programs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.amends.access import requests_about
from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Answer, Attempt, Page
from makegood.people.models import Staff
from makegood.recover.belonging import matters_of
from makegood.recover.chronicling import abouts_of, entries_of
from makegood.recover.models import (
    Callback,
    Case,
    Closure,
    Merger,
    Pause,
    PolicyVersion,
    Split,
    Step,
    VersionMove,
)
from makegood.recover.record.book import Moment
from makegood.recover.record.storytelling import story_of
from makegood.sense.models import Remark, Signal
from makegood.triage.models import Verdict
from makegood.words.access import letters_about, replies_about
from makegood.words.models import Letter, Reply


@dataclass(frozen=True)
class Export:
    """Everything about one case, the first first."""

    case: Case
    exported_at: datetime
    zone: ZoneInfo
    story: list[Moment]
    joined: list[Case]
    signals: list[Signal]
    remarks: list[Remark]
    verdicts: list[Verdict]
    pages: list[Page]
    attempts: list[Attempt]
    answers: list[Answer]
    steps: list[Step]
    amends: list[Amends]
    requests: list[AmendsRequest]
    letters: list[Letter]
    replies: list[Reply]
    callbacks: list[Callback]
    pauses: list[Pause]
    mergers: list[Merger]
    splits: list[Split]
    moves: list[VersionMove]
    closures: list[Closure]
    versions: list[PolicyVersion]
    facts: list[Entry]
    staff: dict[UUID, Staff]

    def who(self, by: str) -> str:
        """Who did something, from a fact's `by`."""
        if not by.startswith("staff:"):
            return {"customer": "the customer", "system": "the house"}.get(by, by)
        found = self.staff.get(UUID(by.removeprefix("staff:")))
        return found.full_name if found else "a colleague"


def export_case(case: Case, now: datetime) -> Export:
    """Reads everything about `case`, with what was joined with it."""
    matters = matters_of(case.pk)
    signals = list(
        Signal.objects.filter(case_signal__case__in=matters).order_by("happened_at", "pk")
    )
    ids = [signal.pk for signal in signals]
    facts = entries_of(case)
    told = [*abouts_of(case), *(entry.pk for entry in facts)]
    steps = list(case.steps.select_related("ended_by", "case__site"))
    pages = Page.objects.filter(about__in=[*told, *(step.pk for step in steps)])
    moves = list(VersionMove.objects.filter(case=case).select_related(
        "from_version", "to_version", "moved_by").order_by("moved_at"))  # fmt: skip
    versions = {move.from_version_id for move in moves} | {case.policy_id}
    return Export(
        case=case,
        exported_at=now,
        zone=ZoneInfo(case.site.timezone),
        story=story_of(case),
        joined=list(Case.objects.filter(pk__in=matters[1:]).select_related("organisation")),
        signals=signals,
        remarks=list(Remark.objects.filter(signal__in=ids).order_by("said_at", "pk")),
        verdicts=list(Verdict.objects.filter(signal__in=ids).order_by("decided_at", "pk")),
        pages=list(pages.select_related("taken_by").order_by("opened_at", "pk")),
        attempts=list(Attempt.objects.filter(page__in=pages).select_related("staff", "device")
                      .order_by("made_at", "pk")),
        answers=list(Answer.objects.filter(page__in=pages).select_related("staff").order_by(
            "said_at", "pk")),
        steps=steps,
        amends=list(Amends.objects.filter(about__in=matters).select_related(
            "given_by", "coupon", "coupon__redemption").order_by("given_at", "pk")),
        requests=list(requests_about(*matters)),
        letters=list(letters_about(*matters)),
        replies=list(replies_about(*matters)),
        callbacks=list(Callback.objects.filter(case__in=matters).order_by("asked_at")),
        pauses=list(Pause.objects.filter(case__in=matters).select_related("step__case", "began_by")
                    .order_by("began_at", "pk")),
        mergers=list(Merger.objects.filter(survivor__in=matters).select_related(
            "absorbed__organisation", "merged_by").order_by("merged_at")),
        splits=list(Split.objects.filter(case__in=matters).select_related(
            "new_case__organisation", "split_by").order_by("split_at")),
        moves=moves,
        closures=list(Closure.objects.filter(case__in=matters).select_related("closed_by")
                      .order_by("closed_at", "pk")),
        versions=list(PolicyVersion.objects.filter(pk__in=versions).order_by("number")),
        facts=facts,
        staff=Staff.objects.filter(organisation_id=case.organisation_id).in_bulk(),
    )  # fmt: skip
