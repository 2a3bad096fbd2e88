"""The door for a mail provider: what came of a mail it took. It shows a password of ours.

Nothing is read before that was seen, so strangers cost neither memory nor a query.
"""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from makegood.ground import clock, tenancy
from makegood.ground.refusals import NotFound, Refused
from makegood.page.hands.returning import hear_of_ring, hear_of_test
from makegood.web.mailed.reading import MALFORMED, Told, read, shows_password
from makegood.words.returning import hear_of_letter

LARGEST_POST: Final = 2_000_000  # some tell of many mails at once


@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def told(request: HttpRequest) -> HttpResponse:
    """Hears it. Refuses who shows no password, what is too long, and what we cannot read; HEAD is
    how some providers look whether we are here."""
    house = settings.HOUSE
    if house.mail_provider is None:
        raise NotFound
    if request.method == "HEAD":
        return HttpResponse()
    password = urlsplit(house.mail_hook).netloc.rpartition("@")[0]
    if not shows_password(house.mail_provider.name, request, password):
        said = _("Show the password that stands in the address: makegood mail prints it.")
        raise Refused(said, code="password", status=401)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LARGEST_POST:
        raise Refused(_("That is more than we take at once."), code="too_large", status=413)
    try:
        everything = read(house.mail_provider.name, request, password)
    except MALFORMED as error:
        raise Refused(_("We cannot read that."), code="unreadable", status=422) from error
    with tenancy.everywhere():
        for one in everything:
            _hear(one)
    return HttpResponse(status=204)


def _hear(told: Told) -> None:
    now = clock.now()
    if told.what == "ring":
        hear_of_ring(pk=told.pk, news=told.news, now=now)
    elif told.what == "test":
        hear_of_test(pk=told.pk, news=told.news, now=now)
    elif told.what == "letter":
        hear_of_letter(pk=told.pk, signing=told.signing, news=told.news, now=now)
