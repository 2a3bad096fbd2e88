"""The draft on our own history: asked for, watched, stopped, and what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.money import Money
from makegood.ground.refusals import Invalid, NotFound
from makegood.recover import access
from makegood.recover.models import PolicyDraft, Replay
from makegood.recover.policy.plans import ANSWERABLE
from makegood.recover.replaying.asking import ask_replay, stop_replay
from makegood.recover.replaying.keeping import replay_is_of, result_of
from makegood.recover.replaying.result import Figures, MoneyRange, Result, ShareRange
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door

DAYS = (30, 90, 180, 365)
USUAL = 90


@dataclass(frozen=True)
class FigureRow:
    """One line of the table: with the version in force, and with the draft."""

    name: str
    running: str
    draft: str
    hint: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the two differ."""
        return self.running != self.draft


@dataclass(frozen=True)
class Hour:
    """How many pages rang in one hour of the day, as shares of the busiest."""

    hour: int
    running: int
    draft: int
    running_share: int
    draft_share: int


@dataclass(frozen=True)
class Replayed:
    """The last replay of a draft, as the rail shows it."""

    replay: Replay | None
    of_this_text: bool
    interrupted: bool
    result: Result | None
    rows: Sequence[FigureRow]
    hours: Sequence[Hour]
    percent: int
    choices: Sequence[int] = DAYS
    days: int = USUAL

    @property
    def goes_on(self) -> bool:
        """Whether to look again soon."""
        return self.replay is not None and self.replay.goes_on and not self.interrupted


def replayed_of(draft: PolicyDraft, now: datetime) -> Replayed:
    """The draft's last replay."""
    replay = access.latest_replay(draft)
    if replay is None:
        return Replayed(None, False, False, None, (), (), 0)
    result = result_of(replay)
    return Replayed(
        replay=replay,
        of_this_text=replay_is_of(replay, draft),
        interrupted=replay.is_stale(now),
        result=result,
        rows=_rows(result) if result else (),
        hours=_hours(result.running, result.draft) if result else (),
        percent=100 * replay.replayed // replay.expected if replay.expected else 0,
        days=replay.days,
    )


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def replay(request: StaffRequest) -> HttpResponse:
    """POST starts it; GET shows how far it is, to a page that asks every second."""
    draft = access.open_draft(request.user)
    if draft is None:
        raise NotFound(_("There is no draft to replay."))
    now = clock.now()
    if request.method == "POST":
        ask_replay(draft=draft, days=_days(request), by=request.user, now=now)
    if not request.headers.get("HX-Request"):
        return redirect("policy_draft")
    context = {"replayed": replayed_of(draft, now), "number": draft.based_on.number + 1}
    return render(request, "policy/replay.html", context)


@require_POST
@senior_door
def stop(request: StaffRequest) -> HttpResponse:
    """Ends it before it is done."""
    draft = access.open_draft(request.user)
    running = access.latest_replay(draft) if draft else None
    if running is not None and running.goes_on:
        stop_replay(replay=running, by=request.user, now=clock.now())
    return redirect("policy_draft")


def _days(request: StaffRequest) -> int:
    said = request.POST.get("days", str(USUAL))
    if not said.isdigit() or len(said) > 4:
        raise Invalid(_("Say for how many days, 1 to 730."), field="days")
    return int(said)


def _rows(result: Result) -> list[FigureRow]:
    old, new, currency = result.running, result.draft, result.currency

    def counted(name: str, of: str, hint: str = "") -> FigureRow:
        return FigureRow(name, f"{getattr(old, of):,}", f"{getattr(new, of):,}", hint)

    return [
        counted(_("Cases opened"), "opened"),
        counted(_("Left alone"), "left_alone", _("signals that begin nothing")),
        counted(_("Pages"), "pages"),
        counted(_("Pages to a senior"), "seniors_rung"),
        FigureRow(
            _("Given in amends"), _money(old.amends, currency), _money(new.amends, currency),
            _range(new.amends, currency),
        ),
        counted(_("Had to ask a senior"), "asked_senior"),
        FigureRow(
            _("Reached in time"), _share(old.in_time), _share(new.in_time),
            _("of %(n)d who were with us") % {"n": new.in_time.of} if new.in_time.of else "",
        ),
        FigureRow(_("Steps for people"), _steps(old), _steps(new)),
        *_load(old, new),
    ]  # fmt: skip


def _load(old: Figures, new: Figures) -> list[FigureRow]:
    before = {load.who: load for load in old.load}
    rows = []
    for load in new.load:
        was = before.get(load.who)
        name = ", ".join(load.names) if load.names else ANSWERABLE[load.who]
        rows.append(
            FigureRow(
                _("A week for %(who)s") % {"who": name},
                f"{was.per_person_week:.1f}" if was else "0",
                f"{load.per_person_week:.1f}",
                _("steps per person, busiest week %(n)d") % {"n": load.busiest_week},
            )
        )
    return rows


def _steps(figures: Figures) -> str:
    return f"{sum(load.steps for load in figures.load):,}"


def _money(amount: MoneyRange, currency: str) -> str:
    return Money(amount.likely, currency).in_words()


def _range(amount: MoneyRange, currency: str) -> str:
    if amount.low == amount.high:
        return ""
    low, high = Money(amount.low, currency).in_words(), Money(amount.high, currency).in_words()
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _share(share: ShareRange) -> str:
    if not share.of:
        return _("nobody")
    low, high = 100 * share.low // share.of, 100 * share.high // share.of
    return f"{low} %" if low == high else _("%(low)d to %(high)d %%") % {"low": low, "high": high}


def _hours(old: Figures, new: Figures) -> list[Hour]:
    busiest = max(*old.pages_by_hour, *new.pages_by_hour, 1)
    return [
        Hour(hour, was, is_, 100 * was // busiest, 100 * is_ // busiest)
        for hour, (was, is_) in enumerate(zip(old.pages_by_hour, new.pages_by_hour, strict=True))
    ]
