"""A condition is checked when it is read, and always answers yes or no, quickly."""

import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from makegood.recover.policy.conditions import LONGEST, Misread, compiled
from makegood.recover.policy.situation import (
    CustomerKnown,
    SignalSeen,
    Situation,
    VerdictGiven,
    VisitSeen,
)
from makegood.recover.policy.tests.situations import HOSTILE, SITUATIONS
from makegood.recover.policy.vocabulary import BY_NAME, METHODS, NAMES

ANA = Situation(
    signal=SignalSeen(
        kind="press", topics=("food", "waiting"), words="it came cold, the wedding soup"
    ),
    verdict=VerdictGiven(topic="food", severity=3),
    customer=CustomerKnown(known=True, visits=7),
    visit=VisitSeen(here=True, minutes_left=12),
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('signal.kind == "press"', True),
        ('signal.kind in ["rating", "review"]', False),
        ('"food" in signal.topics && visit.here', True),
        ("!customer.known || customer.regular", True),
        ('signal.words.contains("wedding")', True),
        ("signal.words.size() > 200", False),
        ("size(signal.topics) == 2", True),
        ("customer.regular ? visit.minutes_left < 20 : visit.minutes_left < 5", True),
        ("customer.visits - customer.failures >= 7", True),
        ("verdict.severity >= 4 ||\n  (visit.here && customer.known)", True),
        ("signal.score == 0 && signal.fact == ''", True),
        ("customer.days_since_failure == -1", True),
        ("true", True),
    ],
)
def test_a_condition_reads_like_a_sentence(text: str, holds: bool) -> None:
    assert compiled(text).holds(ANA) is holds


def test_it_knows_what_it_looks_at() -> None:
    assert compiled('visit.here && signal.kind == "press"').reads == ("signal.kind", "visit.here")
    assert compiled('site.name == "visit.here"').reads == ("site.name",)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("signal.scor <= 3", 0, "Did you mean “signal.score”?"),
        ('visit.here && signal.knd == "press"', 14, "Did you mean “signal.kind”?"),
        ("severity >= 4", 0, "Did you mean “verdict.severity”?"),
        ("customer", 0, "has several sides. Name one: customer.known"),
        ('signal.kind == "pres"', 15, "Did you mean “press”?"),
        ('verdict.topic in ["food", "wating"]', 26, "Did you mean “waiting”?"),
        ('"fod" in signal.topics', 0, "Did you mean “food”?"),
        ('verdict.reaction != "anger"', 20, "Known are: voice, legs, revenge."),
        ('signal.kind = "press"', 12, "Write “==” to compare."),
        ("visit.here and customer.known", 11, "Write “&&” for and."),
        ("visit.here AND customer.known", 11, "Write “&&” for and."),
        ("not visit.here", 0, "Write “!” for not."),
        ("signal.kind == “press”", 15, "straight quotes"),
        ('signal.kind == "press', 15, "Close the quotes"),
        ("signal.kind == 3", 12, "“==” does not go with a text and a number."),
        ('signal.score > "3"', 13, "“>” does not go with a number and a text."),
        ("signal.kind", 0, "This is a text, not a yes or no."),
        ("signal.score + 1", 0, "This is a number, not a yes or no."),
        ("visit.here &&", 13, "stops too early"),
        ("visit.here customer.known", 11, "is not expected here"),
        ("signal.score > 2.5", 15, "whole numbers"),
        ("signal.score > 12345678", 15, "whole numbers"),
        ("signal.score / 2 == 1", 13, "no division"),
        ('signal.topics[0] == "food"', 13, "cannot be picked"),
        ('signal.words.contain("x")', 13, "Did you mean “contains”?"),
        ('signal.words.matches("(a+)+")', 13, "Nothing is called “matches”."),
        ('signal.topics.exists(t, t == "food")', 14, "Nothing is called “exists”."),
        ("dyn(1) == 1", 0, "Nothing is called “dyn”."),
        ("((((((((((((true))))))))))))", 10, "brackets"),
        ("true || " * 60 + "true", LONGEST, "too long"),
        ("", 0, "A condition is needed"),
        ('"a" "b" == "ab"', 4, "Two texts"),
        ("signal.kind == '''press'''", 17, "Two texts"),
    ],
)
def test_a_mistake_is_shown_where_it_is_with_a_way_out(text: str, place: int, said: str) -> None:
    with pytest.raises(Misread) as caught:
        compiled(text)
    assert said in str(caught.value)
    assert caught.value.place == place


@given(HOSTILE)
@settings(max_examples=800)
def test_whatever_is_written_is_a_condition_or_a_clear_mistake(text: str) -> None:
    mistake = None
    try:
        condition = compiled(text)
    except Misread as misread:
        mistake = misread
    if mistake is None:
        assert condition.holds(ANA) in (True, False)
    else:
        assert 0 <= mistake.place <= max(len(text), LONGEST)
        assert mistake.why.endswith(".")
        assert mistake.remedy


@given(st.text(max_size=500))
@settings(max_examples=500)
def test_any_text_is_a_condition_or_a_clear_mistake(text: str) -> None:
    with suppress(Misread):
        compiled(text)


VALID = (
    'signal.kind == "rating" && signal.score <= 2',
    'signal.words.contains("never again") || signal.words.size() > 200',
    '"food" in signal.topics ? case.severity + 1 > 4 : signal.hour < 12',
    'verdict.topic in ["food", "bill"] && signal.words + site.name != ""',
    "case.days_open - customer.visits > signal.weekday + case.intensity",
)


@given(SITUATIONS, st.sampled_from(VALID))
@settings(max_examples=300)
def test_a_condition_always_says_yes_or_no_and_the_same_again(
    situation: Situation, text: str
) -> None:
    condition = compiled(text)
    assert condition.holds(situation) is condition.holds(situation)


@given(st.text(st.characters(), max_size=50))
@settings(max_examples=200)
def test_words_of_any_script_and_any_damage_are_taken(words: str) -> None:
    situation = Situation(signal=SignalSeen(words=words + "\ud800\x00"))
    assert compiled('signal.words.contains("zzz")').holds(situation) in (
        True,
        False,
    )


@pytest.mark.parametrize(
    "text",
    [
        " || ".join(['signal.words.contains("b")'] * 13),
        "+".join(["signal.words"] * 29) + ' == ""',
        "!" * 390 + "visit.here",
        "visit.here ? " * 20 + "true" + " : false" * 20,
        "-" * 380 + "1 == 1",
    ],
)
def test_the_worst_that_can_be_written_is_quick_and_small(text: str) -> None:
    situation = Situation(signal=SignalSeen(words="a" * 1_000_000))
    tracemalloc.start()
    began = time.process_time()
    with suppress(Misread):
        condition = compiled(text)
        for _ in range(100):
            condition.holds(situation)
    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 2
    assert peak < 5_000_000


def test_what_was_answered_before_is_remembered_but_not_forever() -> None:
    condition = compiled("visit.minutes_left > 3")
    for minutes in range(3000):
        assert condition.holds(Situation(visit=VisitSeen(True, minutes))) is (minutes > 3)
    assert len(condition._remembered) <= 1024


def test_the_vocabulary_names_every_value_of_a_situation_and_no_other() -> None:
    values = {
        f"{part}.{name}"
        for part in Situation.__slots__
        for name in dir(getattr(Situation(), part))
        if not name.startswith("_")
    }
    assert values == set(BY_NAME)


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.name)
def test_every_name_has_its_type_and_its_help(name) -> None:
    compared = {"text": '!= "?"', "number": "> 999", "list of texts": "== []", "yes or no": ""}
    if name.texts:
        compared |= {"text": f'== "{next(iter(name.texts))}"'}
    condition = compiled(f"{name.name} {compared[name.type]}".strip())
    assert condition.holds(Situation()) in (True, False)
    assert name.help.endswith(".")


@pytest.mark.parametrize("method", METHODS)
def test_the_help_of_a_method_holds_a_condition_that_works(method: str) -> None:
    example = METHODS[method].rpartition(": ")[2].removesuffix(".")
    assert compiled(example).holds(ANA) in (True, False)
