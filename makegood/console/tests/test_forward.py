"""`forward` and `tick --once`: the clock moves, and what falls due on the way is done."""

from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from makegood.console.command import makegood
from makegood.console.commands.forward import Span
from makegood.console.playing import Player
from makegood.ground import clock
from makegood.ground.ids import new_id
from makegood.page.models import Page
from makegood.people.duty import begin_duty
from makegood.people.models import Staff
from makegood.recover.models import Case, Step
from makegood.sense.models import Touchpoint
from makegood.sense.pressing import receive_press

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `forward` does to this process's clock ends with the test, as what it wrote does."""
    monkeypatch.setattr(clock, "_clock", clock._Clock())


def run(*words: str) -> str:
    """The output of a command that succeeds."""
    done = CliRunner().invoke(makegood, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30d", timedelta(days=30)),
        ("1w", timedelta(weeks=1)),
        ("1w2d", timedelta(days=9)),
        ("12h", timedelta(hours=12)),
        ("90m", timedelta(minutes=90)),
    ],
)
def test_spans_as_people_write_them(text: str, span: timedelta) -> None:
    assert Span().convert(text, None, None) == span


@pytest.mark.parametrize("text", ["soon", "0d", "-3d", "", "d30", "30 moons"])
def test_nonsense_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write it like 30d, 12h or 90m"):
        Span().convert(text, None, None)


def test_ctrl_c_leaves_the_clock_where_it_had_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop_after_two_days(player: Player, until: datetime) -> None:
        player.now += timedelta(days=2)
        raise KeyboardInterrupt

    before = clock.now()
    monkeypatch.setattr(Player, "advance", stop_after_two_days)
    assert CliRunner().invoke(makegood, ["forward", "30d"]).exit_code == 1
    assert timedelta(days=2) <= clock.now() - before < timedelta(days=3)


def test_nonsense_moves_nothing() -> None:
    before = clock.now()
    done = CliRunner().invoke(makegood, ["forward", "soon"])
    assert done.exit_code == 2
    assert "soon is no span of time ahead" in done.output
    assert clock.now() - before < timedelta(hours=1)


def test_forward_lives_through_what_falls_due(table_14: Touchpoint, bo: Staff, cy: Staff) -> None:
    start = clock.now()
    begin_duty(staff=bo, site=bo.site, felt_at=start, now=start)
    receive_press(touchpoint=table_14, key=str(new_id()), now=start)

    said = run("forward", "3d")

    assert clock.now() - start >= timedelta(days=3)
    apologise = Step.objects.get(kind="apologise", case=Case.objects.get())
    assert apologise.reminders >= 2
    page = Page.objects.open().get(about=apologise.pk)
    assert page.attempts.count() <= 2 * apologise.reminders, "who promised, then the manager"
    assert f"It is {clock.now():%A %d %B %Y}" in said
    assert "things were done." in said


def test_tick_once_says_how_much_was_due(table_14: Touchpoint, bo: Staff) -> None:
    now = datetime.now(UTC)
    receive_press(touchpoint=table_14, key=str(new_id()), now=now - timedelta(days=1))
    assert run("tick", "--once") == "0 due things were done.\n"  # triage is another lane
    run("forward", "1m")
    Step.objects.filter(kind="plan").update(look_at=now)
    assert run("tick", "--once") == "1 due things were done.\n"
