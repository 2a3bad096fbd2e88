"""Writing to the customer: notes while it is written, kept as a draft, sent, held back."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.models import Case
from makegood.recover.steps.asking import address_of, promise_path
from makegood.web.cases import composer
from makegood.web.cases.composer import Written
from makegood.web.cases.views import get_to_know
from makegood.web.cases.whose import whose_is
from makegood.web.cases.workspace import Wrong, act, show
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door
from makegood.words.access import letter_for
from makegood.words.models import Letter
from makegood.words.writing import ON_THEIR_WAY, draft_letter, edit_letter, hold_letter, send_letter

FORM = "letter"


class WrittenMeanwhile(Refused):
    """Somebody else wrote, or the same person elsewhere, since this page was shown."""

    def __init__(self, message: str, letter: Letter) -> None:
        self.letter = letter
        super().__init__(message, code="written_meanwhile")


@dataclass(frozen=True)
class Desk:
    """One person writing about one case, and what they knew of its letters when they began."""

    case: Case
    by: Staff
    seen: str
    now: datetime


@require_POST
@staff_door
@in_site_time
def lint(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What a colleague notes about the text as it is typed; nothing is kept."""
    case = access.case_for(request.user, case_id)
    whose = whose_is(case, clock.now())
    reading = composer.read(_typed(request.POST).body, whose)
    # Only a letter after the first offers a choice of kinds; what an apology needs is said before.
    context = {"reading": reading, "is_apology": "kind" not in request.POST}
    return render(request, "cases/notes.html", context)


@require_POST
@staff_door
@in_site_time
def letter(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Uses a note's words, keeps the draft, or sends it, by the button pressed."""
    case, now = access.case_for(request.user, case_id), clock.now()
    written = _typed(request.POST)
    if use := request.POST.get("use"):
        return show(request, case, now, typed=_with_note_used(case, written, use, now))
    desk = Desk(case, request.user, request.POST.get("seen", ""), now)
    try:
        said = _keep_or_send(desk, written, request.POST.get("do", ""))
    except NotFound:
        raise
    except Refused as refusal:
        return _again(request, desk, written, refusal)
    messages.info(request, said)
    return redirect("case", case_id=case.pk)


@act(FORM)
def hold(case: Case, request: StaffRequest, now: datetime, letter_id: UUID) -> str:
    """Holds a letter back that has not left; it is a draft again."""
    found = letter_for(request.user, letter_id)
    if found.about != case.pk:
        raise NotFound
    if found.sender_id != request.user.pk and not request.user.is_senior:
        raise NotAllowed(_("Only who wrote it, or a senior, can hold it back."))
    hold_letter(letter=found, now=now)
    return _("Held back. It is a draft again.")


def _keep_or_send(desk: Desk, written: Written, do: str) -> str:
    if do not in ("keep", "send"):
        raise Invalid(_("Keep it as a draft, or send it."), field="do")
    sent_already = _sent_by_this_form(desk, written)
    if sent_already is None:
        _refuse_if_written_meanwhile(desk)
    kept = sent_already or _keep(desk, written)
    if do == "keep":
        return _("Kept as a draft.")
    gone = send_letter(letter=kept, now=desk.now)
    if gone.send_at is None or gone.send_at <= desk.now:
        return _("It leaves now.")
    local = timezone.localtime(gone.send_at)
    when = {"day": date_format(local, "l"), "time": date_format(local, "G:i")}
    return _("It leaves %(day)s at %(time)s. Until then you can hold it back.") % when


def _keep(desk: Desk, written: Written) -> Letter:
    case, to = desk.case, _address(desk, written)
    mine = composer.my_draft(composer.letters_of(case), desk.by)
    if mine and mine.kind == written.kind:
        return edit_letter(
            letter=mine, subject=written.subject, body=written.body, now=desk.now, to=to or None,
            link=promise_path(case),
        )  # fmt: skip
    kept = draft_letter(
        about=case.pk,
        customer=case.customer,
        sender=desk.by,
        kind=written.kind,
        subject=written.subject,
        body=written.body,
        to=to,
        link=promise_path(case),
        caused_by=_key(written.key),
        now=desk.now,
    )
    if (kept.about, kept.sender_id) != (case.pk, desk.by.pk):
        raise Invalid(_("Open this screen again, then send it once more."), field="key")
    return kept


def _address(desk: Desk, written: Written) -> str:
    """Where it goes; an address given here is the customer's from now on."""
    if written.to and not address_of(desk.case, desk.now):
        try:
            get_to_know(desk.case, name="", contact=written.to, by=desk.by, now=desk.now)
        except Invalid as wrong:
            raise Invalid(wrong.message, field="to") from wrong
        desk.case.refresh_from_db()
    return address_of(desk.case, desk.now)


def _sent_by_this_form(desk: Desk, written: Written) -> Letter | None:
    """The letter that the same form sent already: a button pressed twice sends once."""
    for one in composer.letters_of(desk.case):
        same = one.sender_id == desk.by.pk and one.body == written.body.strip()
        if same and one.state in ON_THEIR_WAY and one.drafted_at.isoformat() > desk.seen:
            return one
    return None


def _refuse_if_written_meanwhile(desk: Desk) -> None:
    newer = [
        one for one in composer.letters_of(desk.case) if one.drafted_at.isoformat() > desk.seen
    ]
    for one in reversed(newer):
        if one.sender_id == desk.by.pk:
            said = _("You wrote on in another window while this one was open.")
            raise WrittenMeanwhile(said, one)
        if one.state in ON_THEIR_WAY:
            name = {"name": one.sender.first_name}
            raise WrittenMeanwhile(_("%(name)s answered this while you wrote.") % name, one)


def _again(request: StaffRequest, desk: Desk, written: Written, refusal: Refused) -> HttpResponse:
    """The same page, with every word that was typed."""
    fresh = access.case_for(request.user, desk.case.pk)
    wrong = Wrong(FORM, refusal.field, refusal.message)
    other = refusal.letter if isinstance(refusal, WrittenMeanwhile) else None
    return show(
        request, fresh, desk.now, wrong=wrong, typed=written, status=refusal.status, other=other
    )


def _with_note_used(case: Case, written: Written, use: str, now: datetime) -> Written:
    """The text with the note's words in place of the marked ones; as it is if they are gone."""
    for marked in composer.read(written.body, whose_is(case, now)).notes:
        if marked.value == use and marked.note.instead:
            begins, ends = marked.note.start, marked.note.end
            body = written.body[:begins] + marked.note.instead + written.body[ends:]
            return replace(written, body=body)
    return written


def _typed(form: QueryDict) -> Written:
    kind = form.get("kind", Letter.Kind.APOLOGY.value)
    return Written(
        subject=form.get("subject", ""),
        body=form.get("body", "").replace("\r\n", "\n").replace("\x00", ""),
        kind=kind if kind in composer.WRITTEN_BY_PEOPLE else Letter.Kind.APOLOGY.value,
        to=form.get("to", "").strip(),
        key=form.get("key", ""),
    )


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("Open this screen again, then send it once more."), field="key") from error
