"""The inlined bundles as this deployment serves them, read once."""

from functools import cache

from django.conf import settings
from django.templatetags.static import static

from makegood.web.look.styles import INLINED, fingerprint, inline_text


def inlined(bundle: str) -> str:
    """The text of an inlined bundle; while developing it is read anew, so an edit shows at once."""
    return inline_text(bundle, static) if settings.DEBUG else _kept(bundle)


def fingerprints() -> str:
    """What the content security policy must accept for all inlined bundles."""
    return " ".join(fingerprint(inlined(bundle)) for bundle in sorted(INLINED))


@cache
def _kept(bundle: str) -> str:
    return inline_text(bundle, static)
