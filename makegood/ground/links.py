"""Sealed links under the house's secret. The purposes are all the kinds of link there are."""

from typing import Final
from uuid import UUID

from django.conf import settings

from makegood.ground.refusals import NotFound
from makegood.ground.tokens import Seal, Sealed, TokenInvalid

TOUCHPOINT: Final = "touchpoint"  # /t/<token>: the button; id of the touchpoint, its link_version
BUTTON: Final = "button"  # /b/<token>/…, and MQTT's password; id of the button, its link_version
PAGER: Final = "pager"  # MQTT's password of a wrist pager; id of the device
LAMP: Final = "lamp"  # MQTT's password of a lamp; id of the lamp, its link_version
PRESS: Final = "press"  # /p/<token>: the page after the press; id of the signal
RATING: Final = "rating"  # /r/<token>: one-click rating; id of the invitation
PROMISE: Final = "promise"  # /m/<token>: the promise page; id of the case, its link_version
ANSWER: Final = "answer"  # /pager/said/<token>/…: a notification answers; id of the attempt
FELT: Final = "felt"  # /pager/said/<token>/felt/: felt, says a notification; id of the self-test
STREAM: Final = "stream"  # /live/<topic>/<token>: Server-Sent Events of one bulletin topic


def close(purpose: str, id: UUID, version: int = 0) -> str:
    """The token for `id`, good for `purpose` only."""
    return Seal(settings.SECRET_KEY).close(purpose, id, version)


def open_link(purpose: str, token: str) -> Sealed:
    """What the token says; refuses (404) anything not sealed here for `purpose`."""
    try:
        return Seal(settings.SECRET_KEY).open(purpose, token)
    except TokenInvalid as error:
        raise NotFound("This link is not one of ours, or it is no longer valid.") from error


def stream(kind: str, id: UUID, version: int = 0) -> str:
    """Path of the event stream of topic `<kind>:<id>`: staff, site, case or signal."""
    return f"/live/{kind}/{close(f'{STREAM}:{kind}', id, version)}"
