"""A first draft that its own colleague has nothing to say about."""

from hypothesis import given, strategies as st

from makegood.words.composing import Matter, first_draft
from makegood.words.linter import lint

DINNER = Matter(
    customer_name="Ana Ruiz",
    sender_name="Bo",
    about="your dinner on 21 November",
    what_went_wrong="your main course came cold and nobody came by.",
    given=["Fresh main, now", "Dessert and coffee, two"],
    promised=["A second cook on the pass, Fridays and Saturdays"],
)


def test_responsibility_repair_regret_change_and_what_is_next() -> None:
    draft = first_draft(DINNER)
    assert draft.subject == "About your dinner on 21 November"
    assert draft.body.split("\n\n") == [
        "Dear Ana,",
        "Your main course came cold and nobody came by. That was our doing, and it should not have "
        "happened.",
        "To begin making it good, we gave you:\n– Fresh main, now\n– Dessert and coffee, two",
        "I am sorry. It took time from you that was yours.",
        "This is what we do now:\n– A second cook on the pass, Fridays and Saturdays",
        "Answer this letter and it reaches me: Bo.",
    ]
    report = lint(draft.body, "Ana")
    assert (report.score, report.notes) == (100, ())


def test_their_own_words_are_quoted_not_turned_round() -> None:
    body = first_draft(Matter(their_words="Main course came cold,\nand nobody “came” by")).body
    assert "You told us: “Main course came cold, and nobody ‘came’ by.” That was our doing" in body


THINGS = st.lists(st.sampled_from(["A fresh main", "€40", "Dessert, two", "VIP pass"]), max_size=3)
SAID = st.sampled_from(
    ["", "the room was loud", "It was unfortunately cold!", "{name} if you felt"]
)


@given(st.sampled_from(["", "Ana", "Ana Ruiz", "  "]), SAID, SAID, THINGS, THINGS)
def test_every_draft_has_every_part_and_no_note(
    name: str, wrong: str, theirs: str, given_things: list[str], promised: list[str]
) -> None:
    ours = "" if "if" in wrong or "unfort" in wrong else wrong  # our own sentence is the writer's
    draft = first_draft(
        Matter(
            customer_name=name,
            what_went_wrong=ours,
            their_words=theirs,
            given=given_things,
            promised=promised,
        )
    )
    report = lint(draft.body, name)
    assert (report.missing, report.notes, report.score) == ((), (), 100)


@given(
    st.builds(
        Matter,
        customer_name=st.text(),
        sender_name=st.text(),
        about=st.text(),
        what_went_wrong=st.text(),
        their_words=st.text(),
        noticed=st.text(),
        given=st.lists(st.text()),
        promised=st.lists(st.text()),
    )
)
def test_whatever_it_is_made_of_it_is_a_letter(matter: Matter) -> None:
    draft = first_draft(matter)
    assert 0 < len(draft.subject) <= 160
    assert "\n" not in draft.subject
    assert "That was our doing" in draft.body
