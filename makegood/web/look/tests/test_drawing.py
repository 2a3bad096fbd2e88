"""Markup: words are escaped, and what cannot be drawn is refused."""

from xml.etree import ElementTree

import pytest

from makegood.web.look import drawing, symbols
from makegood.web.look.ornament.seams import Course, State
from makegood.web.look.people import initials

WICKED = '<script>"&'

DRAWINGS = [
    drawing.seam([State.MENDED, State.NOW], Course(), label=WICKED, css=WICKED),
    drawing.seam_link(3),
    drawing.mini_seam(2, 12, label=WICKED),
    drawing.seam_bar(),
    drawing.plate_cracks(),
    drawing.plate_cracks("gold", 62),
    drawing.card_cracks(),
    drawing.qr("https://harbour.example/t/14", label=WICKED),
    drawing.ring(WICKED, 79, label=WICKED, caption=WICKED, size='1"><script>', css=WICKED),
    drawing.bezel(200),
    drawing.face(WICKED),
    symbols.icon("check", WICKED),
    symbols.mark(),
]


@pytest.mark.parametrize("markup", DRAWINGS)
def test_a_drawing_is_well_formed_and_harmless(markup):
    ElementTree.fromstring(markup)
    assert "<script" not in markup


def test_the_ring_never_holds_more_than_all_of_the_time():
    assert 'stroke-dasharray="100 100"' in drawing.bezel(250)
    assert 'stroke-dasharray="0 100"' in drawing.bezel(-3)


def test_an_icon_nobody_drew_is_refused():
    with pytest.raises(LookupError, match="no icon is called 'unicorn'"):
        symbols.icon("unicorn")


def test_a_crack_is_bare_or_gold():
    with pytest.raises(ValueError, match="'hair' or 'gold'"):
        drawing.plate_cracks("silver")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Bo Lindqvist", "BL"), ("BL", "BL"), ("Ana", "A"), ("Maria del Mar Ruiz", "MR"), ("", "")],
)
def test_initials(name, letters):
    assert initials(name) == letters
