"""The two objects that crack: the plate (400 x 400) and the table card (105 x 148 mm)."""

from makegood.web.look.ornament.lacquer import Gold, Vein, gild
from makegood.web.look.ornament.strokes import Point, polyline, smooth

PLATE_SIZE = 400
CARD_SIZE = (105, 148)

Joints = tuple[Point, ...]

# The cracks frame the label, they never cross it.
PLATE_MAIN: Joints = (
    (357, 78), (333, 91), (305, 94), (283, 104), (248, 104), (219, 117), (196, 118), (163, 115),
    (128, 127), (104, 147), (93, 172), (84, 196), (75, 225), (58, 245), (47, 276), (29, 303),
)  # fmt: skip
PLATE_UPWARDS: Joints = ((196, 118), (193, 92), (183, 70), (188, 38), (181, 2))
PLATE_DOWNWARDS: Joints = (
    (84, 196), (92, 226), (93, 250), (108, 279), (111, 304), (125, 333), (125, 360), (135, 389),
)  # fmt: skip
PLATE_FINE: tuple[Joints, ...] = (
    ((283, 104), (299, 124), (303, 141), (317, 152)),
    ((111, 304), (94, 314), (88, 327)),
    ((183, 70), (199, 56), (203, 44)),
)

# The seam crosses the whole card, passes behind the disc and never touches a word.
CARD_MAIN: Joints = (
    (105, 41), (99, 43.5), (94, 47.5), (88, 48), (83, 53), (77, 55), (70, 62), (52, 74), (35, 86),
    (27, 90), (21, 90.5), (16, 96), (9, 98), (5, 102), (0, 103.5),
)  # fmt: skip
CARD_BRANCHES: tuple[Joints, ...] = (
    ((94, 47.5), (95.5, 38), (93, 30), (96.5, 20), (95, 9), (97, 0)),
    ((16, 96), (17, 103), (13.5, 109), (14, 114), (7, 119), (4.5, 124), (0, 126)),
)
CARD_FINE: tuple[Joints, ...] = (
    ((83, 53), (87, 60), (86.5, 65), (90, 70)),
    ((21, 90.5), (18.5, 84), (20, 79)),
)


def plate_hair() -> str:
    """Every crack of the plate as one hairline, before anything is mended."""
    cracks = (PLATE_MAIN, PLATE_UPWARDS, PLATE_DOWNWARDS, *PLATE_FINE)
    return "".join(polyline(smooth(joints, 5)) for joints in cracks)


def plate_gold(*, laid: float = 1.0, width: float = 4.0) -> Gold:
    """Gold in the plate. While help is on the way it runs along the main crack only."""
    if laid < 1:
        return gild([Vein(PLATE_MAIN, laid=laid)], width)
    branches = [Vein(joints, 0.92, swells=True) for joints in (PLATE_UPWARDS, PLATE_DOWNWARDS)]
    fine = [Vein(joints, 0.58, thins=True, swells=True) for joints in PLATE_FINE]
    return gild([Vein(PLATE_MAIN), *branches, *fine], width)


def card_gold(*, width: float = 0.85) -> Gold:
    """Gold across the printed card."""
    branches = [Vein(joints, 0.9, swells=True) for joints in CARD_BRANCHES]
    fine = [Vein(joints, 0.55, thins=True, swells=True) for joints in CARD_FINE]
    return gild([Vein(CARD_MAIN), *branches, *fine], width)
