"""Hears what comes in while a case runs."""

from typing import Any

from makegood.ground.models import Entry


def hear_remark(entry: Entry, fact: Any) -> None:
    """Reaction."""


def hear_cancellation(entry: Entry, fact: Any) -> None:
    """Reaction."""


def ask_senior(entry: Entry, fact: Any) -> None:
    """Reaction."""


def hear_decision(entry: Entry, fact: Any) -> None:
    """Reaction."""


def hear_letter_failed(entry: Entry, fact: Any) -> None:
    """Reaction."""


def hear_reply(entry: Entry, fact: Any) -> None:
    """Reaction."""
