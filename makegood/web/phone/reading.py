"""Reads what a browser says of itself and of its subscription."""

import json
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.models import Staff

LARGEST: Final = 8_192
OUR_OWN: Final = ("same-origin", "")


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The object a script of ours sent.

    A worker has no CSRF token to show. What stands for it: a form cannot send JSON, a browser asks
    us before it sends JSON for another site, and says in `Sec-Fetch-Site` for whom it does.
    """
    if request.headers.get("Sec-Fetch-Site", "") not in OUR_OWN:
        raise NotAllowed(_("Only the pager itself may say that."))
    if request.content_type != "application/json":
        raise Refused(_("Only the pager itself may say that."), code="not_json", status=415)
    if len(request.body) > LARGEST:
        raise Refused(_("That is more than a subscription."), code="too_large", status=413)
    try:
        said = json.loads(request.body)
    except ValueError:
        raise Invalid(_("That cannot be read."), field="subscription") from None
    if not isinstance(said, dict) or "\\u0000" in request.body.decode("utf-8", "replace"):
        raise Invalid(_("That cannot be read."), field="subscription")
    return said


def text(said: dict[str, Any], name: str) -> str:
    """A word of what was sent; nothing if it is none."""
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def system_of(request: HttpRequest) -> str:
    """What the browser runs on, as far as the guide needs to know: ios, android or computer."""
    agent = request.headers.get("User-Agent", "")
    if "iPhone" in agent or "iPad" in agent:
        return "ios"
    return "android" if "Android" in agent else "computer"


def name_for(staff: Staff, request: HttpRequest) -> str:
    """What a phone is called until its owner calls it otherwise."""
    names = {
        "ios": _("%(name)s’s iPhone"),
        "android": _("%(name)s’s Android phone"),
        "computer": _("%(name)s’s computer"),
    }
    return names[system_of(request)] % {"name": staff.first_name}
