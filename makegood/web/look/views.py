"""The icon that browsers ask for by themselves, and the living style page for us."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from makegood.web.look import frame

THEMES = ("light", "dark", "pager")
COLOURS = (
    *("canvas", "surface", "sunken", "line", "edge", "ink", "ink-2", "ink-3"),
    *("glaze", "glaze-deep", "glaze-tint", "gold", "gold-bright", "gold-deep", "gold-ink"),
    *("gold-tint", "clay", "clay-tint", "plate-rim", "plate-well"),
)
STEPS = (
    {"state": "mended", "name": "Validate", "note": "Genuine, and ours", "when": "20:12"},
    {"state": "now", "name": "Apologise", "note": "In writing next", "when": "tomorrow 12:00"},
    {"state": "late", "name": "Make amends", "note": "One proposal open", "when": "2 h late"},
    {"state": "ahead", "name": "Plan the correction", "note": "Ines", "when": "23 Nov"},
    {"state": "ahead", "name": "Confirm it is done", "note": "Photo or count", "when": "5 Dec"},
)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """Where the icon lies, for browsers that ask at the usual place before they read a page."""
    return redirect(static("favicon.svg"))


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, light or dark (`?theme=`) and in both directions (`?dir=`)."""
    if not settings.DEBUG:
        raise Http404
    asked = request.GET.get("theme", "light")
    context = {
        "theme": asked if asked in THEMES else "light",
        "dir": "rtl" if request.GET.get("dir") == "rtl" else "ltr",
        "themes": THEMES,
        "colours": COLOURS,
        "steps": STEPS,
        "twelve": range(1, 13),
        "entries": [frame.Entry(name, str(label), "#") for name, label in frame.SCREENS],
        "me": {"name": "Bo Lindqvist"},
        "site_name": "The Fairline Hotel · Harbour",
        "sites": [],
        "duty": "On duty, felt 16:58",
        "on_duty": True,
        "duty_url": "#",
    }
    return render(request, "look/gallery.html", context)
