"""What one policy says otherwise than another, sentence by sentence, as a manager reads it. Pure.

A sentence is `lead`, what was struck out, what stands there now, `tail`: “The manager is rung after
~~60~~ **50 seconds**.” What is new has nothing before, what is gone has nothing after.
"""

from dataclasses import dataclass

NEW, GONE = "new", "gone"


@dataclass(frozen=True)
class Change:
    """One difference: where it is (`place`, in `chapter`), and the sentence that says it."""

    place: str
    lead: str
    before: str
    after: str
    tail: str = ""

    @property
    def key(self) -> str:
        """Names the change as long as it is in the same place of the document."""
        return self.place

    @property
    def chapter(self) -> str:
        """The chapter of the document."""
        return self.place.partition(".")[0]

    @property
    def words(self) -> str:
        """The sentence as plain text."""
        if not self.before:
            said = f"{self.lead} {self.after}" if self.lead else self.after
            return f"New: {said}{self.tail}"
        if not self.after:
            said = f"{self.lead} {self.before}" if self.lead else self.before
            return f"Gone: {said}{self.tail}"
        return f"{self.lead} {self.after}, not {self.before}{self.tail}".strip()
