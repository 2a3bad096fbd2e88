"""Makes figures of sums, and of figures the sentences a manager should not miss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from makegood.ground.money import Money
from makegood.people.models import Organisation, Role, Staff
from makegood.recover.policy import Policy
from makegood.recover.replaying.estimating import Estimate, Reality
from makegood.recover.replaying.result import Figures, RoleLoad, StepLoad
from makegood.recover.replaying.tally import Answering, Tally

MINUTES: Final = {  # about how long a step takes a person, as we take it to be
    "apologise": 15, "amends": 5, "plan": 20, "confirm": 15, "reassure": 10, "contact": 10,
    "ask": 5, "involve": 10, "value": 10, "appreciate": 10, "prove": 5,
}  # fmt: skip
ROLES_BEHIND: Final = {
    "on_duty": (Role.HOST,),
    "manager": (Role.MANAGER,),
    "owner": (Role.OWNER,),
    "case_owner": (Role.HOST, Role.MANAGER),  # whoever comes
}
FEW: Final = 3
NIGHT: Final = (22, 23, 0, 1, 2, 3, 4, 5, 6)
WORTH_SAYING: Final = 5  # steps, pages


@dataclass(frozen=True)
class Crew:
    """First names of those who work here, by role."""

    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, organisation: Organisation) -> "Crew":
        """Who works in the organisation today."""
        names: dict[str, list[str]] = {}
        staff = Staff.objects.filter(organisation=organisation, is_active=True)
        for role, name in staff.order_by("first_name", "pk").values_list("role", "first_name"):
            names.setdefault(role, []).append(name)
        return cls({role: tuple(some) for role, some in names.items()})

    def behind(self, who: str) -> tuple[str, ...]:
        """Who answers for what the policy gives to `who`."""
        return tuple(name for role in ROLES_BEHIND[who] for name in self.names.get(role, ()))

    def called(self, who: str) -> str:
        """Cy; Cy and Eve; 4 managers."""
        names = self.behind(who)
        if names and len(names) <= FEW:
            return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        plural = {"on_duty": "hosts", "manager": "managers", "owner": "owners",
                  "case_owner": "colleagues"}[who]  # fmt: skip
        return f"{len(names)} {plural}" if names else f"nobody: there are no {plural}"


def figures(
    tally: Tally, estimate: Estimate, reality: Reality, answering: Answering, crew: Crew,
    weeks: float,
) -> Figures:  # fmt: skip
    """The figures of one policy over so many `weeks`."""
    return Figures(
        opened=tally.actions["opened"],
        joined=tally.actions["joined"],
        left_alone=tally.actions["left alone"],
        pages=sum(tally.by_ladder.values()),
        pages_by_hour=tuple(tally.by_hour[hour] for hour in range(24)),
        pages_by_ladder=dict(tally.by_ladder.most_common()),
        seniors_rung=tally.seniors_rung + tally.rung_in_vain(answering),
        amends=estimate.amends(reality),
        asked_senior=estimate.asked,
        in_time=estimate.in_time(),
        steps=tuple(_steps(tally)),
        load=tuple(_load(tally, crew, weeks)),
    )


def findings(running: Figures, draft: Figures, crew: Crew, currency: str) -> Iterator[str]:
    """What the draft asks of people, in sentences; what is as it was is not said."""
    yield from _more_to_do(running, draft, crew)
    night = sum(draft.pages_by_hour[hour] - running.pages_by_hour[hour] for hour in NIGHT)
    if night >= WORTH_SAYING:
        yield f"{night} more pages between 22:00 and 7:00."
    more_pages = draft.pages - running.pages
    if running.pages and abs(more_pages) * 10 >= running.pages:
        yield f"{abs(more_pages)} {'more' if more_pages > 0 else 'fewer'} pages in all."
    seniors = draft.seniors_rung - running.seniors_rung
    if abs(seniors) >= WORTH_SAYING:
        yield f"Seniors are rung {abs(seniors)} times {'more' if seniors > 0 else 'less'} often."
    alone = draft.left_alone - running.left_alone
    if alone:
        many = f"{abs(alone)} signals" if abs(alone) > 1 else "1 signal"
        yield f"{many} {'begin no case any more' if alone > 0 else 'begin a case that did not'}."
    given = draft.amends.likely - running.amends.likely
    if given:
        amount = Money(abs(given), currency).in_words()
        yield f"About {amount} {'more' if given > 0 else 'less'} given in amends."


def _more_to_do(running: Figures, draft: Figures, crew: Crew) -> Iterator[str]:
    had = {(step.kind, step.who): step.count for step in running.steps}
    for step in draft.steps:
        more = step.count - had.get((step.kind, step.who), 0)
        if more < WORTH_SAYING:
            continue
        hours = _hours(more * MINUTES.get(step.kind, 10))
        whose = crew.called(step.who)
        alone = len(crew.behind(step.who)) == 1
        said = f"“{step.title}” {more} times more is about {hours} for {whose}."
        yield f"{said} Nobody else is named for it." if alone else said


def _hours(minutes: int) -> str:
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{round(minutes / 60)} hours"


def _steps(tally: Tally) -> Iterator[StepLoad]:
    policy: Policy = tally.policy
    order = {kind: place for place, kind in enumerate(policy.steps)}
    for (kind, who), count in sorted(
        tally.steps.items(), key=lambda item: (order[item[0][0]], item[0][1])
    ):
        yield StepLoad(kind, policy.steps[kind].title, who, count)


def _load(tally: Tally, crew: Crew, weeks: float) -> Iterator[RoleLoad]:
    for who in ROLES_BEHIND:
        counts = {kind: count for (kind, by), count in tally.steps.items() if by == who}
        if not counts:
            continue
        names = crew.behind(who)
        steps = sum(counts.values())
        yield RoleLoad(
            who=who,
            people=len(names),
            names=names if len(names) <= FEW else (),
            steps=steps,
            per_person_week=round(steps / max(weeks, 1 / 7) / max(1, len(names)), 1),
            busiest_week=max(tally.weeks[who].values(), default=0),
            minutes=sum(count * MINUTES.get(kind, 10) for kind, count in counts.items()),
        )
