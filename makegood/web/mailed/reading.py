"""What a mail provider posts to us, read by Anymail: which mail of ours, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailBasicAuthMixin, AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.http import HttpRequest

from makegood.ground.mailing import KEY, MailNews

VIEWS: Final[Mapping[str, type[AnymailCoreWebhookView]]] = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "resend": ResendTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}
BACK: Final = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
MALFORMED: Final = (ValueError, LookupError, TypeError, AttributeError, AnymailConfigurationError)


@dataclass(frozen=True)
class Told:
    """Of one mail: what it was (ring, test or letter), its row, which signing, and the news."""

    what: str
    pk: UUID
    signing: int
    news: MailNews


def shows_password(name: str, request: HttpRequest, password: str) -> bool:
    """Whether it is our provider that asks, compared in constant time."""
    try:
        # Its own signature, where a provider has one, would need one secret more.
        AnymailBasicAuthMixin.validate_request(VIEWS[name](webhook_secret=password), request)
    except AnymailWebhookValidationFailure:
        return False
    return True


def read(name: str, request: HttpRequest, password: str) -> list[Told]:
    """Everything in a post of this provider that is about a mail of ours; raises one of `MALFORMED`
    for what is none."""
    events = VIEWS[name](webhook_secret=password).parse_events(request)
    return [told for event in events for told in _told(event)]


def _told(event: AnymailTrackingEvent) -> Iterator[Told]:
    arrived = event.event_type == EventType.DELIVERED
    if not arrived and event.event_type not in BACK:
        return
    pk, what, signing = _key(event.metadata)
    if pk:
        yield Told(what, pk, signing, _news(event, arrived=arrived))


def _news(event: AnymailTrackingEvent, *, arrived: bool) -> MailNews:
    words = " ".join(part for part in (event.description, event.mta_response) if part)
    said = f"It came back: {words or event.reject_reason or event.event_type}"
    return MailNews(arrived, said, nobody_there=event.reject_reason == RejectReason.INVALID)


def _key(metadata: Any) -> tuple[UUID | None, str, int]:
    """Mails that are none of ours have none; so have those sent by other programs of the house."""
    said = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    pk, what, signing, *_ = [*str(said or "").split("."), "", "", ""]
    try:
        return UUID(pk), what, int(signing or 0)
    except ValueError:
        return None, "", 0
