"""The frame of staff screens: which entries its top bar shows."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCREENS: tuple[tuple[str, Promise], ...] = (
    ("floor", _("Floor")),
    ("cases", _("Cases")),
    ("promises", _("Promises")),
    ("causes", _("Causes")),
    ("policy", _("Policy")),
    ("proof", _("Proof")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One word in the top bar. `name` is the name of its URL."""

    name: str
    label: str
    url: str


def entries() -> list[Entry]:
    """The screens this installation has, in the order people use them."""
    found = ((name, label, url_or_none(name)) for name, label in SCREENS)
    return [Entry(name, str(label), url) for name, label, url in found if url]


def url_or_none(name: str) -> str | None:
    """The address of a named screen, if there is such a screen."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
