"""What a colleague notices, by example."""

import time

import pytest
from hypothesis import given, strategies as st

from makegood.words import linter
from makegood.words.linter import Note, lint

MOCK_UP = (
    "Dear Ana, I am sorry if your dinner seemed late on your anniversary. Unfortunately the "
    "kitchen was very busy, and nobody came to tell you. You lost the first hour of your evening."
)
PROMISE_PAGE = (
    "I checked your order myself. It stood on the pass for nine minutes and nobody came to tell "
    "you. That was our doing, on your anniversary, and I am sorry.\n\nEverything we said we would "
    "do is below. If we miss something, this page will say so."
)


def noticed(text: str) -> list[tuple[str, str]]:
    return [(note.kind, text[note.start : note.end]) for note in lint(text, "Ana").notes]


def test_the_letter_that_blames_the_kitchen() -> None:
    report = lint(MOCK_UP, "Ana", our_doing="We left your plate standing for nine minutes.")
    assert report.notes == (
        Note(
            start=21, end=47, kind="doubts", why="Doubts Ana.", advice="Say it plainly",
            instead="that your dinner was late",
        ),
        Note(
            start=69, end=108, kind="excuse", why="Sounds like an excuse.",
            advice="Say what we did", instead="We left your plate standing for nine minutes",
        ),
    )  # fmt: skip
    assert report.parts == {
        "sorry": True, "happened": True, "cost": True, "ours": False, "change": False, "next": False
    }  # fmt: skip
    assert report.missing == ("Our doing", "What we change", "What’s next")
    assert report.labels["cost"] == "What it cost Ana"


def test_taking_the_suggestion_answers_the_note() -> None:
    note = lint(MOCK_UP, "Ana").notes[0]
    better = MOCK_UP[: note.start] + note.instead + MOCK_UP[note.end :]
    assert better.startswith("Dear Ana, I am sorry that your dinner was late on your anniversary.")
    assert "doubts" not in [kind for kind, _ in noticed(better)]
    assert lint(better).score > lint(MOCK_UP).score


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("I am sorry if you felt neglected.", "doubts", "if you felt neglected"),
        ("I'm sorry that you feel that way.", "doubts", "that you feel that way"),
        ("We regret any inconvenience this may have caused you.", "doubts",
         "any inconvenience this may have caused you"),
        ("Your soup may have been cold.", "doubts", "Your soup may have been cold"),
        ("Sorry if we upset you.", "doubts", "if we upset you"),
        ("You may have waited.", "doubts", "You may have waited"),
        ("We were short-staffed that night.", "excuse", "We were short-staffed"),
        ("Due to high demand we were slow.", "excuse", "Due to high demand we were slow"),
        ("It was beyond our control.", "excuse", "beyond our control"),
        ("These things happen.", "excuse", "These things happen"),
        ("You should have told the waiter.", "blame", "You should have told the waiter"),
        ("If you had asked, we would have come.", "blame", "If you had asked"),
        ("Our supplier let us down.", "blame", "Our supplier let us down"),
        ("That wasn’t our fault.", "blame", "wasn’t our fault"),
        ("Mistakes were made.", "passive", "Mistakes were made"),
        ("I am sorry, but it was late.", "but", "but"),
        ("I apologise for the wait. However, you came late.", "but", "However"),
        ("Our policy does not allow it.", "policy", "Our policy"),
        ("We are unable to refund it.", "policy", "We are unable to"),
        ("Please forgive us.", "forgiveness", "Please forgive us"),
        ("Thank you for your patience.", "patience", "Thank you for your patience"),
        ("A slight delay.", "small", "slight delay"),
        ("Dear valued guest,", "hollow", "Dear valued guest"),
        ("We take these matters very seriously.", "hollow", "We take these matters very seriously"),
    ],
)  # fmt: skip
def test_it_notices(text: str, kind: str, words: str) -> None:
    marked = [(k, w.strip(", ")) for k, w in noticed(text)]
    assert (kind, words) in marked


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Mistakes were made.", "We made mistakes"),
        ("You were not told.", "We did not tell you"),
        ("and your booking was forgotten.", "we forgot your booking"),
        ("I think your soup seemed cold.", "your soup was cold"),
        ("I am sorry if your room felt loud.", "that your room was loud"),
    ],
)
def test_it_says_how_to_put_it_plainly(text: str, better: str) -> None:
    assert [note.instead for note in lint(text).notes] == [better]


@pytest.mark.parametrize(
    "text",
    [
        PROMISE_PAGE,
        "I am sorry your dinner was late.",
        "Nobody is free this minute. That is our fault.",
        "Kept 9 January, three days late. Sorry.",
        "We left your plate standing for nine minutes, and nobody told you why.",
        "Dinner was our fault and you did not pay for it. The two nights were as we promised, so "
        "we kept that charge.",
        "If you think this is wrong, Di, who owns the hotel, looks at it afresh and answers within "
        "five days.",
        "If you are still hungry, dinner is on us.",
        "A second cook now stands on the pass on Fridays. But the best news is that it works.",
        "You told us: “Unfortunately nobody came. I felt it was our fault if you felt so too.”",
    ],
)
def test_an_honest_letter_gets_no_note(text: str) -> None:
    assert noticed(text) == []


def test_forgiveness_may_be_asked_once_it_is_made_good() -> None:
    repaired = "That was our fault. Dinner is on us. I am sorry. "
    assert noticed(repaired + "I hope you can forgive us.") == []
    assert noticed("I hope you can forgive us. " + repaired) == [
        ("forgiveness", "hope you can forgive")
    ]


def test_responsibility_weighs_most_and_repair_next() -> None:
    alone = {
        "ours": "It was our fault.",
        "change": "Dinner is on us.",
        "sorry": "Sorry.",
        "cost": "Your time.",
    }
    scores = {part: lint(text).score for part, text in alone.items()}
    assert scores == {"ours": 29, "change": 24, "sorry": 14, "cost": 5}
    assert sum(linter.WEIGHTS.values()) == 21


def test_a_letter_with_everything_scores_a_hundred() -> None:
    text = (
        "Dear Ana, your dinner came cold. That was our fault and I am sorry. It took an hour of "
        "your anniversary. Dinner is on us, and a second cook stands on the pass from now on. "
        "I will call you on Monday."
    )
    report = lint(text, "Ana")
    assert (report.score, report.notes, report.missing) == (100, (), ())


def test_without_a_name_it_still_speaks_of_somebody() -> None:
    report = lint("I am sorry if you felt so.")
    assert report.notes[0].why == "Doubts your guest."
    assert report.labels["cost"] == "What it cost them"


def test_an_unknown_language_is_read_as_english() -> None:
    assert lint("Mistakes were made.", language="xx").notes


PIECES = st.sampled_from(
    ["sorry", " if", " you", " felt", " your", " dinner", " seemed", " was", ",", ".", " but", "\n",
     "“", "”", " unfortunately", " the", " kitchen", " busy", "’", " ", "İ", "ß", "\x00", " a"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=80).map("".join)), st.text())
def test_whatever_is_written_it_is_read(text: str, name: str) -> None:
    report = lint(text, name)
    assert 0 <= report.score <= 100
    ends = 0
    for note in report.notes:
        assert ends <= note.start < note.end <= len(text)
        ends = note.end


@pytest.mark.parametrize(
    "piece",
    ["sorry ", "if your ", " ", "your a ", "a", "if you felt ", "“", "sorry but, ",
     "unfortunately ", "we have the ", "you had to\n", "(((", "‘’'",
     "your evening was very very very "],
)  # fmt: skip
def test_twenty_thousand_characters_take_a_moment(piece: str) -> None:
    began = time.process_time()
    lint((piece * 20_000)[:20_000])
    assert time.process_time() - began < 3


def test_beyond_twenty_thousand_characters_nothing_is_read() -> None:
    assert lint("." * 20_000 + "Mistakes were made.").notes == ()
