"""Template tags of the look: ornament, icons, people, styles. Drawing itself is in web/look."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext as _, gettext_lazy

from makegood.sense import naming
from makegood.web.look import drawing, frame, symbols
from makegood.web.look.inlining import inlined
from makegood.web.look.ornament.seams import Course, State
from makegood.web.look.people import initials
from makegood.web.look.styles import INLINED, stylesheets

register = template.Library()

ANSWERS = (
    (1, gettext_lazy("Very bad"), "M15 31.5c2.6-4.6 11.4-4.6 14 0"),
    (2, gettext_lazy("Not good"), "M15.5 30.5c3-3 10-3 13 0"),
    (3, gettext_lazy("All right"), "M15.5 29h13"),
    (4, gettext_lazy("Good"), "M15.5 27.5c3 3.6 10 3.6 13 0"),
    (5, gettext_lazy("Wonderful"), "M14.5 26.5c2.6 6.6 12.4 6.6 15 0"),
)
"""Value, word and mouth of each answer a guest can give."""


def _drawn(markup: str) -> SafeString:
    """What `drawing` and `symbols` return is markup whose words they have escaped."""
    return mark_safe(markup)  # noqa: S308


@register.simple_tag
def styles(bundle: str) -> SafeString:
    """`{% styles "desk" %}`: the style files of a bundle, linked or (guest) written in."""
    if bundle in INLINED:
        return format_html("<style>{}</style>", mark_safe(inlined(bundle)))  # noqa: S308
    hrefs = ((static(path),) for path in stylesheets(bundle))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', hrefs)


@register.filter
def in_a_sentence(place: str) -> str:
    """`{{ page.place|in_a_sentence }}`: Table 14 within a sentence, or after a dot: table 14."""
    return naming.in_a_sentence(place, get_language() or "en")


@register.filter
def with_code(text: str) -> SafeString:
    """`{{ field.help|with_code }}`: what stands in backticks is code; all words are escaped."""
    parts = enumerate(str(text).split("`"))
    marked = ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in parts)
    return format_html_join("", "{}", marked)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "check" %}`: an icon beside words."""
    return _drawn(symbols.icon(name, css))


@register.simple_tag
def mark() -> SafeString:
    """`{% mark %}`: the Makegood mark."""
    return _drawn(symbols.mark())


@register.simple_tag
def face(name: str, css: str = "") -> SafeString:
    """`{% face person.name "face--small" %}`: initials in a circle."""
    return _drawn(drawing.face(initials(str(name)), css))


@register.simple_tag
def seam_h(
    states: str | Iterable[str],
    label: str = "",
    css: str = "",
    stops: str | Sequence[float] | None = None,
    **course: Any,
) -> SafeString:
    """`{% seam_h "mended now ahead" label="..." width=342 height=34 reach=1.4 %}`: progress."""
    words = states.split() if isinstance(states, str) else states
    laid = Course(stops=_numbers(stops), **course)
    return _drawn(drawing.seam([State(word) for word in words], laid, label=str(label), css=css))


def _numbers(stops: str | Sequence[float] | None) -> Sequence[float] | None:
    return [float(stop) for stop in stops.split()] if isinstance(stops, str) else stops


@register.simple_tag
def seam_v(index: int) -> SafeString:
    """`{% seam_v forloop.counter %}`: first child of a `.seam-v` row."""
    return _drawn(drawing.seam_link(int(index)))


@register.simple_tag
def mini_seam(done: int, total: int = 12, label: str = "") -> SafeString:
    """`{% mini_seam case.steps_mended %}`: a seam for a table row."""
    words = label or _("%(done)s of %(total)s steps mended") % {"done": done, "total": total}
    return _drawn(drawing.mini_seam(int(done), int(total), label=str(words)))


@register.simple_tag
def seam_bar(width: int = 300, height: int = 14, seed: int = 5) -> SafeString:
    """`{% seam_bar 110 %}`: a mended stretch that fills its box."""
    return _drawn(drawing.seam_bar(width, height, seed))


@register.simple_tag
def plate_cracks(mode: str = "hair", part: float = 100, weight: float = 4) -> SafeString:
    """`{% plate_cracks "gold" 62 %}`: the crack in a `.plate`."""
    return _drawn(drawing.plate_cracks(mode, part, weight))


@register.simple_tag
def card_cracks() -> SafeString:
    """`{% card_cracks %}`: the seam behind a printed card."""
    return _drawn(drawing.card_cracks())


@register.simple_tag
def qr(text: str, label: str = "", border: int = 0) -> SafeString:
    """`{% qr url %}`: a QR code."""
    return _drawn(drawing.qr(text, label=str(label or _("QR code")), border=border))


@register.simple_tag
def ring(
    text: str, share: float, caption: str = "", size: str = "", css: str = "", label: str = ""
) -> SafeString:
    """`{% ring "3:48" 79 caption="likely leaves in" size="16rem" %}`: time until likely gone."""
    words = label or _("%(time)s until the guest probably leaves") % {"time": text}
    markup = drawing.ring(
        str(text), float(share), label=str(words), caption=str(caption), size=size, css=css
    )
    return _drawn(markup)


@register.simple_tag
def bezel(share: float, css: str = "") -> SafeString:
    """`{% bezel 79 %}`: the ring around a watch."""
    return _drawn(drawing.bezel(float(share), css))


@register.simple_tag
def desk_entries() -> list[frame.Entry]:
    """`{% desk_entries as entries %}`: the top bar's words."""
    return frame.entries()


@register.inclusion_tag("look/faces.html")
def faces(
    name: str, picked: int | str | None = None, legend: str = "", css: str = ""
) -> dict[str, Any]:
    """`{% faces "rating" picked=2 legend="How was dinner?" %}`: five answers, values 1 to 5."""
    answers = [
        {"value": value, "word": word, "mouth": mouth, "picked": str(value) == str(picked)}
        for value, word, mouth in ANSWERS
    ]
    return {"name": name, "answers": answers, "legend": legend, "css": css}
