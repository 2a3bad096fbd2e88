"""What allauth leaves to us around sign-in."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from makegood.ground.refusals import Refused


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Refuses: an account comes by invitation, or with the set-up of the house."""
    raise Refused(
        _("Nobody signs up here. Ask your manager to add you; it takes them a minute."),
        code="no_sign_up",
        status=404,
    )
