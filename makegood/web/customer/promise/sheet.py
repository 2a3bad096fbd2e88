"""What the promise page shows beside the promises: the thread, the coupons, how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.amends.access import amends_about
from makegood.amends.models import Amends
from makegood.people.models import Staff
from makegood.recover.belonging import matters_of
from makegood.recover.models import Case, Closure
from makegood.recover.record.promises import PromisePage, promises_of
from makegood.web.customer.hosts import senior_at
from makegood.words.access import thread_about
from makegood.words.models import Letter, Reply

PERSONAL = (Letter.Kind.APOLOGY, Letter.Kind.NEWS)


@dataclass(frozen=True)
class Written:
    """One letter of ours or one reply of theirs."""

    letter: Letter | None = None
    reply: Reply | None = None


@dataclass(frozen=True)
class Sheet:
    """The page, read at `now`."""

    page: PromisePage
    now: datetime
    thread: Sequence[Written]
    coupons: Sequence[Amends]
    senior: Staff | None

    @property
    def case(self) -> Case:
        """Whose page it is."""
        return self.page.case

    @property
    def latest_letter(self) -> Letter | None:
        """Which letter they answer."""
        letters = [written.letter for written in self.thread if written.letter]
        return letters[-1] if letters else None

    @property
    def ended(self) -> str:
        """How it ended: `confirmed`, `lost`, `withdrawn`, or nothing while it is open."""
        return Closure.Outcome(self.page.closure.outcome).value if self.page.closure else ""


def sheet_of(case: Case, now: datetime) -> Sheet:
    """Reads what the customer of `case` may see at `now`."""
    matters = matters_of(case.pk)
    return Sheet(
        page=promises_of(case, now),
        now=now,
        thread=[_written(item) for item in thread_about(*matters) if _is_personal(item)],
        coupons=[given for given in amends_about(*matters) if hasattr(given, "coupon")],
        senior=senior_at(case.site),
    )


def _is_personal(item: Letter | Reply) -> bool:
    """The house's own questions are answered on the page; they are not shown as letters."""
    return isinstance(item, Reply) or item.kind in PERSONAL


def _written(item: Letter | Reply) -> Written:
    return Written(letter=item) if isinstance(item, Letter) else Written(reply=item)
