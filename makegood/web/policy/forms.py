"""The draft chapter by chapter: each field with its help, and nothing unreadable is kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.people.teaming import groups_at, named_in
from makegood.recover import access
from makegood.recover.policy import KINDS, PolicyError, conditions, editing, parse
from makegood.recover.policy.phrasing import in_words
from makegood.recover.versions import followed
from makegood.recover.versions.drafting import ChangedMeanwhile
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door
from makegood.web.policy.chapters import (
    ALL,
    Chapter,
    Typed,
    Wrong,
    chapter_named,
    controls_of,
    groups_of,
    place_of,
)
from makegood.web.policy.helping import grammar, vocabulary
from makegood.web.policy.keeping import (
    Seen,
    filled_in,
    keep,
    row_up,
    standing_text,
    with_row,
    without_row,
)

DEEDS: Mapping[str, Callable[[str, str], str]] = {
    "add": with_row, "remove": without_row, "up": row_up,
}  # fmt: skip
LONGEST_FORM = 64_000


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def chapter(request: StaffRequest, name: str) -> HttpResponse:
    """One chapter of the draft. POST keeps it; `do` also adds, removes or moves a row."""
    asked = chapter_named(name)
    if request.method == "POST":
        return _keep(request, asked)
    return _show(request, asked, standing_text(request.user))


def _keep(request: StaffRequest, asked: Chapter) -> HttpResponse:
    before = standing_text(request.user)
    posted = {path: request.POST.getlist(path) for path in request.POST}
    deed, _colon, where = request.POST.get("do", "keep").partition(":")
    try:
        after = _changed(before, asked, posted, deed, where)
        if after != before:
            seen = Seen.posted(request.POST)
            keep(text=after, seen=seen, by=request.user, now=clock.now())
    except PolicyError as error:
        wrong = Wrong(place_of(error.field), f"{error.why} {error.remedy}".strip())
        return _show(request, asked, before, posted, wrong)
    except (ChangedMeanwhile, Invalid, editing.CannotEdit) as refusal:
        wrong = Wrong("", refusal.message)
        return _show(request, asked, before, posted, wrong, refusal)
    if deed != "keep":
        return redirect("policy_edit", name=asked.name)
    messages.info(request, _("Kept as draft.") if after != before else _("Nothing was changed."))
    return redirect("policy_draft" if after != before else "policy")


def _changed(
    before: str, asked: Chapter, posted: Mapping[str, Sequence[str]], deed: str, where: str
) -> str:
    """The text with what was typed, and with what the button does. Raises PolicyError."""
    controls = list(controls_of(groups_of(asked, Typed(editing.written(before)))))
    after = filled_in(before, controls, posted)
    if deed in DEEDS:
        after = DEEDS[deed](after, where)
    elif deed != "keep":
        raise Invalid(_("Choose what to do with the row."), field="do")
    if after != before:
        parse(after, facts=followed.NAMES)
    return after


def _show(
    request: StaffRequest,
    asked: Chapter,
    text: str,
    posted: Mapping[str, Sequence[str]] | None = None,
    wrong: Wrong = Wrong(),  # noqa: B008 - a value, frozen
    refusal: Refused | None = None,
) -> HttpResponse:
    draft = access.open_draft(request.user)
    in_force = access.policy_in_force(request.user)
    unreadable = _error_of(text)
    written = {} if unreadable else editing.written(text)
    house = named_in(groups_at(request.user.organisation_id))
    groups = [] if unreadable else groups_of(asked, Typed(written, posted or {}, wrong, house))
    titles = {kind: step["title"] for kind, step in written.get("steps", {}).items()}
    placed = {control.path for control in controls_of(groups) if control.wrong}
    placed |= {group.path for group in groups if group.wrong}
    context: dict[str, Any] = {
        "current": "policy",
        "chapter": asked,
        "heading": _heading(asked, titles),
        "chapters": ALL,
        "kinds": [(f"{kind}-step", titles.get(kind, kind)) for kind in KINDS],
        "groups": groups,
        "draft": draft,
        "number": in_force.number + 1,
        "unreadable": unreadable,
        "wrong": wrong if wrong.message and wrong.path not in placed else None,
        "is_wrong": bool(wrong.message),
        "vocabulary": vocabulary(),
        "grammar": grammar(),
    }
    status = refusal.status if refusal else 422 if wrong.message else 200
    return render(request, "policy/chapter.html", context, status=status)


def _heading(asked: Chapter, titles: Mapping[str, str]) -> str:
    kind = asked.name.removesuffix("-step")
    if kind == asked.name or kind not in titles:
        return str(asked.title)
    names = {"n": KINDS.index(kind) + 1, "title": titles[kind][:1].lower() + titles[kind][1:]}
    return _("Step %(n)d, %(title)s") % names


def _error_of(text: str) -> PolicyError | None:
    try:
        parse(text, facts=followed.NAMES)
    except PolicyError as error:
        return error
    return None


@require_POST
@senior_door
def condition(request: StaffRequest) -> HttpResponse:
    """Checks one condition while it is written: what it says in words, or what is wrong with it."""
    name = request.POST.get("name", "")
    said = request.POST.get(name, "")[:LONGEST_FORM].strip()
    context: dict[str, Any] = {"id": name.replace(".", "-"), "said": said}
    if said:
        try:
            context["words"] = in_words(conditions.compiled(said))
        except conditions.Misread as error:
            context["error"], context["place"] = error, error.place + 1
    return render(request, "policy/condition.html", context)
