"""`incident` and `review`: what the company's own systems tell, line by line."""

import json

import pytest
from click.testing import CliRunner

from makegood.console.command import makegood
from makegood.ground import clock
from makegood.people.joining import add_site
from makegood.people.models import Customer, Organisation, Staff
from makegood.recover.models import Case
from makegood.sense.models import Incident, Review, Signal, Touchpoint

pytestmark = pytest.mark.django_db

LATE = {
    "key": "pos-7", "what": "Dinner came late.", "topic": "waiting", "source": "Kitchen screen",
    "happened_at": "2026-11-21T19:30",
    "guests": [{"email": "ana.ruiz@guest.example"}, {"name": "Lo", "phone": "612 345 678"}],
    "places": ["Table 14"],
}  # fmt: skip
COLD = {"key": "g-1", "source": "Google", "stars": 2, "words": "Cold.", "author": "Ana R."}


def run(*words: str, lines: tuple[object, ...] = (), fails: bool = False) -> str:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = CliRunner().invoke(makegood, words, input=text)
    assert (done.exit_code != 0) == fails, done.output or done.exception
    return done.output


@pytest.fixture(autouse=True)
def house(cy: Staff, table_14: Touchpoint) -> None:
    """Harbour, with a table and a manager."""


def test_an_incident_by_hand_opens_a_case(ana: Customer) -> None:
    said = run("incident", "--what", "The pool was closed.", "--topic", "other",
               "--guest", "ana.ruiz@guest.example", "--key", "pool-1")  # fmt: skip
    assert "pool-1: 1 at Harbour are told." in said
    assert Case.objects.get().customer == ana


def test_lines_open_cases_and_the_same_lines_count_nobody_twice(ana: Customer) -> None:
    for _ in range(2):
        said = run("incident", "-", lines=(LATE, "", LATE | {"key": "pos-8", "places": []}))
        assert "pos-7: 3 at Harbour are told." in said
    assert Incident.objects.count() == 2
    assert Signal.objects.filter(kind="incident", customer=ana).count() == 2
    incident = Incident.objects.get(key="pos-7")
    assert incident.happened_at.isoformat() == "2026-11-21T18:30:00+00:00"  # 19:30 at Harbour
    assert incident.source == "Kitchen screen"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"topic": "weather"}, "line 2, topic: Choose what it was about"),
        ({"what": 7}, "line 2, what: Expected `str`, got `int`."),
        ({"guests": [{"mail": "x"}]}, "line 2, guests[0]: It contains unknown field `mail`."),
        ({"guests": [{}, {"email": "x"}]}, "line 2, guests[0]: Say how to find them"),
        ({"guests": [{"email": "no"}]}, "line 2, guests[0].email: Please check the e-mail"),
        ({"places": ["Table 99"]}, "line 2, places[0]: There is no button called “Table 99”"),
        ({"happened_at": "soon"}, "line 2, happened_at: Write it like"),
        ({"happened_at": "2096-01-01"}, "line 2, happened_at: This is still to come."),
        ({"site": "Moon"}, "line 2, site: There is no site called “Moon”."),
        ({"guests": [], "places": []}, "line 2, whom: Say whom it touched"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_kept(wrong: dict[str, object], says: str) -> None:
    said = run("incident", "-", lines=(LATE, LATE | {"key": "bad"} | wrong), fails=True)
    assert says in said
    assert "1 line was wrong; the others are kept." in said
    assert Incident.objects.get().key == "pos-7"


@pytest.mark.parametrize("line", ["{", "[1]", "nul", "[" * 3000, '{"key": "x"}'])
def test_what_is_no_line_of_ours_is_named(line: str) -> None:
    assert "line 1" in run("incident", "-", lines=(line,), fails=True)
    assert "line 1" in run("review", "-", lines=(line,), fails=True)


def test_several_sites_must_be_told_apart(fairline: Organisation, cy: Staff) -> None:
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=clock.now())
    assert "site: Say which site: Harbour (The Fairline Hotel), Hill" in run(
        "review", "--source", "Google", "--stars", "2", fails=True
    )
    run("review", "--source", "Google", "--stars", "2", "--site", "hill")
    assert Signal.objects.get().site == hill


def test_reviews_are_noted_once_and_become_cases(ana: Customer) -> None:
    known = COLD | {"key": "g-2", "guest": {"email": "ana.ruiz@guest.example"}}
    for _ in range(2):
        said = run("review", "-", lines=(COLD, known))
    case = Case.objects.get(customer=ana)
    assert "g-1: 2 of 5 on Google, noted at Harbour." in said
    assert f"g-2: case {case.reference}." in said
    assert Review.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"stars": 9}, "line 1, stars: A review has 1 to 5 stars."),
        ({"stars": "two"}, "line 1, stars: Expected `int`"),
        ({"url": "x"}, "line 1, url: An address begins with https://"),
        ({"guest": {"phone": "1"}}, "line 1, guest.phone: Please check the phone number"),
    ],
)
def test_a_wrong_review_is_named(wrong: dict[str, object], says: str) -> None:
    assert says in run("review", "-", lines=(COLD | wrong,), fails=True)
    assert not Signal.objects.exists()


def test_a_wrong_option_is_named() -> None:
    assert "stars: A review has 1 to 5 stars." in run("review", "--source", "X", fails=True)
    assert "whom: Say whom it touched" in run("incident", "--what", "Late.", fails=True)
