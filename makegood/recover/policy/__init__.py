"""The repair policy as values: triggers, tables, ladders, the twelve steps. Pure; read from YAML.

`parse` turns the published text into a `Policy` or raises a `PolicyError` that names the line, the
field and the remedy; `decide` and `plan_steps` say what the policy says about a situation.
`starters/hotel.yaml` shows every field, with comments.
"""

from makegood.recover.policy.deciding import Decision, PlannedStep, decide, plan_steps
from makegood.recover.policy.document import PolicyError
from makegood.recover.policy.ladders import Ladder, Rung
from makegood.recover.policy.model import Policy
from makegood.recover.policy.parsing import parse
from makegood.recover.policy.plans import KINDS, Plan, Reminders
from makegood.recover.policy.situation import Situation
from makegood.recover.policy.timing import By, Calendar

__all__ = [
    "KINDS", "By", "Calendar", "Decision", "Ladder", "Plan", "PlannedStep", "Policy", "PolicyError",
    "Reminders", "Rung", "Situation", "decide", "parse", "plan_steps",
]  # fmt: skip
