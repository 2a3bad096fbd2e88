"""A policy is read, or refused with the place and the remedy."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from makegood.recover.policy import KINDS, PolicyError, document, parse
from makegood.recover.policy.plans import HAPPENINGS
from makegood.recover.policy.starters import starters
from makegood.recover.policy.tests.situations import HOSTILE

DEFAULT_TEXT = starters()["hotel"].text

NOW = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)


def test_the_default_policy_has_the_twelve_steps_in_order():
    policy = parse(DEFAULT_TEXT)
    assert tuple(policy.steps) == KINDS
    assert policy.steps["prove"].by.span.days == 90
    assert policy.ladders["reach"].rungs[0].who == "on_duty"


@pytest.mark.parametrize(
    ("before", "after", "lines_below", "said"),
    [
        ("by: 14 days at 18:00", "by: 14 dayz", 0, "Say it like"),
        ("hand: human", "hnd: human", 0, "Did you mean “hand”?"),
        ("{who: case_owner, wait: 2", "{who: case_ower, wait: 2", 0, "Did you mean “case_owner”"),
        ("  prove:", "  proof:", 0, "Did you mean “prove”?"),
        ("severity_at_least: 4", "severity_at_least: 9", 0, "Use 1 to 5"),
        ("again_every: 1 day", "again_every: 1 minute", 0, "storm"),
        ("wait: 40 seconds", "wait: 1 second", 0, "10 seconds or more"),
        ("    title: Validate\n", "", 0, "“title” is missing"),
        ("title: House policy", "title: House policy\ntitle: Again", 1, "said twice"),
        ("hand: human", "hand: automatic", 0, "by itself"),
    ],
)
def test_errors_name_the_line_the_field_and_the_remedy(before, after, lines_below, said):
    line = DEFAULT_TEXT[: DEFAULT_TEXT.index(before)].count("\n") + 1 + lines_below
    with pytest.raises(PolicyError) as caught:
        parse(DEFAULT_TEXT.replace(before, after, 1))
    assert said in caught.value.message
    assert caught.value.line == line
    assert caught.value.status == 422


def test_a_step_cannot_come_after_a_later_one():
    text = DEFAULT_TEXT.replace("    by: 2 days at 18:00", "    by: 2 days\n    after: prove")
    with pytest.raises(PolicyError, match="cannot come after"):
        parse(text)


def test_a_step_after_another_has_no_time_of_its_own_yet():
    text = DEFAULT_TEXT.replace("by: 14 days at 18:00", "by: 2 days\n    after: plan")
    policy = parse(text)
    assert policy.due_at_opening("confirm", NOW, ZoneInfo("Europe/Madrid")) is None
    assert policy.plan("confirm").after == "plan"


@pytest.mark.parametrize("happening", sorted(HAPPENINGS))
def test_a_step_can_come_after_something_that_happens(happening):
    text = DEFAULT_TEXT.replace("by: 60 days at 18:00", f"by: 2 days\n    after: {happening}")
    policy = parse(text)
    assert policy.due_at_opening("involve", NOW, ZoneInfo("Europe/Madrid")) is None
    assert policy.plan("involve").after == happening


def test_what_comes_after_the_correction_stands_below_its_confirmation():
    text = DEFAULT_TEXT.replace("by: 14 days at 18:00", "by: 2 days\n    after: correction.done")
    with pytest.raises(PolicyError, match="“confirm” cannot come after “correction.done”"):
        parse(text)


@pytest.mark.parametrize(
    ("was", "says", "words"),
    [
        ("awaits: customer_confirmed", "awaits: reply_received", "Only the customer's own yes"),
        ("by: 90 days", "after: next_visit\n    by: 90 days", "asked of everybody"),
    ],
)
def test_prove_is_answered_by_the_customer_and_asked_of_everybody(was, says, words):
    head, prove = DEFAULT_TEXT.split("\n  prove:")
    assert was in prove
    with pytest.raises(PolicyError, match=words):
        parse(f"{head}\n  prove:{prove.replace(was, says, 1)}")


def test_aliases_and_deep_nesting_are_refused():
    with pytest.raises(PolicyError, match="Aliases"):
        parse("a: &x 1\nb: *x\n")
    with pytest.raises(PolicyError, match="deeply"):
        parse("a: " + "[" * 50 + "]" * 50)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("use: reach", "use: reech", "There is no ladder “reech”. Did you mean “reach”?"),
        ("  ladder: senior", "  ladder: seniors", "Did you mean “senior”?"),
        ("    - offer: 10 to 30", "    - offer: 30 to 10", "The larger amount stands first"),
        ("      offer: nothing\n      because", "      offer: nothing\n      #", "but why?"),
        ("      at_least: 4\n", "      at_least: 4\n      exactly: 4\n", "either raises or sets"),
        ("manager: 400", "manager: 30", "less than"),
        ("    - when: case.severity >= 4\n      on_duty: 120", "    - on_duty: 120", "never count"),
        ("    because: They asked us not to write, or there was nothing to handle\n", "",
         "left out only for a reason"),
        ("    title: Prove serious", "    title: Prove\n    skip_when: visit.here\n    because: x",
         "is never left out"),
        ("from {who}", "from {name}", "Only {who} stands in brackets"),
        ("needs: [call_logged]", "needs: [call_logged, call_logged]", "said twice"),
        ("waking_hours: 9:00 to 20:00", "waking_hours: 20:00 to 9:00", "ends before it begins"),
        ("title: House policy", 'title: "a\\0b"', "something unreadable"),
        ("    - {who: manager, wait: 90 seconds}\n    - {who: owner, wait: 2 minutes}\n  remind",
         "    []\n  remind", "is empty"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_with_a_way_out(before, after, said):
    assert before in DEFAULT_TEXT
    with pytest.raises(PolicyError) as caught:
        parse(DEFAULT_TEXT.replace(before, after, 1))
    assert said in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    "written",
    [
        '    when: signal.kind == "pres"',
        "    when: 'signal.kind == \"pres\"'",
        '    when: "signal.kind == \\"pres\\""',
        '    when: |\n      signal.score > 3 ||\n      signal.kind == "pres"',
        '    when: >-   # folded\n      signal.score > 3 ||\n      signal.kind == "pres"',
        '    when: signal.score > 3 ||\n       signal.kind == "pres"',
    ],
)
def test_a_mistake_in_a_condition_is_shown_at_its_line_and_column(written):
    text = DEFAULT_TEXT.replace('    when: signal.kind == "press"', written, 1)
    place = text.index("pres", text.index("triggers:") + 60) - 1
    while text[place] in '"\\':
        place -= 1
    with pytest.raises(PolicyError) as caught:
        parse(text)
    error = caught.value
    assert error.field == "triggers[1].when"
    assert error.line == text[: place + 2].count("\n") + 1
    shown = text.splitlines()[error.line - 1][error.column - 1 :]
    assert shown.startswith(('"pres', '\\"pres')), shown
    assert "Did you mean “press”?" in error.message


def test_a_trigger_waits_only_for_a_fact_that_there_is():
    text = DEFAULT_TEXT.replace(
        "  - says: Somebody presses\n", "  - says: Somebody presses\n    on: words.leter_failed\n"
    )
    assert parse(text).triggers[0].on == "words.leter_failed"
    with pytest.raises(PolicyError, match="Did you mean “words.letter_failed”"):
        parse(text, facts={"words.letter_failed", "page.opened"})


def test_what_is_left_out_holds_as_described():
    chapters = document.read(DEFAULT_TEXT).table()
    needed = {"makegood", "title", "ladders", "steps"}
    lines = DEFAULT_TEXT.splitlines(keepends=True)
    starts = sorted(piece.node.start_mark.line for piece in chapters.values())
    assert starts
    kept, keep = [], True
    for line in lines:
        name = line.partition(":")[0]
        if name in chapters:
            keep = name in needed
        kept += [line] if keep else []
    short, whole = parse("".join(kept)), parse(DEFAULT_TEXT)
    assert short.contact == whole.contact
    assert short.closing == whole.closing
    assert short.reminders == whole.reminders
    assert [trigger.when for trigger in short.triggers] == [one.when for one in whole.triggers]


@given(st.text(max_size=400))
@settings(max_examples=80)
def test_any_text_is_a_policy_or_a_clear_error(text):
    with pytest.raises(PolicyError):
        parse(text)


@given(st.sampled_from(["triggers", "tables", "steps", "skip"]), HOSTILE)
@settings(max_examples=50)
def test_a_hostile_condition_is_taken_or_clearly_refused(where, hostile):
    before = {
        "triggers": '    when: signal.kind == "press"',
        "tables": "    - when: case.severity >= 4",
        "steps": "    skip_when: customer.messages_declined",
        "skip": "    title: Involve",
    }[where]
    with suppress(PolicyError):
        parse(DEFAULT_TEXT.replace(before, f"{before.partition(':')[0]}: {hostile}", 1))


@given(st.integers(0, len(DEFAULT_TEXT) - 1), st.text(max_size=6))
@settings(max_examples=60)
def test_a_damaged_policy_is_a_policy_or_a_clear_error(place, noise):
    damaged = DEFAULT_TEXT[:place] + noise + DEFAULT_TEXT[place + len(noise) :]
    with suppress(PolicyError):
        parse(damaged)


LINES = [line for one in starters().values() for line in one.text.splitlines() if line.strip(" #")]


@given(
    st.sampled_from(sorted(starters())),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(LINES)), min_size=1, max_size=5),
)
@settings(max_examples=80)
def test_starters_mixed_with_each_other_are_policies_or_clear_errors(name, changes):
    lines = starters()[name].text.splitlines()
    for place, line in changes:
        lines[place % len(lines)] = line
    with suppress(PolicyError):
        assert tuple(parse("\n".join(lines)).steps) == KINDS


def test_the_largest_document_is_read_in_seconds_and_little_memory():
    row = '    - {when: signal.kind == "press" && customer.visits > %d, at_least: 4}\n'
    text = DEFAULT_TEXT.replace(
        "  severity:\n", "  severity:\n" + "".join(row % n for n in range(40))
    )
    with pytest.raises(PolicyError, match="too long"):
        parse(text)
    with pytest.raises(PolicyError, match="too long"):
        parse(DEFAULT_TEXT + "#" * 64_000)
    began = time.process_time()
    for hostile in (
        "a: " + "x" * 63_000,
        "- " * 31_000,
        "{" * 60_000,
        "a" * 60_000 + ": 1",
        "title: " + '"' + "\\u0041" * 10_000 + '"',
        "? " * 30_000,
    ):
        with pytest.raises(PolicyError):
            parse(hostile)
    assert time.process_time() - began < 20


def test_the_one_who_answers_is_put_to_a_name():
    ladder = parse(DEFAULT_TEXT).ladders["remind"]
    bo = uuid4()
    assert ladder.climb(case_owner=bo, who_promised="case_owner")[0]["who"] == f"staff:{bo}"
    assert ladder.climb(case_owner=None)[0]["who"] == "on_duty"
    assert [rung["who"] for rung in ladder.climb(case_owner=bo, who_promised="manager")] == [
        "manager"
    ]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("team kitchen", "team:<name>"),
        ("tem:kitchen", "Did you mean “team:kitchen”?"),
        ("skil:german", "Did you mean “skill:german”?"),
        ("“team:”", "is not known here"),
        ("'team:'", "Write team:kitchen."),
        (f"team:{'k' * 81}", "Keep it under 80."),
    ],
)
def test_a_malformed_team_or_skill_is_refused_at_its_place(who, said):
    here = "{who: on_duty, wait: 40 seconds}"
    before = DEFAULT_TEXT[: DEFAULT_TEXT.index(here)]
    with pytest.raises(PolicyError) as caught:
        parse(DEFAULT_TEXT.replace(here, f"{{who: {who}, wait: 40 seconds}}", 1))
    assert said in caught.value.message
    assert caught.value.line == before.count("\n") + 1
    assert caught.value.column == len(before) - before.rindex("\n") + len("{who: ")


def test_a_rung_names_a_team_or_a_skill_and_may_ask_every_one_of_them():
    here = "{who: on_duty, wait: 40 seconds}"
    said = "{who: 'team: Front  desk', wait: 30 seconds, hands: every}"
    ladder = parse(DEFAULT_TEXT.replace(here, f"{said}\n    - {here}", 1)).ladders["reach"]
    assert [(rung.who, rung.hands) for rung in ladder.rungs[:2]] == [
        ("team:Front desk", "every"),
        ("on_duty", "first"),
    ]
    assert ladder.rungs[0].in_words == "who of the team Front desk is on duty, every one"
    assert ladder.climb(case_owner=None)[:2] == [
        {"who": "team:Front desk", "wait_seconds": 30, "hands": "every"},
        {"who": "on_duty", "wait_seconds": 40},
    ]


def test_a_ladder_of_teams_alone_might_ring_nobody_and_is_refused():
    ladders = parse(DEFAULT_TEXT).ladders["reach"].rungs
    assert len(ladders) > 1
    head, _, rest = DEFAULT_TEXT.partition("  reach:")
    _, _, tail = rest.partition("  senior:")
    alone = "  reach:\n    - {who: skill:german, wait: 40 seconds}\n\n  senior:"
    with pytest.raises(PolicyError, match="Add a rung for on_duty, manager or owner"):
        parse(head + alone + tail)
