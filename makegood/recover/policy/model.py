"""One version of the repair policy, as values that answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from makegood.recover.policy.contact import Closing, Contact, SecondFailure, Silence, Waiting
from makegood.recover.policy.ladders import Ladder
from makegood.recover.policy.plans import Plan, Reminders
from makegood.recover.policy.tables import Tables, Trigger
from makegood.recover.policy.timing import Calendar


@dataclass(frozen=True)
class Policy:
    """One version of the repair policy."""

    title: str
    triggers: tuple[Trigger, ...]
    same_place_within: timedelta
    tables: Tables
    second_failure: SecondFailure
    contact: Contact
    waiting: Waiting
    silence: Silence
    reminders: Reminders
    closing: Closing
    ladders: Mapping[str, Ladder]
    steps: Mapping[str, Plan]

    def plan(self, kind: str, reaction: str = "") -> Plan:
        """What is to be done for `kind` when the customer reacts like this."""
        return self.steps[kind].for_reaction(reaction)

    def plans(self, reaction: str) -> tuple[Plan, ...]:
        """What is to be done, in the order of the steps, when the customer reacts like this."""
        return self._plans_of.get(reaction) or tuple(self.steps.values())

    @cached_property
    def _plans_of(self) -> dict[str, tuple[Plan, ...]]:
        """The plans for every reaction that some step is different for."""
        reactions = {reaction for plan in self.steps.values() for reaction in plan.variants}
        return {
            reaction: tuple(plan.for_reaction(reaction) for plan in self.steps.values())
            for reaction in reactions
        }

    @property
    def failed_before_within(self) -> timedelta:
        """How long a failure counts for the next one."""
        return self.second_failure.within

    @property
    def callback_within(self) -> timedelta:
        """How far ahead a customer may ask to be called."""
        return self.contact.callback_within

    @property
    def wait_for_customer(self) -> timedelta:
        """How long we wait for the customer's last word before a manager closes the case."""
        return self.closing.wait_for_customer

    def due_at(
        self, kind: str, start: datetime, where: Calendar | ZoneInfo, reaction: str = ""
    ) -> datetime:
        """When `kind` is promised, counted from the opening or from the end of its `after`."""
        return self.plan(kind, reaction).by.after(start, where)

    def due_at_opening(
        self, kind: str, opened_at: datetime, where: Calendar | ZoneInfo, reaction: str = ""
    ) -> datetime | None:
        """The same from the opening; None while it waits for another step to end."""
        if self.plan(kind, reaction).after:
            return None
        return self.due_at(kind, opened_at, where, reaction)

    def look_at(self, kind: str, due_at: datetime, now: datetime) -> datetime:
        """When the house looks at it first: a person is reminded before it is late."""
        if self.steps[kind].automatic:
            return due_at
        return max(now, due_at - self.reminders.before)

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every name that some condition looks at; what nobody asks need not be gathered."""
        tables = (self.tables.severity, self.tables.ladder, self.tables.remedies,
                  self.tables.limits)  # fmt: skip
        plans = [one for plan in self.steps.values() for one in (plan, *plan.variants.values())]
        conditions = [row.when for rows in (self.triggers, *tables) for row in rows]
        conditions += [plan.skip_when for plan in plans if plan.skip_when]
        return frozenset(name for condition in conditions for name in condition.reads)

    @cached_property
    def counts_opening_time(self) -> bool:
        """Whether any promise is counted in opening hours or days."""
        return any(
            one.by.opening
            for plan in self.steps.values()
            for one in (plan, *plan.variants.values())
        )
