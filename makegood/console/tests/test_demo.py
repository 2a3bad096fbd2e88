"""The demo: real data, played; refused where somebody lives already."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from makegood.console.command import makegood
from makegood.console.commands import demo
from makegood.console.demo.house import (
    COLLEAGUES,
    GIFTS,
    OTHER_PLACES,
    PASSWORD,
    ROOMS,
    TABLES,
    found_house,
)
from makegood.console.demo.mishaps import LONG_AGO, WHOLE
from makegood.console.demo.playing import play
from makegood.console.demo.tonight import as_of
from makegood.ground import clock
from makegood.page.models import Page
from makegood.people.duty import on_duty
from makegood.people.models import Customer, Organisation, Site, Staff
from makegood.recover.models import Callback, Case, Closure, Step
from makegood.sense import topics
from makegood.words.models import Letter, Reply
from tests.cast import FAST_HASHES

MADRID = ZoneInfo("Europe/Madrid")
SHORT = [one for one in WHOLE if one.who in ("Ana Ruiz", "Marta Gil", "Ruth Amsel", "Jonas Weil")]


def test_the_cast_names_what_the_house_has() -> None:
    hosts = {row[0] for row in COLLEAGUES}
    places = {f"Table {number}" for number in TABLES} | {f"Room {number}" for number in ROOMS}
    places |= {place for place, _ in OTHER_PLACES}
    gifts = {row[0] for row in GIFTS}
    for mishap in WHOLE:
        assert mishap.host in hosts, mishap.who
        assert mishap.place in places, mishap.who
        assert set(mishap.given) <= gifts, mishap.who
        assert set(mishap.topics) <= set(topics.CHIPS), mishap.who
        assert mishap.clock.tzinfo is None
    assert len({mishap.email for mishap in WHOLE}) == len(WHOLE) >= 25
    assert WHOLE[0] is LONG_AGO


@pytest.mark.parametrize("hour", range(24))
def test_whatever_the_hour_jonas_waits_for_a_day_at_most(hour: int) -> None:
    """So long his apology is late; then it is a broken promise, which rings."""
    now = datetime(2026, 11, 21, hour, 12, tzinfo=MADRID)
    [jonas] = [as_of(one, now) for one in WHOLE if one.who == "Jonas Weil"]
    due = datetime.combine(now - timedelta(days=jonas.days_ago - 1), time(10), tzinfo=MADRID)
    assert timedelta() < now - due < timedelta(days=1)


@pytest.mark.django_db
def test_the_play_ends_tonight(settings: Any, standing_clock: datetime) -> None:
    settings.PASSWORD_HASHERS = FAST_HASHES
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    play(lambda now: None, SHORT)
    now = standing_clock

    board = {page.place: page for page in Page.objects.open().filter(purpose="reach")}
    assert sorted(board) == ["Room 312", "Spa desk", "Table 14"]
    assert board["Table 14"].who == "We failed Ana in " + board["Table 14"].who.split(" in ")[1]
    assert board["Table 14"].who.endswith(": the room")
    assert board["Spa desk"].state == Page.State.WITH
    for place, name in (("Table 14", "Bo"), ("Room 312", "Mina"), ("Spa desk", "Elsa")):
        assert [attempt.staff.first_name for attempt in board[place].attempts.all()] == [name]
        assert (board[place].leaves_at or now) > now
    assert [staff.first_name for staff in on_duty(Site.objects.get())] == ["Bo", "Mina", "Elsa"]
    assert Staff.objects.get(first_name="Bo").check_password(PASSWORD)

    assert sorted(Closure.objects.values_list("outcome", flat=True)) == ["confirmed", "lost"]
    overdue = Step.objects.waiting().filter(due_at__lt=now)
    assert [(step.kind, step.case.customer_name) for step in overdue] == [
        ("apologise", "Jonas Weil")
    ]
    assert Customer.objects.filter(name="Ana Ruiz").count() == 1
    assert Case.objects.filter(customer__name="Ana Ruiz").count() == 2
    assert Callback.objects.get().wanted_at > now
    assert "window table" in Reply.objects.get().words
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert not Step.objects.filter(state=Step.State.DONE, evidence=[]).exists()
    unsaid = Case.objects.filter(case_signals__signal__kind__in=("incident", "review"))
    assert sorted(case.customer_name for case in unsaid) == ["", "Leo Brandt", "Nadia Farouk"]
    assert not Page.objects.filter(about__in=unsaid.exclude(customer=None)).exists()


@pytest.mark.django_db
def test_a_house_that_is_lived_in_is_left_alone(fairline: Organisation) -> None:
    refused = CliRunner().invoke(makegood, ["demo"])
    assert refused.exit_code == 1
    assert "There is a house here already." in refused.output
    quiet = CliRunner().invoke(makegood, ["demo", "--if-empty"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert Organisation.objects.count() == 1
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_an_empty_house_is_played_once_and_newcomers_are_let_in_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo, "play", lambda seen: found_house(clock.now()))
    for _ in range(2):
        done = CliRunner().invoke(makegood, ["demo", "--if-empty"])
        assert done.exit_code == 0
        assert f"with the password {PASSWORD}" in done.output
        assert "bo@fairline.example" in done.output
        assert "The button of table 14: http://" in done.output
    assert Organisation.objects.count() == 1
