"""What allauth leaves to us around sign-in."""

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from makegood.ground import clock
from makegood.ground.refusals import Refused
from makegood.page.equipment.subscribing import SIGNED_OUT, unsubscribe


def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out. The browser that does so rings nobody any more; its script says which it is."""
    endpoint = request.POST.get("endpoint", "")
    if request.user.is_authenticated and endpoint and endpoint.isprintable():
        unsubscribe(staff=request.user, endpoint=endpoint, because=SIGNED_OUT, now=clock.now())
    answer: HttpResponse = views.logout(request)
    return answer


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Refuses: an account comes by invitation, or with the set-up of the house."""
    raise Refused(
        _("Nobody signs up here. Ask your manager to add you; it takes them a minute."),
        code="no_sign_up",
        status=404,
    )
