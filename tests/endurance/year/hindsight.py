"""What is left of the year: every case as the oracle wants to see it, and a few lines about it."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.endurance.view import View
from tests.endurance.year.living import Year
from tests.endurance.year.oracle import Event, File, Row
from tests.endurance.year.reading import Document, read
from tests.endurance.year.temper import Temper

# With the presses by which an address is left, if any is: who presses again leaves none with that.
CASES = """
select c.id, c.number, c.opened_at, site.timezone, version.document,
       array(select s.key from recover_casesignal belongs
             join sense_signal s on s.id = belongs.signal_id
             where belongs.case_id = c.id and s.key not like '%-again')
from recover_case c join people_site site on site.id = c.site_id
join recover_policyversion version on version.id = c.policy_id
order by c.opened_at
"""
STEPS = """
select case_id, id, kind, state, due_at, look_at, asked_at, reminders, ended_at, evidence
from recover_step
"""
EVENTS = """
select about, id, name, at, data, caused_by from ground_fact
where name like 'recover.%' order by id
"""


ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Hindsight:
    """The rows after the year, and what the year was like."""

    view: View
    year: Year
    seed: int
    log: str

    @cached_property
    def put_off(self) -> frozenset[UUID]:
        """Steps of which a tick said that it could not treat them and will look again later."""
        lines = [line for line in self.log.splitlines() if "is put off" in line]
        return frozenset(UUID(found[0]) for line in lines if (found := ID.search(line)))

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows of a query."""
        return self.view.rows(query, *values)

    @cached_property
    def files(self) -> list[File]:
        """Every case with its steps and events."""
        steps: dict[UUID, dict[str, Row]] = defaultdict(dict)
        for case_id, *columns in self.rows(STEPS):
            row = Row(*columns)
            steps[case_id][row.kind] = row
        events: dict[UUID, list[Event]] = defaultdict(list)
        for about, *event in self.rows(EVENTS):
            events[about].append(Event(*event))
        documents: dict[str, Document] = {}
        return [
            File(
                number=number,
                opened_at=opened_at,
                zone=ZoneInfo(zone),
                text=text,
                document=documents.setdefault(text, read(text)),
                steps=steps[case_id],
                events=events[case_id],
                put_off=self.put_off,
                has_address=any(Temper(self.seed, key).leaves_an_address for key in keys),
            )
            for case_id, number, opened_at, zone, text, keys in self.rows(CASES)
        ]

    def summary(self) -> list[str]:
        """In a few lines, for whoever ran it."""
        year, told = self.year, Counter(event.name for file in self.files for event in file.events)
        struck = ", ".join(
            f"{name} {count} ({year.in_the_middle[name]} in the middle of work)"
            for name, count in sorted(year.struck.items())
        )
        did = ", ".join(f"{count} {what}" for what, count in sorted(year.did.items()))
        facts = ", ".join(f"{count} {name}" for name, count in sorted(told.items()))
        return [
            f"a year in {year.lasted:.0f} s and {year.strides} strides, {len(year.rests)} rests",
            f"struck: {struck}; {len(self.put_off)} rows were put off",
            f"people: {did}",
            f"{len(self.files)} cases: {facts}",
            f"again: --cases {len(year.presses)} --seed {self.seed}",
        ]
