"""What is left after the storm, once nothing waits any more."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tests.endurance.diary import Diary
from tests.endurance.storm import Storm
from tests.endurance.view import View

# Rings of a wrist without a receipt, and until when each asked its wearer for a hand.
UNHEARD = """
select a.id, a.device_id, a.page_id, a.round, a.sent_at, least(
    (select min(said_at) from page_answer w where w.page_id = a.page_id and w.round = a.round
        and (w.kind = 'going' or w.staff_id = a.staff_id)),
    (select min(made_at) from page_attempt n where n.page_id = a.page_id and n.round > a.round),
    p.ended_at
) as asked_until
from page_attempt a join page_page p on p.id = a.page_id
where a.channel = 'wrist' and a.received_at is null and a.answered_at is null
"""

UNSETTLED = {
    "signals wait": "select count(*) from sense_signal where state = 0",
    "steps are due": """
        select count(*) from recover_step where state = 0 and look_at <= makegood_now()""",
    "pauses are over": """
        select count(*) from recover_pause where ended_at is null and until <= makegood_now()""",
    "pages are due": """
        select count(*) from page_page where next_rung_at <= makegood_now() - interval '3 s'""",
    "words on wrists wait": """
        select count(*) from page_pagerword where treat_at <= makegood_now()""",
    "wrists are yet to ring": f"""
        select count(*) from ({UNHEARD}) as unheard where asked_until is null""",
    "letters are due": """
        select count(*) from words_letter
        where state in ('waiting', 'sending') and try_after <= makegood_now()""",
}


class Aftermath(msgspec.Struct, frozen=True):
    """The rows, what people were promised, and what they went through."""

    view: View
    diary: Diary
    storm: Storm
    outbox: Path
    at_rest: datetime  # by the database's clock: nothing waited any more, and all still ran
    seed: int

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows of a query."""
        return self.view.rows(query, *values)

    def summary(self) -> list[str]:
        """In a few lines, for whoever ran it."""
        strikes = ", ".join(
            f"{name} {count} ({self.storm.in_the_middle[name]} in the middle of work)"
            for name, count in sorted(self.storm.struck.items())
        )
        presses, taps = self.diary.presses.values(), self.diary.taps.values()
        heard = sum(press.signal_id is not None for press in presses)
        given = sum(tap.given for tap in taps)
        counted = Counter(dict(self.rows(COUNTS)))
        pressed, said = self.diary.hardware.values(), self.diary.words.values()
        return [
            f"struck in {self.storm.lasted:.0f} s: {strikes}",
            f"{len(presses)} presses tried, {heard} acknowledged; {len(taps)} gifts tried, {given} "
            f"acknowledged; sent again {sum(self.diary.repeats.values())} times",
            f"hardware: {sum(pressed)} presses and {sum(said)} words acknowledged, "
            f"{len(self.diary.rung)} rings on wrists",
            ", ".join(f"{count} {what}" for what, count in counted.items()),
            f"again: --seed {self.seed}",
        ]


COUNTS = """
select 'signals', count(*) from sense_signal
union all select 'cases', count(*) from recover_case
union all select 'pages', count(*) from page_page
union all select 'amends', count(*) from amends_amends
union all select 'reminders', count(*) from ground_fact
    where name in ('recover.step_fell_due', 'recover.step_overdue')
union all select 'letters sent', count(*) from words_letter where state = 'sent'
"""


def unsettled(view: View) -> dict[str, int]:
    """What still waits, in words, and how much of it."""
    counts = {what: int(view.one(query)) for what, query in UNSETTLED.items()}
    return {what: count for what, count in counts.items() if count}
