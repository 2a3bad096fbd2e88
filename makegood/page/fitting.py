"""Cuts words to the room they have: a long note must never stop a page from ringing."""

from django.db import models


def fitting(model: type[models.Model], field: str, words: str) -> str:
    """`words`, ending in an ellipsis if `field` has no room for all of them."""
    column = model._meta.get_field(field)
    if not isinstance(column, models.CharField) or column.max_length is None:
        return words
    room = column.max_length
    return words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
