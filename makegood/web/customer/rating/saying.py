"""The sentences of the rating page, a whole one per answer, so that each can be translated."""

from django.utils.translation import gettext as _


def question(score: int | None, occasion: str, *, answered: bool) -> str:
    """What we ask, given what the link pre-selected or they answered before."""
    what = occasion.split(",")[0].strip()
    if score is None:
        return _("How was %(what)s?") % {"what": what}
    said = _told(score) if answered else _asked(score)
    return said % {"what": what}


def thanks(score: int, name: str) -> str:
    """What we say to their answer; by name if we know it."""
    if name:
        return _by_name(score) % {"name": name}
    if score <= 2:
        return _("Thank you. That should not have happened.")
    if score == 3:
        return _("Thank you. All right is not what we aim for.")
    return _("Thank you. That is good to hear.")


def _asked(score: int) -> str:
    return {
        1: _("You said %(what)s was very bad. Is that right?"),
        2: _("You said %(what)s was not good. Is that right?"),
        3: _("You said %(what)s was all right. Is that right?"),
        4: _("You said %(what)s was good. Is that right?"),
        5: _("You said %(what)s was wonderful. Is that right?"),
    }[score]


def _told(score: int) -> str:
    return {
        1: _("You told us %(what)s was very bad. Is it still so?"),
        2: _("You told us %(what)s was not good. Is it still so?"),
        3: _("You told us %(what)s was all right. Is it still so?"),
        4: _("You told us %(what)s was good. Is it still so?"),
        5: _("You told us %(what)s was wonderful. Is it still so?"),
    }[score]


def _by_name(score: int) -> str:
    if score <= 2:
        return _("Thank you, %(name)s. That should not have happened.")
    if score == 3:
        return _("Thank you, %(name)s. All right is not what we aim for.")
    return _("Thank you, %(name)s. That is good to hear.")
