"""Geometry as SVG markup. Plain strings and the standard library, so any door may draw with it."""

from html import escape

import segno

from makegood.web.look.ornament import plates, seams
from makegood.web.look.ornament.lacquer import Gold
from makegood.web.look.ornament.seams import Course, Node, State
from makegood.web.look.ornament.strokes import number

HIDDEN = 'aria-hidden="true"'

BEZEL = (
    "M99 4.5h48.5a46 46 0 0 1 46 46v141a46 46 0 0 1-46 46h-97"
    "a46 46 0 0 1-46-46v-141a46 46 0 0 1 46-46z"
)


def seam(states: list[State], course: Course, *, label: str, css: str = "") -> str:
    """A horizontal seam; the label says the same in words."""
    drawn = seams.horizontal(states, course)
    size = (drawn.width, drawn.height)
    return (
        f'<svg class="{escape(f"seam-h {css}".strip())}" {_view(*size)} {_size(*size)}'
        f" {_image(label)}>"
        f'<path class="seam__crack" d="{drawn.crack}"/>'
        f'<path class="seam__crack seam__crack--spur" d="{drawn.spurs}"/>'
        f'<path class="seam__gold seam__gold--spur" d="{drawn.gold_spurs}"/>'
        f'<path class="seam__gold" d="{drawn.gold}"/><path class="seam__glint" d="{drawn.gold}"/>'
        f"{''.join(_node(node) for node in drawn.nodes)}</svg>"
    )


def seam_link(index: int) -> str:
    """One link of a vertical seam; its row's class says whether it is mended."""
    line = seams.vertical(index)
    return (
        f'<svg class="seam__link" {_view(*seams.LINK_SIZE)} preserveAspectRatio="none" {HIDDEN}>'
        f'<path class="seam__crack" d="{line.crack}"/>'
        f'<path class="seam__crack seam__crack--spur" d="{line.spur}"/>'
        f'<path class="seam__gold" d="{line.crack}"/>'
        f'<path class="seam__glint" d="{line.crack}"/></svg>'
    )


def mini_seam(done: int, total: int, *, label: str, width: int = 104, height: int = 14) -> str:
    """A seam small enough for a table row."""
    drawn = seams.mini(done, total, width=width, height=height)
    end = _node(Node(drawn.end, 2.6, State.MENDED)) if drawn.end else ""
    return (
        f'<svg class="seam-mini" {_view(width, height)} {_size(width, height)} {_image(label)}>'
        f'<path class="seam__crack" d="{drawn.crack}"/>'
        f'<path class="seam__gold" d="{drawn.gold}"/>{end}</svg>'
    )


def seam_bar(width: int = 300, height: int = 14, seed: int = 5) -> str:
    """A mended stretch that fills the box it is put in."""
    line = seams.bar(width=width, height=height, seed=seed)
    still = 'vector-effect="non-scaling-stroke"'
    return (
        f'<svg class="seam-bar" {_view(width, height)} preserveAspectRatio="none" {HIDDEN}>'
        f'<path class="seam__gold" {still} d="{line.crack}"/>'
        f'<path class="seam__glint" {still} d="{line.crack}"/></svg>'
    )


def plate_cracks(mode: str = "hair", part: float = 100, weight: float = 4) -> str:
    """The plate's crack: `hair` is bare, `gold` is filled for `part` per cent."""
    if mode not in ("hair", "gold"):
        raise ValueError("a plate's crack is 'hair' or 'gold'")
    whole = mode == "gold" and part >= 100
    hair = "" if whole else f'<path class="plate__hair" d="{plates.plate_hair()}"/>'
    gold = _gold(plates.plate_gold(laid=part / 100, width=weight)) if mode == "gold" else ""
    size = (plates.PLATE_SIZE, plates.PLATE_SIZE)
    return f'<svg class="plate__cracks" {_view(*size)} {HIDDEN}>{hair}{gold}</svg>'


def card_cracks() -> str:
    """The gold seam across a printed card."""
    return (
        f'<svg class="card-a6__seam" {_view(*plates.CARD_SIZE)} preserveAspectRatio="none"'
        f" {HIDDEN}>{_gold(plates.card_gold())}</svg>"
    )


def qr(text: str, *, label: str, border: int = 0) -> str:
    """A QR code, one path, coloured by CSS. The page around it must leave four modules quiet."""
    rows = segno.make(text, error="m", micro=False).matrix
    data = "".join(_modules(y, bytes(row)) for y, row in enumerate(rows))
    side = len(rows) + 2 * border
    return (
        f'<svg class="qr" viewBox="{-border} {-border} {side} {side}" shape-rendering="crispEdges"'
        f' {_image(label)}><path d="{data}"/></svg>'
    )


def ring(text: str, share: float, *, label: str, caption: str, size: str, css: str) -> str:
    """A closing ring: `share` per cent of the time is left, `text` says how much that is."""
    style = f' style="--size:{escape(size)}"' if size else ""
    above = f"<span>{escape(caption)}</span>" if caption else ""
    return (
        f'<div class="{escape(f"ring {css}".strip())}"{style} role="timer"'
        f' aria-label="{escape(label)}">'
        f'<svg viewBox="0 0 100 100" {HIDDEN}><circle class="ring__rim" cx="50" cy="50" r="45"/>'
        f'<circle class="ring__left" cx="50" cy="50" r="45" {_left(share)}/></svg>'
        f'<div class="ring__text">{above}<b>{escape(text)}</b></div></div>'
    )


def bezel(share: float, css: str = "") -> str:
    """The same countdown around the edge of a watch, drawn for 198 x 242 and stretched to it."""
    return (
        f'<svg class="{escape(f"bezel {css}".strip())}" {_view(198, 242)}'
        f' preserveAspectRatio="none" {HIDDEN}>'
        f'<path class="bezel__rim" d="{BEZEL}"/>'
        f'<path class="bezel__left" {_left(share)} d="{BEZEL}"/></svg>'
    )


def face(initials: str, css: str = "") -> str:
    """A person's initials; the name stands beside them in words."""
    return f'<span class="{escape(f"face {css}".strip())}" {HIDDEN}>{escape(initials)}</span>'


def _node(node: Node) -> str:
    x, y, radius = number(node.at[0]), number(node.at[1]), number(node.radius)
    ring_ = f'<circle class="seam__node is-{node.state}" cx="{x}" cy="{y}" r="{radius}"/>'
    if node.state is not State.NOW:
        return ring_
    return f'{ring_}<circle class="seam__dot" cx="{x}" cy="{y}" r="{number(node.radius - 4)}"/>'


def _gold(gold: Gold) -> str:
    return f'<path class="gold" d="{gold.body}"/><path class="gold__lit" d="{gold.light}"/>'


def _modules(y: int, row: bytes) -> str:
    """The dark modules of one row, each unbroken run as one rectangle."""
    runs: list[str] = []
    x = 0
    while x < len(row):
        end = x
        while end < len(row) and row[end]:
            end += 1
        if end > x:
            runs.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
        x = end + 1
    return "".join(runs)


def _left(share: float) -> str:
    return f'pathLength="100" stroke-dasharray="{number(max(0.0, min(100.0, share)))} 100"'


def _view(width: float, height: float) -> str:
    return f'viewBox="0 0 {number(width)} {number(height)}"'


def _size(width: float, height: float) -> str:
    return f'width="{number(width)}" height="{number(height)}"'


def _image(label: str) -> str:
    return f'role="img" aria-label="{escape(label)}"' if label else HIDDEN
