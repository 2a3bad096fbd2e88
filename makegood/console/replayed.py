"""A replay as a page of text, for people who keep their policy in files."""

from collections.abc import Iterator

from makegood.ground.money import Money
from makegood.recover.replaying.result import Figures, MoneyRange, Result, ShareRange

WIDE = 34
COLUMN = 22


def as_text(result: Result) -> str:
    """The whole result."""
    return "\n".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    yield (
        f"{result.signals:,} signals of the last {result.days} days; "
        f"{result.real_cases:,} cases were really opened."
    )
    yield ""
    yield _row("", f"with number {result.running_number}", "with this text")
    for name, running, draft in _figures(result):
        yield _row(name, running, draft)
    if result.differences:
        yield ""
        yield f"{result.differing:,} signals would be treated otherwise:"
        yield from (f"  {one.count:>6,}  {one.what}" for one in result.differences)
    if result.examples:
        yield ""
        yield "For example:"
        for one in result.examples:
            yield f"  {one.reference or one.place}, {one.happened_at:%d %B %H:%M}"
            yield from (f"    {said}" for said in (*one.differences, *one.why))
    if result.findings:
        yield ""
        yield from result.findings
    yield ""
    yield from result.assumptions


def _figures(result: Result) -> Iterator[tuple[str, str, str]]:
    both = (result.running, result.draft)
    counts = {
        "Cases opened": [f"{one.opened:,}" for one in both],
        "Joined an open case": [f"{one.joined:,}" for one in both],
        "Left alone": [f"{one.left_alone:,}" for one in both],
        "Pages": [f"{one.pages:,}" for one in both],
        "Pages between 22:00 and 7:00": [f"{_at_night(one):,}" for one in both],
        "Seniors rung": [f"{one.seniors_rung:,}" for one in both],
        "Given in amends": [_money(one.amends, result.currency) for one in both],
        "Had to ask a senior": [f"{one.asked_senior:,}" for one in both],
        "Reached in time": [_share(one.in_time) for one in both],
    }
    for name, (running, draft) in counts.items():
        yield name, running, draft
    for who in dict.fromkeys(load.who for one in both for load in one.load):
        name = f"Steps a week for each {who.replace('_', ' ')}"
        yield name, _load(result.running, who), _load(result.draft, who)


def _load(figures: Figures, who: str) -> str:
    return next((f"{load.per_person_week:g}" for load in figures.load if load.who == who), "0")


def _at_night(figures: Figures) -> int:
    return sum(figures.pages_by_hour[22:]) + sum(figures.pages_by_hour[:7])


def _money(amount: MoneyRange, currency: str) -> str:
    said = Money(amount.likely, currency).in_words()
    if amount.low == amount.high:
        return said
    low, high = (Money(end, currency).in_words() for end in (amount.low, amount.high))
    return f"{said} ({low} to {high})"


def _share(share: ShareRange) -> str:
    if not share.of:
        return "nobody was here"
    low, high = (round(100 * end / share.of) for end in (share.low, share.high))
    return f"{low} %" if low == high else f"{low} to {high} %"


def _row(name: str, running: str, draft: str) -> str:
    return f"{name:<{WIDE}}{running:>{COLUMN}}{draft:>{COLUMN + 8}}".rstrip()
