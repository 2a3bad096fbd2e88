"""What words tells the story; `about` is the letter or reply, `matter` what it concerns."""

from typing import ClassVar
from uuid import UUID

from makegood.ground.chronicle import Fact


class LetterSent(Fact):
    """The mail server took a letter."""

    name: ClassVar[str] = "words.letter_sent"
    matter: UUID
    kind: str
    staff_id: UUID


class LetterFailed(Fact):
    """The mail server refused a letter for good."""

    name: ClassVar[str] = "words.letter_failed"
    matter: UUID
    kind: str
    staff_id: UUID


class ReplyReceived(Fact):
    """A customer wrote back."""

    name: ClassVar[str] = "words.reply_received"
    matter: UUID
    reply_id: UUID
