"""Twelve months passed over thousands of cases while the processes were killed: what holds.

The oracle (`oracle.py`) reads the policies by itself, in plain Python, and holds what should have
happened against the rows and the chronicle. `--cases`, `--kills` and `--seed` say which year.
"""

from itertools import pairwise

import pytest

from tests.endurance.year.hindsight import Hindsight
from tests.endurance.year.oracle import Rests, complaints

pytestmark = pytest.mark.endurance

ENOUGH_TO_READ = 20


def test_the_year_was_a_hard_one(hindsight: Hindsight, pytestconfig: pytest.Config) -> None:
    year = hindsight.year
    assert year.struck["worker"] == pytestconfig.option.kills
    assert year.struck["tick"] + year.struck["tock"] > pytestconfig.option.kills
    assert year.struck["postgres"]
    assert year.struck["tick and tock at once"] == 2
    happened = ("finish", "skip", "meets", "gives up", "opens again", "confirms", "rates",
                "is not content", "closes")  # fmt: skip
    assert [what for what in happened if not year.did[what]] == []


def test_every_press_is_in_one_case(hindsight: Hindsight) -> None:
    found = hindsight.rows(
        "select s.key, count(belongs.id) from sense_signal s"
        " left join recover_casesignal belongs on belongs.signal_id = s.id"
        " where s.kind = 'press' and s.cancelled_at is null group by s.key"
    )
    assert [key for key, count in found if count != 1] == []
    pressed = {key for (key,) in hindsight.rows("select key from sense_signal")}
    assert hindsight.year.presses.keys() <= pressed


def test_each_due_step_was_done_once_or_visibly_late_and_none_was_lost(
    hindsight: Hindsight,
) -> None:
    rests = Rests(hindsight.year.rests)
    said = [complaint for file in hindsight.files for complaint in complaints(file, rests)]
    assert said[:ENOUGH_TO_READ] == [], f"{len(said)} complaints, --seed {hindsight.seed}"


def test_a_case_keeps_the_policy_it_was_opened_under(hindsight: Hindsight) -> None:
    published = [*hindsight.year.published, (None, "")]
    assert len(published) == 4
    for (since, text), (until, _) in pairwise(published):
        pinned = {
            file.text
            for file in hindsight.files
            if since and since <= file.opened_at and (until is None or file.opened_at < until)
        }
        assert pinned == {text}


def test_evidence_is_in_the_chronicle(hindsight: Hindsight) -> None:
    assert not hindsight.rows(
        """
        select s.case_id, s.kind, shown from recover_step s,
            jsonb_array_elements_text(s.evidence) as shown
        where not exists (select from ground_fact f where f.id = shown::uuid)
        """
    )


def test_a_step_has_one_open_page_at_most_and_none_once_it_ended(hindsight: Hindsight) -> None:
    open_pages = """
        select s.id, s.state, count(*) from page_page p join recover_step s on s.id = p.about
        where p.state in ('ringing', 'nobody', 'going') group by s.id
    """
    assert not hindsight.rows(f"select * from ({open_pages}) as o where count > 1 or state <> 0")


def test_a_question_is_one_letter(hindsight: Hindsight) -> None:
    assert not hindsight.rows(
        "select caused_by from words_letter group by caused_by having count(*) > 1"
    )
    asked = hindsight.rows(
        """
        select f.id from ground_fact f
        join recover_case c on c.id = f.about
        join people_contactpoint point on point.customer_id = c.customer_id
        where f.name = 'recover.step_fell_due' and f.data->>'step' = 'ask'
            and not exists (select from words_letter l where l.caused_by = f.id)
        """
    )
    assert asked == []
