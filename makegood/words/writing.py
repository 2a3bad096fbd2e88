"""Writing a letter: drafted, edited, signed and sent from a named person in waking hours."""

from datetime import datetime
from email.utils import parseaddr
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from makegood.ground import chronicle, wakeup
from makegood.ground.refusals import Invalid, Refused
from makegood.people.models import ContactPoint, Customer, Staff
from makegood.words.facts import LetterQueued
from makegood.words.models import Letter
from makegood.words.waking import next_waking

LANE = "ordinary"
LONGEST_SUBJECT = 160
LONGEST_BODY = 20_000
ON_THEIR_WAY = (Letter.State.WAITING, Letter.State.SENDING, Letter.State.SENT)


@transaction.atomic
def draft_letter(
    *,
    about: UUID,
    customer: Customer | None,
    sender: Staff,
    kind: Letter.Kind | str,
    subject: str,
    body: str,
    now: datetime,
    to: str = "",
    link: str = "",
    caused_by: UUID | None = None,
) -> Letter:
    """Keeps a draft; without `to` it goes to the customer's e-mail address, if we know it.

    The same `caused_by` drafts once. Refuses a subject of several lines and overlong texts.
    """
    if kind not in Letter.Kind.values:
        raise Invalid("A letter is an apology, news or a question.", field="kind")
    written = {
        "organisation_id": sender.organisation_id,
        "about": about,
        "customer": customer,
        "sender": sender,
        "kind": kind,
        "to": _address(to) if to else _address_of(customer, now),
        "subject": _subject(subject),
        "body": _body(body),
        "link": link,
        "drafted_at": now,
    }
    if caused_by is None:
        return Letter.objects.create(**written)
    letter, _ = Letter.objects.get_or_create(caused_by=caused_by, defaults=written)
    return letter


@transaction.atomic
def edit_letter(
    *,
    letter: Letter,
    subject: str,
    body: str,
    now: datetime,
    to: str | None = None,
    link: str | None = None,
) -> Letter:
    """Changes the words, and address and link if given; refuses a letter that has left."""
    letter = _locked(letter)
    if not letter.may_change:
        raise Refused("This letter has left; write another one.", code="left")
    letter.subject, letter.body, letter.drafted_at = _subject(subject), _body(body), now
    if to is not None:
        letter.to = _address(to) if to or letter.state == Letter.State.WAITING else ""
    letter.link = letter.link if link is None else link
    letter.save(update_fields=["subject", "body", "drafted_at", "to", "link"])
    return letter


@transaction.atomic
def send_letter(*, letter: Letter, now: datetime, send_at: datetime | None = None) -> Letter:
    """Signs the letter and lets it leave at `send_at`, or else in the customer's waking hours.

    Sending twice sends once. Refuses an empty text, a missing address, and a customer who asked
    not to be written to.
    """
    letter = _locked(letter)
    if letter.state in ON_THEIR_WAY:
        return letter
    _refuse_unfinished(letter)
    letter.state, letter.error, letter.tries = Letter.State.WAITING, "", 0
    letter.send_at = letter.try_after = send_at or leaves_at(letter, now)
    letter.message_id = f"<{letter.pk}@{_mail_domain()}>"
    letter.save(update_fields=["state", "error", "tries", "send_at", "try_after", "message_id"])
    chronicle.record(
        LetterQueued(
            matter=letter.about,
            kind=letter.kind,
            staff_id=letter.sender_id,
            send_at=letter.send_at,
        ),
        organisation_id=letter.organisation_id,
        at=now,
        by=chronicle.staff_actor(letter.sender_id),
        about=letter.pk,
    )
    wakeup.wake(LANE)
    return letter


@transaction.atomic
def hold_letter(*, letter: Letter, now: datetime) -> Letter:
    """Makes a letter that waits for its time a draft again; refuses one that has left."""
    letter = _locked(letter)
    if not letter.may_change:
        raise Refused("This letter has left; write another one.", code="left")
    letter.state, letter.send_at, letter.try_after = Letter.State.DRAFT, None, None
    letter.drafted_at = now
    letter.save(update_fields=["state", "send_at", "try_after", "drafted_at"])
    return letter


def leaves_at(letter: Letter, now: datetime) -> datetime:
    """When the letter would leave if it were sent now: the customer's next waking moment."""
    return next_waking(now, _zone_of(letter))


def _locked(letter: Letter) -> Letter:
    locked = Letter.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("customer", "sender__site").get(pk=letter.pk)


def _refuse_unfinished(letter: Letter) -> None:
    if not letter.to:
        raise Invalid("We have no e-mail address to send this to.", field="to")
    if not letter.subject:
        raise Invalid("Say in the subject what it is about.", field="subject")
    if not letter.body.strip():
        raise Invalid("The letter has no words yet.", field="body")
    if letter.customer and letter.customer.no_messages_at:
        raise Refused(f"{letter.customer} asked us not to write any more.", code="no_messages")


def _zone_of(letter: Letter) -> ZoneInfo:
    own = letter.customer.timezone if letter.customer else ""
    try:
        return ZoneInfo(own or letter.sender.site.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(letter.sender.site.timezone)


def _address_of(customer: Customer | None, now: datetime) -> str:
    if customer is None:
        return ""
    points = customer.contact_points.filter(
        Q(valid_until=None) | Q(valid_until__gt=now), kind=ContactPoint.Kind.EMAIL
    )
    point = points.order_by("-valid_from").first()
    return point.value if point else ""


def _address(to: str) -> str:
    try:
        validate_email(to.strip())
    except ValidationError as error:
        raise Invalid("That is not an e-mail address.", field="to") from error
    return to.strip()


def _subject(subject: str) -> str:
    stripped = subject.strip()
    if not stripped.isprintable():
        raise Invalid("The subject is one line of plain words.", field="subject")
    if len(stripped) > LONGEST_SUBJECT:
        raise Invalid(f"Say it in {LONGEST_SUBJECT} characters.", field="subject")
    return stripped


def _body(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST_BODY:
        raise Invalid(f"Say it in {LONGEST_BODY:,} characters.", field="body")
    return text


def _mail_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
