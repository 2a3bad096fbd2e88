"""`press` and `answer`: thin doors over the verbs of a customer and of whoever is on duty."""

import pytest
from click.testing import CliRunner

from makegood.console.command import makegood
from makegood.ground import clock
from makegood.page.duty.selftesting import allow_one_way, answer_test, ring_for_test
from makegood.page.models import Page
from makegood.people.joining import add_site
from makegood.people.models import Organisation, Staff
from makegood.recover.models import Case
from makegood.sense.models import Signal, Touchpoint
from makegood.sense.placing import place_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_duty(bo: Staff, mina: Staff, di: Staff, table_14: Touchpoint) -> None:
    """Bo and Mina have felt their pagers; Bo is rung first."""
    for staff in (bo, mina):
        now = clock.now()
        test = ring_for_test(staff=staff, site=staff.site, now=now)
        answer_test(test=test, felt=True, now=now)
        allow_one_way(staff=staff, site=staff.site, by=di, now=now)


def run(*words: str, fails: bool = False) -> str:
    done = CliRunner().invoke(makegood, words)
    assert (done.exit_code != 0) == fails, done.output or done.exception
    return done.output


def test_a_press_says_whom_it_reached_and_where_the_customer_looks(on_duty: None) -> None:
    said = run("press", "table 14", "--topics", "food,waiting", "--words", "Cold.", "--name", "Ana")
    case, page = Case.objects.get(), Page.objects.get()
    assert f"Table 14: case {case.reference}. Bo is being rung." in said
    assert "The customer sees http://" in said
    assert "/p/" in said
    assert page.what == "The food and waiting. “Cold.”"
    assert page.customer_name == "Ana"


def test_a_press_that_finds_nobody_says_so(table_14: Touchpoint, cy: Staff) -> None:
    assert "Nobody is on duty; whoever comes next is rung." in run("press", "Table 14")


def test_many_presses_are_counted(on_duty: None) -> None:
    run("press", "Table 14")
    assert "Table 14, pressed 2 times: case" in run("press", "Table 14")


def test_places_that_are_unclear_are_refused(fairline: Organisation, on_duty: None) -> None:
    assert "There is no button called “Table 99”." in run("press", "Table 99", fails=True)
    other = add_site(
        organisation=fairline, name="Old Town", timezone="Europe/Madrid", now=clock.now()
    )
    place_touchpoint(site=other, place="Table 14", now=clock.now())
    said = run("press", "Table 14", fails=True)
    assert "say --site, one of Harbour, Old Town" in said
    assert "Bo is being rung" in run("press", "Table 14", "--site", "harbour")
    assert Signal.objects.count() == 1


def test_a_topic_nobody_offered_is_refused(on_duty: None) -> None:
    said = run("press", "Table 14", "--topics", "weather", fails=True)
    assert "Please choose from the list" in said


def test_answering_from_going_to_done(on_duty: None) -> None:
    run("press", "Table 14")
    assert run("answer", "going") == "Bo, Table 14: someone is going.\n"
    assert run("answer", "with") == "Bo, Table 14: someone is with the customer.\n"
    assert run("answer", "done") == "Bo, Table 14: done.\n"
    assert "Nothing rings." in run("answer", "going", fails=True)
    assert "Nobody is on the way" in run("answer", "done", fails=True)


def test_cant_rings_the_next_at_once(on_duty: None) -> None:
    run("press", "Table 14")
    assert "Nobody is on the way" in run("answer", "with", fails=True)
    assert run("answer", "cant") == "Bo, Table 14: ringing.\nIt rings Mina now.\n"
    assert run("answer", "going") == "Mina, Table 14: someone is going.\n"
    assert run("answer", "left") == "Mina, Table 14: done.\n"


def test_answering_as_somebody(on_duty: None, cy: Staff) -> None:
    run("press", "Table 14")
    page = Page.objects.get()
    assert "Nothing rings for Mina." in run("answer", "going", "--as", mina_address(), fails=True)
    assert "Nobody signs in as x@y.example." in run(
        "answer", "going", "--as", "x@y.example", fails=True
    )
    said = run("answer", "going", "--as", mina_address(), "--page", str(page.pk))
    assert said == "Mina, Table 14: someone is going.\n"
    refused = run("answer", "going", "--as", "bo@fairline.example", "--page", str(page.pk),
                  fails=True)  # fmt: skip
    assert "Mina is already going to" in refused


def mina_address() -> str:
    return "mina@fairline.example"
