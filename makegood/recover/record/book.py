"""One case to be told: its moments, and who and what the facts about it name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.people.calling import called_within
from makegood.people.models import Staff
from makegood.recover import wording
from makegood.recover.models import Case


@dataclass(frozen=True)
class LadderTime:
    """One stop of a page: Sent, Received, Seen, Going, With Ana; `face` is the last of these."""

    label: str
    at: datetime
    face: bool = False


@dataclass(frozen=True)
class Moment:
    """One entry of the story: `lead` in bold, `words` after it; times in the site's zone.

    `page`: the page it tells of, if it tells of one.
    """

    at: datetime
    kind: str
    lead: str
    words: str = ""
    quote: str = ""
    reasons: tuple[str, ...] = ()
    ladder: tuple[LadderTime, ...] = ()
    page: Page | None = None


@dataclass(frozen=True)
class Book:
    """All that is needed to tell one case."""

    case: Case
    known_as: str
    titles: Mapping[str, str]
    staff: Mapping[UUID, Staff]
    matters: list[UUID] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    references: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """The customer at the beginning of a sentence."""
        return self.known_as or "The guest"

    @property
    def whom(self) -> str:
        """The customer within a sentence."""
        return called_within(self.known_as) or "the guest"

    def name(self, id: object) -> str:
        """First name of a colleague, from an id in a fact."""
        staff = self.staff.get(UUID(str(id))) if id else None
        return staff.first_name if staff else "A colleague"

    def actor(self, entry: Entry) -> str:
        """Who did it, from a fact's `by`."""
        return self.name(entry.by.removeprefix("staff:")) if entry.by.startswith("staff:") else ""

    def title(self, entry: Entry) -> str:
        """The step a fact is about, as colleagues read it."""
        return self.titles.get(entry.data["step"], entry.data["step"])

    def day(self, moment: object, now: datetime) -> str:
        """A moment from a fact, as colleagues read it at `now`."""
        zone = ZoneInfo(self.case.site.timezone)
        at = datetime.fromisoformat(str(moment))
        return wording.when(at.astimezone(zone), now.astimezone(zone))

    def reference(self, id: object) -> str:
        """The number of another case, from an id in a fact."""
        return self.references.get(UUID(str(id)), "another case")
