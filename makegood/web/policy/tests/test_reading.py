"""The policy in words: what stands beside what changed, and where the seam may be gold."""

import pytest

from makegood.recover.policy import KINDS, parse
from makegood.recover.policy.diffing import differences
from makegood.recover.policy.editing import set_value
from makegood.recover.policy.starters import starters
from makegood.recover.record.punctuality import NEVER_DUE, Kept
from makegood.web.policy.helping import field_help, vocabulary
from makegood.web.policy.reading import read

HOTEL = starters()["hotel"].text


@pytest.mark.parametrize("name", starters())
def test_every_starter_can_be_read(name):
    said = read(parse(starters()[name].text), {})
    assert [step.plan.kind for step in said.steps] == list(KINDS)
    assert sum(band.steps for band in said.bands) == 12
    assert said.states == " ".join(["ahead"] * 12)
    assert all(row.when and row.cells for row in (*said.remedies, *said.whom, *said.limits))


@pytest.mark.parametrize(("kept", "gold", "thin"), [
    (NEVER_DUE, False, False),
    (Kept(3, 3), False, False),
    (Kept(9, 9), False, False),
    (Kept(9, 10), True, False),
    (Kept(89, 100), False, True),
    (Kept(100, 100), True, False),
])  # fmt: skip
def test_gold_is_earned_in_nine_of_ten_and_never_by_a_few(kept, gold, thin):
    step = read(parse(HOTEL), {"apologise": kept}).steps[1]
    assert (step.kept.is_good, step.thin) == (gold, thin)


def test_a_share_is_never_rounded_up():
    assert Kept(899, 1000).percent == 89
    assert not Kept(899, 1000).is_good


def test_beside_what_is_in_force_the_old_value_stays_readable():
    text = set_value(HOTEL, "ladders.reach.0.wait", "50 seconds")
    text = set_value(text, "steps.contact.by", "14 days at 18:00")
    text = set_value(text, "tables.remedies.1.offer", "50 to 90")
    before, after = parse(HOTEL), parse(text)
    said = read(after, {}, before=before, changes=differences(before, after))
    second = next(one for one in said.ladders if one.name == "reach").rungs[1]
    assert (second.after, second.before) == ("50 s", "40 s")
    contact = said.steps[6]
    assert (contact.by, contact.before) == ("2 weeks at 18:00", "30 days at 18:00")
    assert said.remedies[1].before == {"offer": "40 to 80"}
    assert not said.remedies[0].before


def test_a_ladder_of_our_own_says_when_it_is_rung():
    ladders = {one.name: one for one in read(parse(HOTEL), {}).ladders}
    assert ladders["care"].is_own
    assert ladders["care"].meaning == "It is about illness or injury."
    assert ladders["reach"].meaning == "A customer waits for a person."


def test_help_for_every_field_once():
    paths = [one.path for one in field_help()]
    assert len(paths) == len(set(paths))
    assert {"steps.*.by", "steps.*.variants.*.title", "ladders.*[].wait", "triggers[].when",
            "tables.remedies[].offer", "contact.waking_hours"} <= set(paths)  # fmt: skip
    assert all(one.help for one in field_help())
    assert all(word.help for word in vocabulary())
