"""What words tells the story; `about` is the letter or reply, `matter` what it concerns."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class LetterQueued(Fact, frozen=True, kw_only=True):
    """Somebody signed a letter; it leaves at `send_at`."""

    name: ClassVar[str] = "words.letter_queued"
    matter: UUID
    kind: str
    staff_id: UUID
    send_at: datetime


class LetterSent(Fact, frozen=True, kw_only=True):
    """The mail server took a letter."""

    name: ClassVar[str] = "words.letter_sent"
    matter: UUID
    kind: str
    staff_id: UUID


class LetterFailed(Fact, frozen=True, kw_only=True):
    """A letter cannot be delivered; `reason` says why, in words."""

    name: ClassVar[str] = "words.letter_failed"
    matter: UUID
    kind: str
    staff_id: UUID
    reason: str


class ReplyReceived(Fact, frozen=True, kw_only=True):
    """A customer wrote back."""

    name: ClassVar[str] = "words.reply_received"
    matter: UUID
    reply_id: UUID
