"""What the customer sees: every promise of ours, kept, pending, or late; and says so itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.amends.access import amends_about
from makegood.people.models import Role, Staff
from makegood.recover import wording
from makegood.recover.belonging import matters_of
from makegood.recover.life.answering import handling_score, may_confirm
from makegood.recover.models import Case, Closure, Step
from makegood.recover.policy import Plan
from makegood.recover.policy.timing import is_late
from makegood.recover.steps.pausing import standing_wait
from makegood.recover.versions.publishing import policy_of
from makegood.words.access import letters_about, replies_about
from makegood.words.models import Letter, Reply

Standing = Literal["mended", "now", "ahead", "late", "dropped"]


@dataclass(frozen=True)
class Pledge:
    """One promise as values, all times local; `ended_at` None while it waits."""

    kind: str
    words: str
    due_at: datetime | None
    ended_at: datetime | None = None
    dropped: bool = False
    on_the_spot: bool = False
    or_at_visit: bool = False
    your_turn: bool = False


@dataclass(frozen=True)
class Promise:
    """One line of the promise page. `state`: mended (kept), now, ahead, late, dropped."""

    kind: str
    state: Standing
    words: str
    when: str


@dataclass(frozen=True)
class PromisePage:
    """All that the promise page shows."""

    case: Case
    first_name: str
    promises: tuple[Promise, ...]
    letter: Letter | None
    replies: tuple[Reply, ...]
    happened_on: date
    today: date
    asks_confirmation: bool
    handling_score: int | None
    closure: Closure | None
    waiting_since: date | None = None


def stand(
    pledges: Sequence[Pledge], now: datetime, *, stands_still_since: datetime | None = None
) -> tuple[Promise, ...]:
    """How each promise stands at `now` (local): the first that waits is the one we are at. Pure.

    While we wait for the customer nothing becomes late; what was late before stays late.
    """
    clock = stands_still_since or now
    promises: list[Promise] = []
    for pledge in pledges:
        waits_already = any(promise.state in ("now", "late") for promise in promises)
        state = _state(pledge, clock, first=not waits_already)
        promises.append(Promise(pledge.kind, state, pledge.words, _when(pledge, state, now)))
    return tuple(promises)


def promises_of(case: Case, now: datetime) -> PromisePage:
    """What the customer of `case` sees at `now`."""
    local = now.astimezone(ZoneInfo(case.site.timezone))
    matters, wait = matters_of(case.pk), standing_wait(case)
    since = wait.began_at.astimezone(local.tzinfo) if wait else None
    letters = [
        letter
        for letter in letters_about(*matters)
        if letter.kind == Letter.Kind.APOLOGY and letter.sent_at
    ]
    return PromisePage(
        case=case,
        first_name=case.customer.first_name if case.customer else "",
        promises=stand(_pledges(case, matters, local), local, stands_still_since=since),
        letter=letters[-1] if letters else None,
        replies=tuple(replies_about(*matters)),
        happened_on=case.happened_at.astimezone(local.tzinfo).date(),
        today=local.date(),
        asks_confirmation=may_confirm(case),
        handling_score=handling_score(case),
        closure=case.standing_closure,
        waiting_since=since.date() if since else None,
    )


def answering_staff(case: Case) -> dict[str, str]:
    """First names by who answers: case_owner, manager, owner; `us` where nobody is named yet."""
    seniors = Staff.objects.filter(
        organisation_id=case.organisation_id, is_active=True, role__in=(Role.MANAGER, Role.OWNER)
    ).order_by("pk")
    names = {"case_owner": case.owner.first_name if case.owner else "us", "on_duty": "us"}
    for senior in seniors:
        if senior.role == Role.OWNER or senior.site_id == case.site_id:
            names.setdefault(senior.role, senior.first_name)
    return {"manager": "us", "owner": "us"} | names


def _pledges(case: Case, matters: Sequence[UUID], now: datetime) -> list[Pledge]:
    policy = policy_of(case.policy_id)
    names = answering_staff(case)
    pledges: list[Pledge] = []
    for step in case.steps.select_related("ended_by"):
        plan = policy.plan(step.kind, case.reaction)
        if not plan.promise or _hidden(step):
            continue
        if step.kind == "amends" and step.state == Step.State.DONE:
            pledges += _gifts(case, step, matters, now)
        else:
            pledges.append(_pledge(step, plan, names, now))
    return pledges


def _pledge(step: Step, plan: Plan, names: dict[str, str], now: datetime) -> Pledge:
    who = step.ended_by.first_name if step.ended_by else names[plan.who]
    return Pledge(
        kind=step.kind,
        words=plan.promise.replace("{who}", who),
        due_at=_local(step.due_at, now),
        ended_at=_local(_ended(step), now),
        dropped=step.state == Step.State.SKIPPED,
        or_at_visit=bool(plan.brought_forward_by),
        your_turn=step.kind == "prove" and step.asked_at is not None,
    )


def _ended(step: Step) -> datetime | None:
    return step.kept_at if step.state == Step.State.DONE else step.ended_at


def _gifts(case: Case, step: Step, matters: Sequence[UUID], now: datetime) -> list[Pledge]:
    opened = case.happened_at.astimezone(now.tzinfo).date()
    gifts = [
        Pledge(
            kind=step.kind,
            words=amends.name,
            due_at=_local(step.due_at, now),
            ended_at=_local(amends.given_at, now),
            on_the_spot=amends.given_at.astimezone(now.tzinfo).date() == opened,
        )
        for amends in amends_about(*matters)
    ]
    made_good = Pledge("amends", "To make it good", None, ended_at=_local(step.ended_at, now))
    return gifts or [made_good]


def _hidden(step: Step) -> bool:
    """What nobody decided to break: left out with the closing, by the house, or nothing was due."""
    by_a_person = step.ended_by_id is not None and step.skipped_by_id is None
    return step.state == Step.State.SKIPPED and (step.kind == "amends" or not by_a_person)


def _state(pledge: Pledge, now: datetime, *, first: bool) -> Standing:
    if pledge.dropped:
        return "dropped"
    if pledge.ended_at:
        return "mended"
    if pledge.due_at and pledge.due_at < now and not pledge.your_turn:
        return "late"
    return "now" if first or pledge.your_turn else "ahead"


def _when(pledge: Pledge, state: Standing, now: datetime) -> str:
    if state == "dropped":
        return f"We left this out on {_day(pledge.ended_at, now)}."
    if state == "mended":
        return _kept(pledge, now)
    if pledge.your_turn:
        return "Your turn, below"
    if pledge.due_at is None:
        return "After what comes before it"
    if state == "late":
        return f"Promised for {_day(pledge.due_at, now)}. We are late. Sorry."
    by = "Today" if pledge.due_at.date() == now.date() else f"By {_day(pledge.due_at, now)}"
    return f"{by}, or at your next visit" if pledge.or_at_visit else by


def _kept(pledge: Pledge, now: datetime) -> str:
    kept = "Kept on the spot," if pledge.on_the_spot else "Kept"
    words = f"{kept} {_day(pledge.ended_at, now)}"
    if pledge.due_at and pledge.ended_at and is_late(pledge.due_at, pledge.ended_at):
        return f"{words}, {wording.lateness(pledge.due_at, pledge.ended_at)}. Sorry."
    return words


def _day(moment: datetime | None, now: datetime) -> str:
    return wording.day((moment or now).date(), now.date())


def _local(moment: datetime | None, now: datetime) -> datetime | None:
    return moment.astimezone(now.tzinfo) if moment else None
