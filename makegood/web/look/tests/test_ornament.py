"""The ornament is pure: the same every time, inside its drawing, one node per state."""

import re

import pytest
from hypothesis import given, strategies as st

from makegood.web.look.ornament import plates, seams
from makegood.web.look.ornament.lacquer import Vein, gild
from makegood.web.look.ornament.seams import Course, State
from makegood.web.look.ornament.strokes import crack, eased, number

PAIR = re.compile(r"(-?[\d.]+) (-?[\d.]+)")

states = st.lists(st.sampled_from(State), min_size=1, max_size=14)
courses = st.builds(
    Course,
    width=st.integers(120, 1400),
    height=st.integers(14, 60),
    reach=st.floats(0, 2),
    seed=st.integers(0, 50),
)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in PAIR.findall(path)]


@given(states, courses)
def test_a_seam_stays_inside_its_drawing(words, course):
    seam = seams.horizontal(words, course)
    drawn = points(seam.crack + seam.spurs + seam.gold + seam.gold_spurs)
    drawn += [node.at for node in seam.nodes]
    assert all(0 <= x <= course.width and 0 <= y <= course.height for x, y in drawn)


@given(states, courses)
def test_a_seam_has_one_node_per_state(words, course):
    seam = seams.horizontal(words, course)
    assert [node.state for node in seam.nodes] == words


@given(states, courses)
def test_a_seam_is_the_same_every_time(words, course):
    assert seams.horizontal(words, course) == seams.horizontal(words, course)


@given(st.lists(st.sampled_from([State.NOW, State.AHEAD, State.LATE]), min_size=1), courses)
def test_no_gold_where_nothing_is_mended(words, course):
    reachless = Course(course.width, course.height, reach=0.45, seed=course.seed)
    assert seams.horizontal(words, reachless).gold == ""


def test_a_seam_refuses_nothing_to_say():
    with pytest.raises(ValueError, match="at least one state"):
        seams.horizontal([], Course())


def test_a_seam_refuses_stops_that_do_not_fit():
    with pytest.raises(ValueError, match="one stop per state"):
        seams.horizontal([State.NOW], Course(stops=[1, 2]))


@given(st.integers(0, 12), st.integers(0, 200))
def test_links_and_rows_join_in_the_middle(done, index):
    link = points(seams.vertical(index).crack)
    assert [link[0], link[-1]] == [(14, 0), (14, 100)]
    mini = seams.mini(done, 12, width=104, height=14)
    assert (mini.end is None) == (done == 0)
    assert all(0 <= x <= 104 and 0 <= y <= 14 for x, y in points(mini.crack))


@given(st.floats(0, 1))
def test_gold_in_the_plate_stays_on_the_plate(laid):
    gold = plates.plate_gold(laid=laid)
    drawn = points(gold.body + gold.light + plates.plate_hair())
    assert all(-4 <= x <= 404 and -4 <= y <= 404 for x, y in drawn)


def test_more_gold_reaches_further():
    lengths = [len(gild([Vein(plates.PLATE_MAIN, laid=laid)], 4).body) for laid in (0.2, 0.6, 1)]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) == 3


@given(st.integers(0, 10_000))
def test_a_crack_begins_and_ends_where_it_is_told(seed):
    path = crack((3, 4), (90, 40), seed=seed)
    assert (path[0], path[-1]) == ((3, 4), (90, 40))
    assert eased(path).startswith("M3 4")


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (1.504, "1.5"), (-0.001, "0"), (20, "20")])
def test_numbers_are_short(value, text):
    assert number(value) == text
