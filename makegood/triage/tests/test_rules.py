"""The rules as a policy reads, and what must hold whatever comes in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from makegood.sense.topics import CHIPS, NAMES
from makegood.triage.rules import (
    COMPLAINT,
    INCIDENT,
    LEGS,
    PRESS,
    PROMISE,
    RATING,
    REVENGE,
    REVIEW,
    SILENCE,
    VOICE,
    Evidence,
    judge,
)

NOW = datetime(2026, 11, 21, 19, 12, 8, tzinfo=UTC)
PRESSED = NOW - timedelta(seconds=1)
NEVER = timedelta(days=400)
JUST_A_PRESS = Evidence(
    kind=PRESS, happened_at=PRESSED, received_at=PRESSED, now=NOW, dwell_minutes=4
)
RATED = replace(JUST_A_PRESS, kind=RATING, dwell_minutes=0)
REVIEWED = replace(RATED, kind=REVIEW, source="Google")
NOTICED = replace(JUST_A_PRESS, kind=INCIDENT, dwell_minutes=0, noted="Dinner came late.")
OURS = (INCIDENT, SILENCE, PROMISE)
NOT_HERE = (RATING, REVIEW, SILENCE, PROMISE)

spans = st.timedeltas(timedelta(), timedelta(hours=24))
scores = st.one_of(st.none(), st.integers(1, 5))
words = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "late",
                "my lawyer",
                "disgusting",
                "never again",
                "allergic",
                "birthday",
                "rude",
                "lovely",
            ]
        )
    ).map(" ".join),
)


@st.composite
def signals(draw: st.DrawFn) -> Evidence:
    kind = draw(st.sampled_from([PRESS, RATING, COMPLAINT, REVIEW, INCIDENT, SILENCE, PROMISE]))
    received = NOW - draw(spans)
    return Evidence(
        kind=kind,
        happened_at=received - draw(spans),
        received_at=received,
        now=NOW,
        dwell_minutes=draw(st.integers(0, 24 * 60)),
        score=draw(st.integers(1, 5)) if kind in (RATING, REVIEW) else None,
        words=draw(words),
        noted=draw(words) if kind in OURS else "",
        topics=tuple(draw(st.lists(st.sampled_from([*CHIPS]), unique=True))),
        failed_before=draw(st.one_of(st.none(), st.dates(date(2020, 1, 1), NOW.date()))),
        intensity=draw(st.integers(1, 2000)),
        cancelled=draw(st.booleans()),
    )


def test_a_press_is_somebody_who_tells_us_and_is_here() -> None:
    judged = judge(JUST_A_PRESS)
    assert judged.needs_repair
    assert (judged.topic, judged.severity, judged.reaction) == ("unsaid", 3, VOICE)
    assert judged.leaves_at == PRESSED + timedelta(minutes=4)
    assert judged.reasons == ("Pressed, usually here 4 min more",)


def test_ana_at_table_14() -> None:
    judged = judge(
        replace(
            JUST_A_PRESS,
            topics=("food", "waiting"),
            words="Main course came cold, and nobody came by for a while. It is our anniversary.",
            failed_before=date(2026, 3, 14),
        )
    )
    assert (judged.topic, judged.severity, judged.reaction) == ("food", 5, REVENGE)
    assert judged.reasons == (
        "Pressed, usually here 4 min more",
        "The food and waiting",
        "A special day for them",
        "Failed before, 14 March",
    )


@pytest.mark.parametrize(
    ("score", "words", "repair", "severity", "reaction"),
    [
        (1, "", True, 4, LEGS),
        (2, "", True, 3, LEGS),
        (2, "The soup was cold.", True, 3, VOICE),
        (3, "", False, 2, VOICE),
        (3, "The waiter was rude.", True, 3, VOICE),
        (3, "We will never come back.", True, 2, LEGS),
        (4, "", False, 1, VOICE),
        (5, "Wonderful evening.", False, 1, VOICE),
        (5, "Lovely, but my son had an allergic reaction.", True, 3, VOICE),
    ],
)
def test_ratings(score: int, words: str, repair: bool, severity: int, reaction: str) -> None:
    judged = judge(replace(RATED, score=score, words=words))
    assert (judged.needs_repair, judged.severity, judged.reaction) == (repair, severity, reaction)
    assert judged.leaves_at is None


@pytest.mark.parametrize(
    ("stars", "words", "repair", "severity", "reaction"),
    [
        (1, "", True, 4, REVENGE),
        (2, "The soup was cold.", True, 4, REVENGE),
        (3, "The soup was cold.", True, 3, VOICE),
        (3, "We will never come back.", True, 3, LEGS),
        (4, "", False, 1, VOICE),
        (5, "Lovely, but my son had an allergic reaction.", True, 3, VOICE),
    ],
)
def test_reviews(stars: int, words: str, repair: bool, severity: int, reaction: str) -> None:
    judged = judge(replace(REVIEWED, score=stars, words=words))
    assert (judged.needs_repair, judged.severity, judged.reaction) == (repair, severity, reaction)
    assert judged.reasons[0] == f"Wrote a review on Google, {stars} of 5"
    assert judged.leaves_at is None


@pytest.mark.parametrize(
    ("topics", "noted", "topic", "severity"),
    [
        (("waiting",), "Dinner came late.", "food", 2),
        (("room",), "The air was off.", "room", 3),
        (("treatment",), "", "treatment", 4),
        (("food",), "Two guests of this dinner are unwell.", "safety", 5),
        (("waiting",), "The wedding party waited.", "waiting", 3),
        ((), "", "unsaid", 2),
    ],
)
def test_what_we_noticed_ourselves_begins_by_its_topic(
    topics: tuple[str, ...], noted: str, topic: str, severity: int
) -> None:
    judged = judge(replace(NOTICED, topics=topics, noted=noted))
    assert (judged.topic, judged.severity, judged.reaction) == (topic, severity, LEGS)
    assert judged.reasons[0] == "Noticed by ourselves"
    assert judged.reasons[-1] == "Has not complained, may leave quietly"


def test_who_is_still_at_the_place_is_told_at_once() -> None:
    judged = judge(replace(NOTICED, dwell_minutes=45))
    assert judged.leaves_at == PRESSED + timedelta(minutes=45)
    assert judged.reaction == VOICE
    assert judged.reasons[0] == "Noticed by ourselves, usually here 45 min more"
    gone = judge(replace(NOTICED, dwell_minutes=45, happened_at=PRESSED - timedelta(hours=1)))
    assert gone.leaves_at is None


def test_a_broken_promise_is_a_grave_failure_of_its_own() -> None:
    promise = replace(NOTICED, kind=PROMISE, noted="Apologise, by 22 November 12:00.")
    first = judge(promise)
    assert (first.topic, first.severity, first.leaves_at) == ("promise", 4, None)
    assert first.reasons == ("We broke a promise: apologise, by 22 November 12:00",)
    again = judge(replace(promise, failed_before=date(2026, 11, 20)))
    assert (again.severity, again.reaction) == (5, REVENGE)
    assert "Failed before, 20 November" in again.reasons


def test_silence_is_mild_and_says_that_they_leave_quietly() -> None:
    words = "Came 6 times, about every 14 days; last here on 2 September."
    judged = judge(replace(NOTICED, kind=SILENCE, noted=words))
    assert (judged.topic, judged.severity, judged.reaction) == ("away", 2, LEGS)
    assert judged.reasons == (
        "Stays away: came 6 times, about every 14 days; last here on 2 September",
    )


@pytest.mark.parametrize(
    ("words", "reaction", "reason"),
    [
        ("You will hear from my lawyer", REVENGE, "Speaks of legal steps"),
        ("I will write a REVIEW", REVENGE, "Speaks of telling others"),
        ("Disgusting", REVENGE, "Strong words"),
        ("¡Vergonzoso!", REVENGE, "Strong words"),
        ("So disappointed", LEGS, "May not come back"),
        ("We won’t be back", LEGS, "May not come back"),
        ("A courteous waiter showed us the courtyard", VOICE, None),
        ("", VOICE, None),
    ],
)
def test_reactions(words: str, reaction: str, reason: str | None) -> None:
    judged = judge(replace(JUST_A_PRESS, words=words))
    assert judged.reaction == reaction
    assert reason is None or reason in judged.reasons


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("the soup was cold", "food"),
        ("still waiting", "waiting"),
        ("charged twice", "bill"),
        ("he was rude", "treatment"),
        ("no hot water", "room"),
        ("I feel sick after dinner", "safety"),
        ("My scalp burns since the colour", "safety"),
        ("My lips are swollen after the filler", "safety"),
        ("The place you treated is infected and I am in pain", "safety"),
        ("I have a rash and blisters", "safety"),
        ("The charger caught fire", "safety"),
        ("The lamp gave me an electric shock", "safety"),
        ("She fainted and we called a doctor", "safety"),
        ("Tengo la piel quemada, me quemó el láser", "safety"),
        ("Die Stelle ist entzündet", "safety"),
        ("The doctor was rude", "treatment"),
        ("The doctor took two hours", "waiting"),
        ("The painting in our room fell on the bed", "room"),
        ("la habitación", "room"),
        ("hm", "unsaid"),
    ],
)
def test_topics_are_read_from_words(words: str, topic: str) -> None:
    assert judge(replace(JUST_A_PRESS, words=words)).topic == topic


def test_a_storm_is_more_serious_and_says_so() -> None:
    few, many = (judge(replace(JUST_A_PRESS, intensity=n)) for n in (3, 1000))
    assert (few.severity, many.severity) == (4, 5)
    assert "1000 presses within two minutes" in many.reasons


def test_a_failure_long_ago_names_its_year() -> None:
    judged = judge(replace(JUST_A_PRESS, failed_before=date(2024, 3, 14)))
    assert "Failed before, 14 March 2024" in judged.reasons


def test_a_press_taken_back_needs_nothing() -> None:
    judged = judge(replace(JUST_A_PRESS, cancelled=True))
    assert not judged.needs_repair
    assert judged.reasons[0] == "Taken back by the customer"


def test_a_press_from_offline_says_how_late_it_came() -> None:
    judged = judge(replace(JUST_A_PRESS, happened_at=PRESSED - timedelta(minutes=40)))
    assert "Reached us 40 min after they pressed" in judged.reasons


@given(signals())
def test_every_judgement_can_be_shown(evidence: Evidence) -> None:
    judged = judge(evidence)
    assert 1 <= judged.severity <= 5
    assert judged.reaction in (VOICE, LEGS, REVENGE)
    assert judged.topic in NAMES
    assert judged.reasons
    assert all(reason and reason == reason.strip() for reason in judged.reasons)
    assert judged.leaves_at is None or judged.leaves_at >= evidence.happened_at


def test_a_press_of_hours_ago_sends_nobody_to_an_empty_table() -> None:
    for late, is_here in ((timedelta(minutes=63), True), (timedelta(minutes=64), False)):
        judged = judge(replace(JUST_A_PRESS, received_at=PRESSED + late))
        assert (judged.leaves_at is not None) is is_here
        assert judged.needs_repair


@given(signals())
def test_whoever_was_there_has_a_threshold(evidence: Evidence) -> None:
    stays = timedelta(minutes=evidence.dwell_minutes)
    looked_for = {INCIDENT: timedelta(), PRESS: timedelta(hours=1)}.get(evidence.kind, NEVER)
    gone = evidence.received_at - evidence.happened_at >= stays + looked_for
    assert (judge(evidence).leaves_at is None) is (evidence.kind in NOT_HERE or gone)


@given(signals(), st.integers(0, 500))
def test_more_presses_never_make_it_milder(evidence: Evidence, more: int) -> None:
    fewer, together = judge(evidence), judge(replace(evidence, intensity=evidence.intensity + more))
    assert together.severity >= fewer.severity
    assert together.needs_repair == fewer.needs_repair


@given(signals(), words)
def test_words_never_work_against_the_customer(evidence: Evidence, said: str) -> None:
    silent, spoken = judge(replace(evidence, words="")), judge(replace(evidence, words=said))
    assert spoken.severity >= silent.severity
    assert spoken.needs_repair or not silent.needs_repair
    assert spoken.leaves_at == silent.leaves_at


@given(signals())
def test_failing_somebody_twice_is_never_milder(evidence: Evidence) -> None:
    once = judge(replace(evidence, failed_before=None))
    twice = judge(replace(evidence, failed_before=date(2026, 3, 14)))
    assert twice.severity >= once.severity
    assert twice.needs_repair or not once.needs_repair
    assert twice.reaction == REVENGE or evidence.kind == SILENCE


@given(signals(), words)
def test_what_we_noted_ourselves_tells_nothing_of_their_mood(evidence: Evidence, ours: str) -> None:
    if evidence.kind in OURS:
        noted = judge(replace(evidence, noted=ours))
        assert noted.reaction == judge(replace(evidence, noted="")).reaction


@given(signals())
def test_what_nobody_rated_always_needs_repair_unless_taken_back(evidence: Evidence) -> None:
    if evidence.score is None:
        assert judge(evidence).needs_repair is not evidence.cancelled
