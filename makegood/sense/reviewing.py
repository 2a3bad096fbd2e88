"""What a customer wrote about us in public, noted by a colleague or by a system of the company."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction

from makegood.ground import chronicle, wakeup
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, NotAllowed
from makegood.people.models import Customer, Site, Staff
from makegood.people.plain_text import one_line, paragraphs
from makegood.sense.facts import ReviewNoted
from makegood.sense.models import Remark, Review, Signal

LONGEST_WORDS = 10_000
LONGEST_KEY = 200
LONGEST_URL = 500
READS_URLS = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class Written:
    """A review as it stands at its source; `key` is the source's own name for it.

    `stars`: 1 to 5, however the source counts.
    """

    source: str
    key: str
    stars: int
    written_at: datetime
    words: str = ""
    author: str = ""
    url: str = ""


def note_review(
    *,
    site: Site,
    written: Written,
    now: datetime,
    by: Staff | None = None,
    customer: Customer | None = None,
) -> Signal:
    """Notes a review as a signal like any other; the same key of the same source is noted once.

    Refuses stars beyond 1 to 5, a review of the future, an address that is none, and one without
    a source or a key.
    """
    if by and by.organisation_id != site.organisation_id:
        raise NotAllowed
    review = _checked(site, written, now)
    with transaction.atomic():
        earlier = _earlier(review)
        if earlier:
            return earlier
        try:
            with transaction.atomic():
                signal = _keep(review, _signal(site, written, customer, now))
        except IntegrityError:
            return Review.objects.select_related("signal").get(**_name(review)).signal
        if review.author and not customer:
            _know_as(review.author, signal)
        chronicle.record(
            ReviewNoted(source=review.source, stars=written.stars),
            organisation_id=site.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
            about=signal.pk,
        )
        wakeup.wake("urgent")
    return signal


def _checked(site: Site, written: Written, now: datetime) -> Review:
    if not 1 <= written.stars <= 5:
        raise Invalid("A review has 1 to 5 stars.", field="stars")
    if written.written_at > now:
        raise Invalid("This day is still to come. When was it written?", field="written_at")
    url = one_line(written.url, field="url", longest=LONGEST_URL)
    if url:
        _check_address(url)
    return Review(
        organisation_id=site.organisation_id,
        source=one_line(written.source, field="source", longest=40, required=True),
        key=one_line(written.key, field="key", longest=LONGEST_KEY, required=True),
        author=one_line(written.author, field="author", longest=120),
        url=url,
    )


def _check_address(url: str) -> None:
    try:
        READS_URLS(url)
    except ValidationError as error:
        raise Invalid("An address begins with https://, or leave it empty.", field="url") from error


def _name(review: Review) -> dict[str, object]:
    return {
        "organisation_id": review.organisation_id, "source": review.source, "key": review.key,
    }  # fmt: skip


def _earlier(review: Review) -> Signal | None:
    found = Review.objects.filter(**_name(review)).select_related("signal").first()
    return found.signal if found else None


def _signal(site: Site, written: Written, customer: Customer | None, now: datetime) -> Signal:
    signal_id = new_id()
    return Signal(
        id=signal_id,
        organisation_id=site.organisation_id,
        site=site,
        customer=customer,
        kind=Signal.Kind.REVIEW,
        key=f"review-{signal_id}",
        place=f"Review on {written.source.strip()}"[:60],
        dwell_minutes=0,
        score=written.stars,
        words=paragraphs(written.words, field="words", longest=LONGEST_WORDS),
        happened_at=written.written_at,
        received_at=now,
    )


def _keep(review: Review, signal: Signal) -> Signal:
    signal.save(force_insert=True)
    review.signal = signal
    review.save(force_insert=True)
    return signal


def _know_as(author: str, signal: Signal) -> None:
    """Whom the case may call by name, though nobody told us who they are."""
    Remark.objects.create(
        organisation_id=signal.organisation_id, signal=signal, name=author,
        said_at=signal.happened_at,
    )  # fmt: skip
