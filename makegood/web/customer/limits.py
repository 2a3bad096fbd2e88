"""How much one link may send, and in which shape. Counted per link, never per address: a whole
venue shares one."""

from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.utils.translation import gettext as _

from makegood.ground.refusals import Refused

WRONG_METHOD: Final = 405
LARGEST_BODY: Final = 65_536
WRITINGS_PER_MINUTE: Final = 30
FORM: Final = "application/x-www-form-urlencoded"


def check_request(request: HttpRequest, methods: tuple[str, ...]) -> None:
    """Refuses the wrong method, a body too large, and anything that is not one of our forms."""
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        said = _("This address does not take that kind of request. Go back to the page and use it.")
        raise Refused(said, code="method_not_allowed", status=WRONG_METHOD)
    if request.method == "POST":
        _check_body(request)


def _check_body(request: HttpRequest) -> None:
    if _announced_length(request) > LARGEST_BODY:
        said = _("That is more than this page can take. Shorten your words and send them again.")
        raise Refused(said, code="too_large", status=413)
    if request.content_type not in (FORM, ""):
        said = _("This page takes only its own form. Go back to the page and use its buttons.")
        raise Refused(said, code="not_a_form", status=415)
    unreadable = Refused(
        _("We could not read that. Go back to the page and send it again."),
        code="unreadable",
        status=400,
    )
    try:
        form = request.POST
    except (BadRequest, SuspiciousOperation) as error:
        raise unreadable from error
    if any("\x00" in value for values in form.lists() for value in values[1]):
        raise unreadable  # no keyboard writes it, and no database keeps it


def _announced_length(request: HttpRequest) -> int:
    """Without an announced length the server reads no body at all."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 12 else 0


def count_writing(link: UUID) -> None:
    """Refuses (429) more than a person can write in a minute."""
    key = f"customer-writes:{link}"
    cache.add(key, 0, timeout=60)
    try:
        written = cache.incr(key)
    except ValueError:  # the minute ended between the two lines
        return
    if written > WRITINGS_PER_MINUTE:
        said = _("That was a lot in one minute. Wait a minute, then send it again.")
        raise Refused(said, code="too_many", status=429)
