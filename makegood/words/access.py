"""How doors obtain letters and replies; nobody reaches another organisation's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from makegood.ground.refusals import NotFound
from makegood.people.models import Staff
from makegood.words.models import Letter, Reply


def letter_for(staff: Staff, id: UUID) -> Letter:
    """A letter of the staff's organisation, or NotFound."""
    letters = Letter.objects.select_related("sender", "customer")
    letter = letters.filter(organisation_id=staff.organisation_id, pk=id).first()
    if letter is None:
        raise NotFound
    return letter


def letters_about(*about: UUID) -> Sequence[Letter]:
    """All letters of a matter, or of several, drafts too, the first first."""
    letters = Letter.objects.filter(about__in=about).select_related("sender", "customer")
    return list(letters.order_by("drafted_at", "id"))


def on_their_way(matters: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Which matters have a letter that is signed and has not left yet, each with its kind."""
    signed = Letter.objects.filter(
        about__in=list(matters), state__in=(Letter.State.WAITING, Letter.State.SENDING)
    )
    return set(signed.values_list("about", "kind"))


def written_to(customers: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    """When letters left, or will leave, for each of some customers."""
    moments: dict[UUID, list[datetime]] = {}
    letters = Letter.objects.filter(customer__in=list(customers)).exclude(send_at=None)
    rows = letters.exclude(state=Letter.State.FAILED).annotate(at=Coalesce("sent_at", "send_at"))
    for customer, at in rows.values_list("customer_id", "at"):
        moments.setdefault(customer, []).append(at)
    return moments


def draft_about(about: UUID, kind: Letter.Kind | str) -> Letter | None:
    """The draft somebody is writing on in a matter, if any; the newest."""
    drafts = Letter.objects.filter(about=about, kind=kind, state=Letter.State.DRAFT)
    return drafts.select_related("sender", "customer").order_by("-drafted_at").first()


def replies_about(*about: UUID) -> Sequence[Reply]:
    """What the customer wrote in a matter, or in several, the first first."""
    return list(Reply.objects.filter(about__in=about).order_by("received_at", "id"))


def thread_about(*about: UUID) -> Sequence[Letter | Reply]:
    """Letters that reached the customer and their replies, in the order they happened."""
    sent = [letter for letter in letters_about(*about) if letter.sent_at]
    return sorted([*sent, *replies_about(*about)], key=_happened_at)


def _happened_at(written: Letter | Reply) -> float:
    at = written.sent_at if isinstance(written, Letter) else written.received_at
    return at.timestamp() if at else 0.0
