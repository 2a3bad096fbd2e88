"""A policy as colleagues read it: what begins a case, twelve steps over time, who is rung."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate, groupby
from typing import Final

from babel.numbers import get_currency_name
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from makegood.people.models import Site
from makegood.people.teaming import Group, nobody_of
from makegood.recover.policy import Ladder, Plan, Policy
from makegood.recover.policy.conditions import Condition
from makegood.recover.policy.diffing import Change
from makegood.recover.policy.ladders import LADDERS
from makegood.recover.policy.phrasing import in_words
from makegood.recover.policy.plans import ANSWERABLE, HAPPENINGS, NEEDED
from makegood.recover.policy.tables import FIRST, Trigger
from makegood.recover.policy.timing import in_words as span_in_words
from makegood.recover.policy.vocabulary import KINDS_OF_SIGNAL, REACTIONS
from makegood.recover.record.punctuality import NEVER_DUE, Kept

ICONS: Final = {
    "press": "hand", "rating": "letter", "complaint": "person", "review": "globe",
    "incident": "clock", "promise": "scale", "silence": "moon",
}  # fmt: skip
BANDS: Final = (
    (timedelta(days=1), gettext_lazy("Within a day")),
    (timedelta(days=7), gettext_lazy("Within days")),
    (timedelta(days=30), gettext_lazy("Within weeks")),
    (timedelta(days=89), gettext_lazy("After a month")),
    (timedelta.max, gettext_lazy("Later")),
)
Groups = Mapping[Site, Collection[Group]]

SHORTLY: Final = {
    "on_duty": gettext_lazy("on duty"), "manager": gettext_lazy("a manager"),
    "owner": gettext_lazy("the owner"), "case_owner": gettext_lazy("case owner"),
}  # fmt: skip


@dataclass(frozen=True)
class Begins:
    """One line of “It begins when”."""

    icon: str
    says: str
    when: str
    is_new: bool


@dataclass(frozen=True)
class Row:
    """One row of a table: when it is true, and what it says; `before` what it said, by field."""

    when: str
    code: str
    cells: Mapping[str, str]
    because: str
    before: Mapping[str, str]
    is_new: bool


@dataclass(frozen=True)
class Rung:
    """Who is rung, and when; `nobody_at`: sites where nobody is of the team or skill it names."""

    who: str
    after: str
    before: str
    nobody_at: str = ""


@dataclass(frozen=True)
class LadderRead:
    """One ladder: its name, when it is rung, its rungs, and after what it begins again."""

    name: str
    meaning: str
    rungs: Sequence[Rung]
    again_after: str
    is_own: bool


@dataclass(frozen=True)
class Variant:
    """What differs in one step for customers who react in one way."""

    title: str
    meaning: str
    differs: Sequence[str]


@dataclass(frozen=True)
class StepRead:
    """One of the twelve steps in words."""

    plan: Plan
    who: str
    by: str
    before: str
    kept: Kept
    needs: str
    promise: str
    skipped: str
    variants: Sequence[Variant]

    @property
    def thin(self) -> bool:
        """Whether the policy says it and we do not do it."""
        return self.kept.is_known and not self.kept.is_good


@dataclass(frozen=True)
class Band:
    """A stretch of the time axis and how many steps lie in it."""

    words: str
    steps: int


@dataclass(frozen=True)
class Read:
    """All that the reader shows."""

    policy: Policy
    begins: Sequence[Begins]
    steps: Sequence[StepRead]
    bands: Sequence[Band]
    lasts: str
    severity: Sequence[Row]
    whom: Sequence[Row]
    remedies: Sequence[Row]
    limits: Sequence[Row]
    ladders: Sequence[LadderRead]
    counted: int = field(default=0)

    @property
    def states(self) -> str:
        """The seam: gold where we keep our word in nine of ten cases."""
        return " ".join("mended" if step.kept.is_good else "ahead" for step in self.steps)

    @property
    def spans(self) -> dict[str, str]:
        """The lengths of time of the rules, in words."""
        policy = self.policy
        lengths = {
            "second_failure_within": policy.second_failure.within,
            "contact_within": policy.contact.within,
            "callback_within": policy.contact.callback_within,
            "waiting": policy.waiting.for_customer_at_most,
            "closing_wait": policy.closing.wait_for_customer,
            "closing_apart": policy.closing.apart,
            "remind_before": policy.reminders.before,
            "remind_again": policy.reminders.again_every,
            "silence": policy.silence.at_least,
        }
        return {name: span_in_words(span) for name, span in lengths.items()}

    @property
    def varied(self) -> Sequence[StepRead]:
        """The steps that differ by reaction."""
        return [step for step in self.steps if step.variants]


def read(
    policy: Policy,
    kept: Mapping[str, Kept],
    *,
    before: Policy | None = None,
    changes: Sequence[Change] = (),
    groups: Groups | None = None,
) -> Read:
    """`policy` in words, with how often each step was kept, and beside `before` what changed.

    `groups`: the teams and skills of the house; a rung that names another is marked.
    """
    changed = {change.place: change for change in changes}
    plans = list(policy.steps.values())
    return Read(
        policy=policy,
        begins=[_begins(trigger, n, changed) for n, trigger in enumerate(policy.triggers)],
        steps=[_step(plan, policy, before, kept.get(plan.kind, NEVER_DUE)) for plan in plans],
        bands=list(_bands(plans)),
        lasts=_lasts(max(plan.by.span for plan in plans)),
        severity=_rows(policy.tables.severity, "severity", changed),
        whom=_rows(policy.tables.ladder, "ladder", changed),
        remedies=_rows(policy.tables.remedies, "remedies", changed),
        limits=_rows(policy.tables.limits, "limits", changed),
        ladders=[_ladder(name, policy, before, groups or {}) for name in policy.ladders],
        counted=sum(one.of for one in kept.values()),
    )


def _begins(trigger: Trigger, place: int, changed: Mapping[str, Change]) -> Begins:
    here = f"triggers.{place}"
    icon = next((icon for kind, icon in ICONS.items() if f'"{kind}"' in trigger.when.text), "bell")
    said = _besides_kind(_when(trigger.when))
    return Begins(
        icon="bell" if trigger.on else icon,
        says=trigger.says,
        when=f"{trigger.on}: {said}" if trigger.on else said,
        is_new=any(one == here or one.startswith(f"{here}.") for one in changed),
    )


def _besides_kind(said: str) -> str:
    """What has to be true besides the kind of signal, which the line's own words tell."""
    for kind in KINDS_OF_SIGNAL.values():
        if said == kind:
            return _("always")
        if said.startswith(f"{kind}, and "):
            return _("if %(rest)s") % {"rest": said.removeprefix(f"{kind}, and ")}
    return said


def _when(when: Condition) -> str:
    return in_words(when)


def _rows(rows: Sequence[object], table: str, changed: Mapping[str, Change]) -> list[Row]:
    return [_row(row, f"tables.{table}.{place}", changed) for place, row in enumerate(rows)]


def _row(row: object, here: str, changed: Mapping[str, Change]) -> Row:
    when: Condition = getattr(row, "when")  # noqa: B009
    said = _when(when)
    change, because = changed.get(here), str(getattr(row, "because", ""))
    return Row(
        when=_("Otherwise") if said == "always" else said[:1].upper() + said[1:],
        code="" if said == "always" else when.text,
        cells=_cells(row),
        because=because if because.lower() != said.lower() else "",
        before={
            place.rpartition(".")[2]: one.before
            for place, one in changed.items()
            if place.startswith(f"{here}.") and one.before
        },
        is_new=change is not None and not change.before,
    )


def _cells(row: object) -> dict[str, str]:
    match type(row).__name__:
        case "SeverityRow":
            exactly, least = getattr(row, "exactly", None), getattr(row, "at_least", None)
            said = _("exactly %(n)s") if exactly is not None else _("at least %(n)s")
            return {"severity": said % {"n": exactly if exactly is not None else least}}
        case "LadderRow":
            return {"use": getattr(row, "use", ""), "ahead_of": getattr(row, "ahead_of", "")}
        case "RemedyRow":
            first = [FIRST[name] for name in getattr(row, "first", ())]
            return {"offer": getattr(row, "words", ""), "first": ", ".join(first)}
    roles = ("on_duty", "manager", "owner")
    limits = {role: getattr(row, role, None) for role in roles}
    return {role: "" if limit is None else f"{limit:,}" for role, limit in limits.items()}


def _ladder(name: str, policy: Policy, before: Policy | None, groups: Groups) -> LadderRead:
    ladder, former = policy.ladders[name], before.ladders.get(name) if before else None
    starts = _starts(ladder)
    earlier = _starts(former) if former else starts
    rungs = [
        Rung(
            rung.in_words,
            starts[n],
            earlier[n] if n < len(earlier) else "",
            sites_without(rung.who, groups) if rung.group else "",
        )
        for n, rung in enumerate(ladder.rungs)
    ]
    meaning = LADDERS.get(name) or _rung_when(name, policy)
    return LadderRead(name, meaning, rungs, starts[-1], name not in LADDERS)


def sites_without(who: str, groups: Groups) -> str:
    """The sites where nobody is of the team or skill that a rung names, with commas between."""
    return ", ".join(site.name for site in nobody_of(who, groups))


def _rung_when(name: str, policy: Policy) -> str:
    """What a ladder of the house's own is for: when the table rings it."""
    said = "; ".join(_when(row.when) for row in policy.tables.ladder if row.use == name)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _starts(ladder: Ladder) -> list[str]:
    """When each rung is rung, counted from the first; and when all begins again."""
    waits = accumulate((rung.wait_seconds for rung in ladder.rungs), initial=0)
    return [_("at once") if not wait else _short(wait) for wait in waits]


def _short(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    if not hours and (not minutes or (minutes == 1 and left)):
        return _("%(n)d s") % {"n": seconds}
    parts = [(hours, _("%(n)d h")), (minutes, _("%(n)d min")), (left, _("%(n)d s"))]
    return " ".join(words % {"n": count} for count, words in parts if count)


def _step(plan: Plan, policy: Policy, before: Policy | None, kept: Kept) -> StepRead:
    former = before.steps[plan.kind] if before else plan
    by, was = _by(plan, policy), _by(former, before or policy)
    return StepRead(
        plan=plan,
        who=_("the house") if plan.automatic else str(SHORTLY[plan.who]),
        by=by,
        before=was if was != by else "",
        kept=kept,
        needs="; ".join(NEEDED[name] for name in plan.needs if name != "words"),
        promise=_promise(plan),
        skipped=_skipped(plan),
        variants=[
            Variant(one.title, REACTIONS[reaction], list(_differs(plan, one, policy)))
            for reaction, one in plan.variants.items()
        ],
    )


def _by(plan: Plan, policy: Policy) -> str:
    if not plan.after:
        return plan.by.words
    if plan.after in HAPPENINGS:
        what = HAPPENINGS[plan.after]
        return _("%(span)s, once %(what)s") % {"span": plan.by.words, "what": what}
    other = policy.steps[plan.after].title
    return _("%(span)s after “%(step)s”") % {"span": plan.by.words, "step": other}


def _promise(plan: Plan) -> str:
    return plan.promise.replace("{who}", _("a colleague"))


def _skipped(plan: Plan) -> str:
    if plan.skip_when is None:
        return ""
    return _("Left out when %(when)s.") % {"when": _when(plan.skip_when)}


def _differs(plan: Plan, other: Plan, policy: Policy) -> Iterator[str]:
    if other.title != plan.title:
        yield _("it is called “%(title)s”") % {"title": other.title}
    if _by(other, policy) != _by(plan, policy):
        yield _("by %(by)s instead of %(was)s") % {
            "by": _by(other, policy), "was": _by(plan, policy),
        }  # fmt: skip
    if other.who != plan.who:
        yield _("%(who)s answers for it") % {"who": ANSWERABLE[other.who]}
    if other.evidence != plan.evidence:
        yield _("shown by: %(evidence)s") % {"evidence": other.evidence}
    if other.promise != plan.promise:
        yield _("promised as “%(promise)s”") % {"promise": _promise(other)}
    if other.needs != plan.needs:
        yield _("needs: %(needs)s") % {"needs": "; ".join(NEEDED[one] for one in other.needs)}
    if other.skip_when != plan.skip_when and other.skip_when is not None:
        yield _skipped(other)


def _bands(plans: Sequence[Plan]) -> Iterator[Band]:
    for words, group in groupby(plans, _band):
        yield Band(words, len(list(group)))


def _band(plan: Plan) -> str:
    return str(next(words for most, words in BANDS if plan.by.span <= most))


def _lasts(span: timedelta) -> str:
    if span < timedelta(days=60):
        return span_in_words(span)
    months = round(span / timedelta(days=30.4))
    if months == 6:
        return _("half a year")
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


def currency_in_words(code: str) -> str:
    """A currency as people call it: euros."""
    return str(get_currency_name(code, count=2, locale=get_language() or "en"))
