"""A replay is the engine of production on history: it agrees with what was, and writes nothing.

One season is played for all tests here; nothing in them writes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Sum

from makegood.amends.models import Amends
from makegood.ground import tenancy
from makegood.page.models import Page
from makegood.people.duty import begin_duty
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Role, Site
from makegood.recover.models import Case, CaseSignal
from makegood.recover.policy import Policy, parse
from makegood.recover.policy.conditions import ALWAYS, compiled
from makegood.recover.policy.tables import LadderRow, LimitRow, RemedyRow, SeverityRow
from makegood.recover.policy.timing import read_by
from makegood.recover.replaying.result import Result
from makegood.recover.replaying.running import Task, replay
from makegood.recover.tests.season import Season
from makegood.recover.versions.publishing import DEFAULT_TEXT
from makegood.sense.models import Signal
from tests.cast import SATURDAY_EVENING

pytestmark = pytest.mark.django_db

STEPS = 190  # about two hundred signals
POLICY = parse(DEFAULT_TEXT)


@pytest.fixture(scope="module")
def season(django_db_setup: None, django_db_blocker: Any) -> Iterator[Season]:
    """A season at Harbour, with Bo and Cy on duty; taken back when the tests are over."""
    with django_db_blocker.unblock(), tenancy.everywhere(), transaction.atomic():
        founded = create_organisation(
            name="The Fairline Hotel", site_name="Harbour", timezone="Europe/Madrid",
            currency="EUR", first_name="Di", last_name="Okoro", email="di@season.example",
            password="x" * 20, case_prefix="HB", now=SATURDAY_EVENING,
        )  # fmt: skip
        site = Site.objects.get(organisation=founded)
        bo, cy = (
            add_staff(
                site=site, first_name=name, last_name="L", email=f"{name}@season.example",
                role=role, title="", now=SATURDAY_EVENING,
            )
            for name, role in (("Bo", Role.HOST), ("Cy", Role.MANAGER))
        )  # fmt: skip
        for staff in (bo, cy):
            begin_duty(staff=staff, site=site, felt_at=SATURDAY_EVENING, now=SATURDAY_EVENING)
        season = Season(site=site, host=bo, manager=cy, now=SATURDAY_EVENING, steps=STEPS).play()
        connection.check_constraints()  # once for all; else each test checks the whole season again
        yield season
        transaction.set_rollback(True)


def replayed(season: Season, draft: Policy, *, since: datetime | None = None) -> Result:
    return replay(
        Task(
            organisation=season.site.organisation,
            running=POLICY,
            running_number=1,
            draft=draft,
            since=since or SATURDAY_EVENING - timedelta(days=1),
            until=season.now + timedelta(minutes=1),
        )
    )


def with_table(**tables: Any) -> Policy:
    return replace(POLICY, tables=replace(POLICY.tables, **tables))


def really_given() -> int:
    return Amends.objects.filter(taken_back_at=None).aggregate(total=Sum("minor"))["total"] or 0


def ladders_really_rung() -> Counter[str]:
    """How often each ladder of the policy really rang for customers, told by its rungs."""
    names = {
        tuple((rung.who, rung.wait_seconds) for rung in ladder.rungs): name
        for name, ladder in POLICY.ladders.items()
    }
    rung: Counter[str] = Counter()
    for page in Page.objects.filter(purpose__in=(*Page.VISITS, Page.Purpose.DECIDE)):
        if Case.objects.filter(pk=page.about).exists() or page.purpose == Page.Purpose.DECIDE:
            rung[names[tuple((one["who"], one["wait_seconds"]) for one in page.ladder)]] += 1
    return rung


def kinds(result: Result) -> set[str]:
    return {one.what for one in result.differences}


def test_the_running_policy_agrees_with_what_really_happened(season: Season):
    result = replayed(season, POLICY)
    assert len(season.heard) > 180
    assert result.running.opened == Case.objects.count() == result.real_cases
    assert result.running.joined == CaseSignal.objects.count() - Case.objects.count()
    assert Counter(result.running.pages_by_ladder) == ladders_really_rung()
    assert result.running.amends.likely == really_given()
    assert result.running == result.draft
    assert (result.differing, result.differences, result.findings) == (0, (), ())


def test_it_agrees_from_the_middle_of_a_season_too(season: Season):
    middle = Case.objects.order_by("opened_at")[Case.objects.count() // 2].opened_at
    result = replayed(season, POLICY, since=middle)
    assert result.running.opened == Case.objects.filter(opened_at__gte=middle).count()
    assert result.running.opened == result.real_cases < Case.objects.count()


def test_a_step_that_is_due_sooner_shows_as_just_that(season: Season):
    contact = replace(POLICY.steps["contact"], by=read_by("14 days"), who="owner", variants={})
    result = replayed(season, replace(POLICY, steps=MappingProxyType(
        {**POLICY.steps, "contact": contact}
    )))  # fmt: skip
    assert "“Make contact” is due at another time" in kinds(result)
    assert all("“Make contact”" in kind for kind in kinds(result))
    assert result.differing == result.real_cases
    assert replace(result.draft, load=(), steps=()) == replace(result.running, load=(), steps=())
    calls = next(one for one in result.draft.steps if one.kind == "contact")
    assert (calls.who, next(one.names for one in result.draft.load if one.who == "owner")) == (
        "owner", ("Di",),
    )  # fmt: skip
    assert any(
        said.startswith(f"“Make contact” {calls.count} times more is about")
        and said.endswith("for Di. Nobody else is named for it.")
        for said in result.findings
    )


def test_another_ladder_shows_as_just_that(season: Season):
    result = replayed(season, with_table(ladder=(LadderRow(ALWAYS, "senior"),)))
    assert "It rings by “senior”, not by “reach”" in kinds(result)
    assert all("rings" in kind for kind in kinds(result))
    assert set(result.draft.pages_by_ladder) == {"senior"}
    assert result.draft.seniors_rung == result.draft.pages
    assert result.draft.seniors_rung > result.running.seniors_rung


def test_another_severity_shows_what_follows_from_it(season: Season):
    result = replayed(season, with_table(severity=(SeverityRow(ALWAYS, exactly=5),)))
    assert "It is graver" in kinds(result)
    assert not any("case" in kind for kind in kinds(result))  # the same cases, opened and joined
    assert result.draft.opened == result.running.opened


def test_a_trigger_less_leaves_signals_alone_and_says_whose(season: Season):
    triggers = tuple(one for one in POLICY.triggers if one.when.text != 'signal.kind == "press"')
    assert len(triggers) < len(POLICY.triggers)
    result = replayed(season, replace(POLICY, triggers=triggers))
    presses = Signal.objects.filter(kind="press", case_signal__isnull=False).count()
    assert result.draft.left_alone == result.running.left_alone + presses
    assert sum(one.count for one in result.differences if "left alone" in one.what) == presses
    examples = [one for one in result.examples if any("no line of" in why for why in one.why)]
    assert examples[0].case_id
    assert examples[0].reference.startswith("HB-")
    assert len(result.examples) <= 20


def test_what_is_given_moves_with_the_table_and_says_how_far(season: Season):
    richer = tuple(replace(row, low=2 * row.low, high=2 * row.high)
                   for row in POLICY.tables.remedies)  # fmt: skip
    result = replayed(season, with_table(remedies=richer))
    assert result.running.amends.likely == really_given() > 0
    assert result.draft.amends.likely == 2 * result.running.amends.likely
    assert result.draft.amends.low == result.running.amends.likely
    nothing = replayed(season, with_table(remedies=(RemedyRow(ALWAYS, 0, 0),)))
    assert (nothing.draft.amends.likely, nothing.draft.amends.high) == (0, really_given())


def test_a_lower_limit_asks_a_senior_more_often(season: Season):
    result = replayed(season, with_table(limits=(LimitRow(ALWAYS, 1, 1, 1),)))
    assert kinds(result) == {"More or less may be given without asking"}
    assert result.draft.asked_senior > result.running.asked_senior


def test_a_condition_of_the_draft_sees_what_was_known_then(season: Season):
    line = SeverityRow(compiled("signal.words.size() > 0"), at_least=5, because="Once")
    result = replayed(season, with_table(severity=(line, *POLICY.tables.severity)))
    graver = [one for one in result.examples if any("Once" in why for why in one.why)]
    assert graver
    assert all("how grave it is, row 1: if signal.words" in " ".join(one.why) for one in graver)


def test_examples_say_in_words_what_differs_and_which_rows_say_so(season: Season):
    line = SeverityRow(compiled('verdict.topic == "waiting"'), exactly=5, because="Nobody came")
    contact = replace(POLICY.steps["contact"], by=read_by("14 days"), variants={})
    draft = with_table(severity=(line, *POLICY.tables.severity))
    draft = replace(draft, steps=MappingProxyType({**POLICY.steps, "contact": contact}))
    result = replayed(season, draft)
    said = " ".join(" ".join((*one.differences, *one.why)) for one in result.examples)
    assert "With the draft: how grave it is, row 1: if it is about waiting" in said
    assert "With the draft: Nobody came" in said
    assert "Both: it begins with “Somebody presses”" in said
    assert "“Make contact” by " in said
    assert not any(sign in said for sign in ("→", "==", "verdict.", "“contact”"))


def test_a_replay_writes_nothing(season: Season):
    def rows() -> dict[str, int]:
        return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}

    before = rows()
    replayed(season, with_table(ladder=(), severity=(SeverityRow(ALWAYS, exactly=1),)))
    assert rows() == before


def test_a_replay_sees_one_house_only(season: Season):
    other = create_organisation(
        name="The Other", site_name="Hill", timezone="Europe/Madrid", currency="EUR",
        first_name="Ed", last_name="Roe", email="ed@other.example", password="x" * 20,
        now=season.now,
    )  # fmt: skip
    task = Task(other, POLICY, 1, POLICY, SATURDAY_EVENING - timedelta(days=1), season.now)
    with tenancy.scope(other.pk):
        result = replay(task)
    assert (result.signals, result.real_cases, result.running.pages) == (0, 0, 0)


def test_it_ends_when_whoever_watches_has_seen_enough(season: Season):
    class Enough(Exception):
        pass

    def watch(done: int, expected: int) -> None:
        assert 0 < expected <= Signal.objects.count()
        raise Enough

    task = Task(season.site.organisation, POLICY, 1, POLICY, SATURDAY_EVENING, season.now)
    with pytest.raises(Enough):
        replay(task, progress=watch)
