"""The ladder's promises, for any house, any ladder, any sequence of silence and refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given, strategies as st

from makegood.page.rungs import ladder
from makegood.page.rungs.ladder import Nobody, Person, Place, Rest, Ring

NOW = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)
START = Place(0, 0, NOW)
IDS = [UUID(int=number) for number in range(1, 9)]
BO, MINA, TARIQ, CY, DI = IDS[:5]


def person(
    id: UUID,
    role: str = "host",
    *,
    on_duty: bool = True,
    busy: bool = False,
    team: str = "",
    skills: tuple[str, ...] = (),
) -> Person:
    groups = ladder.groups_of(team, skills)
    return Person(id, f"P{id.int}", role, on_duty, busy, groups=groups)


def every(*who: str) -> list[ladder.Rung]:
    return ladder.read([{"who": name, "wait_seconds": 45, "hands": "every"} for name in who])


def rungs(*who: str, wait: int = 45) -> list[ladder.Rung]:
    return ladder.read([{"who": name, "wait_seconds": wait} for name in who])


def first_move(people: list[Person], *who: str, place: Place = START) -> ladder.Move:
    steps = rungs(*who)
    lines = ladder.line_up(steps, people)
    return ladder.next_move(steps, lines, place=place, passed=frozenset(), now=NOW)


def rung_by(move: ladder.Move) -> list[UUID]:
    assert isinstance(move, Ring)
    return [called.id for called in move.people]


def test_the_one_on_duty_longest_without_a_page_is_rung_alone():
    move = first_move([person(BO), person(MINA)], "on_duty", "manager")
    assert rung_by(move) == [BO]
    assert move.look_again_at == NOW + timedelta(seconds=45)


def test_busy_people_are_left_in_peace_while_somebody_is_free():
    assert rung_by(first_move([person(BO, busy=True), person(MINA)], "on_duty")) == [MINA]


def test_a_busy_person_is_rung_when_nobody_on_the_rung_is_free():
    assert rung_by(first_move([person(BO, busy=True)], "on_duty", "manager")) == [BO]


def test_from_the_second_round_busy_people_are_rung_too_after_the_free():
    people = [person(BO, busy=True), person(MINA)]
    steps = rungs("on_duty")
    lines = ladder.line_up(steps, people)
    second = Place(1, 0, NOW)
    move = ladder.next_move(steps, lines, place=second, passed={MINA}, now=NOW)
    assert rung_by(move) == [BO]


def test_rungs_without_people_are_passed_over_at_once():
    move = first_move([person(BO), person(DI, "owner", on_duty=False)], "manager", "owner")
    assert rung_by(move) == [DI]
    assert move.place.rung == 1


def test_a_manager_on_duty_waits_for_the_managers_rung():
    people = [person(CY, "manager"), person(BO)]
    assert rung_by(first_move(people, "on_duty", "manager")) == [BO]
    assert rung_by(first_move(people, "on_duty")) == [CY]


def test_managers_at_home_are_called_only_when_no_manager_is_on_duty():
    home, here = person(CY, "manager", on_duty=False), person(TARIQ, "manager")
    assert rung_by(first_move([home, here], "manager")) == [TARIQ]
    assert rung_by(first_move([home, person(BO)], "manager")) == [CY]


def test_a_named_person_is_rung_only_on_duty():
    name = f"staff:{BO}"
    assert rung_by(first_move([person(BO), person(MINA)], name)) == [BO]
    people = [person(BO, on_duty=False), person(MINA), person(CY, "manager", on_duty=False)]
    assert rung_by(first_move(people, name, "manager")) == [CY]


def test_a_team_is_rung_one_at_a_time_whoever_is_free_first():
    kitchen = [person(BO, team="Kitchen", busy=True), person(MINA, team="Kitchen")]
    assert rung_by(first_move([*kitchen, person(TARIQ)], "team:kitchen", "on_duty")) == [MINA]


def test_a_skill_is_anybodys_who_has_it_and_capitals_do_not_matter():
    people = [person(BO), person(MINA, skills=("wine", "German"))]
    assert rung_by(first_move(people, "skill:GERMAN", "on_duty")) == [MINA]


def test_a_team_of_which_nobody_is_there_is_passed_over_at_once():
    people = [person(BO), person(MINA, team="Kitchen", on_duty=False)]
    assert rung_by(first_move(people, "team:kitchen", "team:cellar", "on_duty")) == [BO]


def test_who_is_named_by_their_team_waits_for_its_rung():
    people = [person(BO, team="Kitchen"), person(MINA)]
    assert rung_by(first_move(people, "on_duty", "team:kitchen")) == [MINA]


def test_where_each_hand_counts_all_are_rung_together_busy_or_not():
    people = [person(BO, busy=True, team="Kitchen"), person(MINA, team="Kitchen"), person(TARIQ)]
    steps = every("team:kitchen", "on_duty")
    lines = ladder.line_up(steps, people)
    move = ladder.next_move(steps, lines, place=START, passed=frozenset(), now=NOW)
    assert sorted(rung_by(move)) == [BO, MINA]
    assert isinstance(move, Ring)
    assert move.every


def test_with_nobody_on_duty_nobody_is_rung_and_we_look_again_in_a_minute():
    move = first_move([person(CY, "manager", on_duty=False)], "on_duty", "manager", "owner")
    assert isinstance(move, Nobody)
    assert move.look_again_at == NOW + timedelta(minutes=1)


def test_a_short_round_rests_before_the_next():
    steps = rungs("on_duty")
    lines = ladder.line_up(steps, [person(BO)])
    later = NOW + timedelta(seconds=3)
    move = ladder.next_move(steps, lines, place=START, passed={BO}, now=later)
    assert isinstance(move, Rest)
    assert move.look_again_at == NOW + timedelta(minutes=1)
    assert move.place == Place(1, 0, NOW + timedelta(minutes=1))


def test_what_can_wait_rests_between_rounds_and_while_nobody_is_there():
    steps, day = rungs("on_duty"), timedelta(days=1)
    lines = ladder.line_up(steps, [person(BO)])
    place = Place(0, 0, NOW, rests_for=day)
    move = ladder.next_move(steps, lines, place=place, passed={BO}, now=NOW + timedelta(hours=2))
    assert move == Rest(Place(1, 0, NOW + day, rests_for=day), NOW + day)
    nobody = ladder.next_move(steps, [[]], place=place, passed=frozenset(), now=NOW)
    assert nobody.look_again_at == NOW + timedelta(hours=1)


def test_the_pause_grows_after_five_rounds_in_vain():
    lengths = [ladder.round_length(number).total_seconds() / 60 for number in range(11)]
    assert lengths == [1, 1, 1, 1, 1, 2, 4, 8, 15, 15, 15]


def test_who_follows_is_known_while_the_first_is_rung():
    steps = rungs("on_duty", "manager")
    lines = ladder.line_up(steps, [person(BO), person(CY, "manager")])
    move = ladder.next_move(steps, lines, place=START, passed=frozenset(), now=NOW)
    assert isinstance(move, Ring)
    then = ladder.following(steps, lines, after=move, passed=frozenset())
    assert [called.id for called in then] == [CY]
    last = ladder.next_move(steps, lines, place=move.place, passed={BO}, now=NOW)
    assert isinstance(last, Ring)
    assert ladder.following(steps, lines, after=last, passed={BO}) == ()


def test_an_empty_ladder_is_the_default_one_and_waits_stay_within_reason():
    assert [rung.who for rung in ladder.read([])] == ["on_duty", "manager", "owner"]
    (rung,) = ladder.read([{"who": "on_duty", "wait_seconds": 0}])
    assert rung.wait == ladder.SHORTEST_WAIT


people_strategy = st.lists(
    st.builds(
        Person,
        id=st.sampled_from(IDS),
        first_name=st.just("Somebody"),
        role=st.sampled_from(["host", "manager", "owner"]),
        on_duty=st.booleans(),
        busy=st.booleans(),
        late=st.booleans(),
        groups=st.builds(
            ladder.groups_of,
            st.sampled_from(["", "Kitchen", "Front desk"]),
            st.sets(st.sampled_from(["German", "wine"])),
        ),
    ),
    unique_by=lambda someone: someone.id,
    max_size=8,
)
NAMED = ["on_duty", "manager", "owner", f"staff:{BO}", "staff:?", ""]
NAMED += ["team:kitchen", "skill:german", "skill:WINE", "team:unknown"]
ladder_strategy = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(NAMED),
            "wait_seconds": st.integers(0, 600),
            "hands": st.sampled_from(["first", "every"]),
        }
    ),
    max_size=5,
)
refusals = st.lists(st.booleans(), min_size=40, max_size=40)


class Climb:
    """Lives through a page as the room does: silence or a refusal at each step."""

    def __init__(self, people: list[Person], plan: list[dict[str, object]]) -> None:
        self.rungs = ladder.read(plan)
        self.lines = ladder.line_up(self.rungs, people)
        self.place, self.now = START, NOW
        self.passed: dict[int, set[UUID]] = {}
        self.rung: list[tuple[int, UUID]] = []

    def step(self, *, refused: bool) -> ladder.Move:
        passed = frozenset(self.passed.get(self.place.round, set()))
        move = ladder.next_move(
            self.rungs, self.lines, place=self.place, passed=passed, now=self.now
        )
        assert move.look_again_at > self.now
        before, after = self.place, move.place
        assert (after.round, after.rung) >= (before.round, before.rung) or isinstance(move, Nobody)
        self.place = after
        if isinstance(move, Ring):
            called = {someone.id for someone in move.people}
            assert called
            rung = self.rungs[after.rung]
            assert move.every == rung.every
            if rung.every:  # nobody it names, and who was not rung before, is left out
                named = {someone.id for someone in self.lines[after.rung]}
                assert called == named - self.passed.get(after.round, set())
            elif rung.one_at_a_time:
                assert len(called) == 1
            assert not called & self.passed.get(after.round, set())
            self.passed.setdefault(after.round, set()).update(called)
            self.rung += [(after.round, who) for who in called]
        waits = timedelta(seconds=1) if refused and isinstance(move, Ring) else None
        self.now = self.now + waits if waits else move.look_again_at
        return move


@given(people_strategy, ladder_strategy, refusals)
def test_a_page_always_has_a_next_step_and_time_never_goes_back(people, plan, said):
    climb = Climb(people, plan)
    for refused in said:
        move = climb.step(refused=refused)
        assert isinstance(move, Nobody) is not any(climb.lines)


@given(people_strategy, ladder_strategy, refusals)
def test_nobody_is_rung_twice_in_one_round(people, plan, said):
    climb = Climb(people, plan)
    for refused in said:
        climb.step(refused=refused)
    assert len(climb.rung) == len(set(climb.rung))


@given(people_strategy, ladder_strategy)
def test_each_ladder_rings_everyone_within_reach_by_the_second_round(people, plan):
    climb = Climb(people, plan)
    while climb.place.round < 2 and any(climb.lines):
        climb.step(refused=False)
    within_reach = {someone.id for line in climb.lines for someone in line}
    assert {who for _, who in climb.rung} == within_reach


@given(people_strategy, ladder_strategy, refusals)
def test_rounds_never_follow_each_other_faster_than_a_minute(people, plan, said):
    climb = Climb(people, plan)
    began: dict[int, datetime] = {}
    for refused in said:
        at = climb.now
        if isinstance(climb.step(refused=refused), Ring):
            began.setdefault(climb.place.round, at)
    starts = list(began.values())
    gaps = [after - before for before, after in pairwise(starts)]
    assert all(gap >= ladder.ROUND_FLOOR for gap in gaps)


@given(people_strategy, ladder_strategy)
def test_nobody_is_rung_while_nobody_is_on_duty(people, plan):
    climb = Climb(people, plan)
    move = climb.step(refused=False)
    if not any(someone.on_duty for someone in people):
        assert isinstance(move, Nobody)


UNHEARD = st.builds(
    lambda who, times, ago, room: ladder.Unheard(
        Person(who, "P", "host", True, has_room_at=room and NOW + timedelta(seconds=room)),
        times, NOW - timedelta(seconds=ago),
    ),
    st.sampled_from(IDS), st.integers(1, 40), st.integers(0, 3600), st.none() | st.integers(-9, 60),
)  # fmt: skip


@given(st.lists(UNHEARD, max_size=6, unique_by=lambda one: one.person.id))
def test_who_has_not_said_that_they_know_is_rung_anew_when_due_and_never_sooner(unheard):
    move = ladder.insist(unheard, now=NOW)
    assert (move is None) == (not unheard)
    if move is None:
        return
    for one in unheard:
        full = one.person.has_room_at and one.person.has_room_at > NOW
        assert (one.person in move.people) == (one.due_at <= NOW and not full)
        if one.person in move.people:
            assert move.look_again_at <= NOW + ladder.ROUND_CEILING
    assert NOW < move.look_again_at <= NOW + ladder.ROUND_CEILING


@given(st.integers(1, 60), st.integers(1, 400))
def test_somebody_silent_is_rung_anew_for_ever_but_ever_more_rarely(people, steps):
    """Each ring is followed by the pause of a round, and the next step is always armed."""
    silent = [ladder.Unheard(person(UUID(int=n + 1)), 1, NOW) for n in range(people % 4 + 1)]
    now, rung = NOW, []
    for _ in range(steps % 60):
        move = ladder.insist(silent, now=now)
        assert move
        if move.people:
            rung.append(now)
        silent = [
            replace(one, times=one.times + 1, since=now) if one.person in move.people else one
            for one in silent
        ]
        assert move.look_again_at > now
        now = move.look_again_at
    pauses = [later - earlier for earlier, later in pairwise(rung)]
    assert pauses == sorted(pauses)
    assert all(ladder.ROUND_FLOOR <= pause <= ladder.ROUND_CEILING for pause in pauses)
