"""How a draft is kept from a form or from the text, so that nobody's words are ever lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid
from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.models import PolicyDraft
from makegood.recover.policy import editing
from makegood.recover.versions import drafting
from makegood.recover.versions.drafting import ChangedMeanwhile
from makegood.web.policy.chapters import Control, may_hold_rows, new_row


@dataclass(frozen=True)
class Seen:
    """The draft and revision somebody wrote on; no draft: the version in force."""

    draft: UUID | None
    revision: int

    @classmethod
    def posted(cls, form: Mapping[str, str]) -> "Seen":
        """As a form carries it; refuses what no form of ours says."""
        try:
            draft = form.get("over", "") if form.get("take") else form.get("draft", "")
            revision = int(form.get("take") or form.get("revision") or 0)
            return cls(UUID(draft) if draft else None, revision)
        except ValueError as error:
            raise Invalid(_("Open this page anew, then save again."), field="revision") from error


def standing_text(staff: Staff) -> str:
    """The text somebody would edit: the open draft's, else what is in force."""
    draft = access.open_draft(staff)
    return draft.document if draft else access.policy_in_force(staff).document


def keep(*, text: str, seen: Seen, by: Staff, now: datetime) -> PolicyDraft:
    """Keeps `text` as the draft, and begins one if none is open.

    Raises ChangedMeanwhile when somebody else wrote since.
    """
    standing = access.open_draft(by)
    if standing is None:
        begun = drafting.begin_draft(by=by, now=now)
        return drafting.edit_draft(draft=begun, text=text, revision=begun.revision, by=by, now=now)
    begun_since = seen.draft is None and standing.document != standing.based_on.document
    if begun_since or seen.draft not in (None, standing.pk):
        raise ChangedMeanwhile(standing)
    revision = seen.revision if seen.draft else standing.revision
    return drafting.edit_draft(draft=standing, text=text, revision=revision, by=by, now=now)


def filled_in(text: str, controls: Sequence[Control], posted: Mapping[str, Sequence[str]]) -> str:
    """`text` with what was typed in the fields; what was not touched stays as it is written."""
    for control in controls:
        if control.path in posted:
            text = _written(text, control, posted[control.path])
    return text


def with_row(text: str, path: str) -> str:
    """`text` with a fresh row in the list at `path`, above the row that is always true."""
    if not may_hold_rows(path):
        raise Invalid(_("No row can be added there."), field="do")
    rows = editing.value_at(text, path) or []
    text = editing.add_row(text, path, new_row(path))
    last = rows[-1] if rows else {}
    if path.startswith("tables.") and last.get("when", "true") == "true" and rows:
        text = editing.move_row(text, f"{path}.{len(rows)}", len(rows) - 1)
    return text


def without_row(text: str, path: str) -> str:
    """`text` without the row at `path`."""
    holder, _dot, place = path.rpartition(".")
    if not may_hold_rows(holder) or not place.isdigit():
        raise Invalid(_("There is no such row."), field="do")
    return editing.remove(text, path)


def row_up(text: str, path: str) -> str:
    """`text` with the row at `path` one place higher."""
    holder, _dot, place = path.rpartition(".")
    if not may_hold_rows(holder) or not place.isdigit() or place == "0":
        raise Invalid(_("There is no such row."), field="do")
    return editing.move_row(text, path, int(place) - 1)


def _written(text: str, control: Control, said: Sequence[str]) -> str:
    if control.kind == "checks":
        chosen = [one for one in said if one]
        if chosen == list(control.chosen):
            return text
        return editing.set_value(text, control.path, chosen) if chosen else _gone(text, control)
    words = " ".join(said[-1].split()) if said else ""
    if words == control.value:
        return text
    return editing.set_value(text, control.path, words) if words else _gone(text, control)


def _gone(text: str, control: Control) -> str:
    """Without the value, and without the variant it was the last of."""
    text = editing.remove(text, control.path)
    holder = control.path.rpartition(".")[0]
    while ".variants" in holder and _is_empty(editing.value_at(text, holder)):
        text = editing.remove(text, holder)
        holder = holder.rpartition(".")[0]
    return text


def _is_empty(value: Any) -> bool:
    return bool(value == {} or value == "")
