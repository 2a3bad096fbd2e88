"""The content security policy every page is sent with."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from makegood.web.look.inlining import fingerprints

RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' {fingerprints}",
    # Positions on a track, the size of a ring: data, carried by custom properties in style="".
    # Attributes cannot load anything here, and no guest's words are ever written into one.
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


class ContentSecurityPolicy:
    """Middleware: sends the policy unless the view sent its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        return response


def policy() -> str:
    """The policy as a header value."""
    return "; ".join(RULES).format(fingerprints=fingerprints())
