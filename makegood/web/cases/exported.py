"""A case's whole story as one page to read and print, and as a file for other programs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from makegood import story
from makegood.ground import clock
from makegood.ground.models import Entry
from makegood.page.proof.timeline import timelines_of
from makegood.recover import access
from makegood.recover.models import Step
from makegood.recover.record.exporting import Export, export_case
from makegood.recover.record.portable import as_json
from makegood.recover.steps.planning import plan_of
from makegood.web.cases.lines import heading
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door

FIRST_SENTENCE = re.compile(r"[.;] ")


@dataclass(frozen=True)
class StepRead:
    """One step of the record: what became of it, and the facts that show it."""

    step: Step
    title: str
    state: str
    shown_by: Sequence[str]


@dataclass(frozen=True)
class FactRead:
    """One entry of the chronicle in words."""

    at: datetime
    who: str
    words: str
    name: str


@require_GET
@staff_door
@in_site_time
def page(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Everything about the case on one page, made to be read and printed; no script."""
    case, now = access.case_for(request.user, case_id), clock.now()
    export = export_case(case, now)
    with timezone.override(ZoneInfo(case.site.timezone)):
        context = {
            "case": case,
            "heading": heading(case),
            "now": now,
            "export": export,
            "steps": _steps(export),
            "tried": list(timelines_of(export.pages, now=now).values()),
            "pauses": [
                (pause, plan_of(pause.step).title if pause.step else "") for pause in export.pauses
            ],
            "facts": [_fact(export, entry) for entry in export.facts],
            "by": request.user,
        }
        return render(request, "cases/export.html", context)


@require_GET
@staff_door
def document(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The same as JSON, with names that stay."""
    case = access.case_for(request.user, case_id)
    answer = JsonResponse(
        as_json(export_case(case, clock.now())),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{case.reference}.json"'
    return answer


def _steps(export: Export) -> list[StepRead]:
    facts = {str(entry.pk): entry for entry in export.facts}
    return [
        StepRead(
            step=step,
            title=plan_of(step).title,
            state=_state(step),
            shown_by=[
                _("%(what)s, %(when)s") % {
                    "what": _words(facts[pk].name).rstrip("."),
                    "when": date_format(timezone.localtime(facts[pk].at), "j M Y, G:i"),
                }
                for pk in step.evidence
                if pk in facts
            ],
        )
        for step in export.steps
    ]  # fmt: skip


def _state(step: Step) -> str:
    if step.state == Step.State.SKIPPED:
        return _("left out")
    if step.state == Step.State.WAITING:
        return _("waits")
    return _("done, late") if step.late else _("done")


def _fact(export: Export, entry: Entry) -> FactRead:
    return FactRead(
        at=entry.at, who=export.who(entry.by), words=_words(entry.name), name=entry.name
    )


def _words(name: str) -> str:
    """What a fact says, in one sentence."""
    return WORDS.get(name, name)


def _sentence(words: str) -> str:
    """The first of a description, without what only programmers read."""
    first = FIRST_SENTENCE.split(" ".join(words.split()), maxsplit=1)[0]
    if "`" in first:
        first = first[: first.index("`")].rpartition(",")[0] or first.replace("`", "")
    return f"{first.rstrip('.')}."


WORDS = {fact.name: _sentence(fact.__doc__ or "") for fact in (*story.HEARD, *story.QUIET)}
