"""What holds for a chapter that a document leaves out, written as in the document. Pure."""

from typing import Final

TRIGGERS: Final = """\
- {says: Somebody presses, when: signal.kind == "press"}
- {says: An answer is not good, when: signal.kind == "rating" && verdict.needs_repair}
- {says: A colleague says so, when: signal.kind == "complaint"}
- says: A review has 3 stars or fewer, or tells of illness or injury
  when: >-
    signal.kind == "review"
    && ((signal.score >= 1 && signal.score <= 3) || verdict.topic == "safety")
- {says: We notice it ourselves, when: signal.kind == "incident"}
- {says: We broke a promise, when: signal.kind == "promise"}
- {says: A regular guest stays away, when: signal.kind == "silence"}
"""
TABLES: Final = """\
severity: []
ladder:
  - {when: signal.kind == "promise", use: senior, because: We broke a promise}
  - {when: verdict.reaction == "revenge", use: senior, because: They may get back at us}
  - {when: visit.here || (case.severity >= 4 && signal.kind != "silence"), use: reach}
remedies: []
limits: []
"""
JOINING: Final = "same_place_within: 2 minutes"
SECOND_FAILURE: Final = "{within: 365 days, ladder: senior, severity_at_least: 4}"
CONTACT: Final = (
    '{waking_hours: "9:00 to 20:00", at_most: 3, within: 30 days, callback_within: 14 days}'
)
WAITING: Final = "for_customer_at_most: 14 days"
SILENCE: Final = "{after_visits: 3, times_the_usual_gap: 2, at_least: 30 days}"
REMINDERS: Final = "{before: 3 hours, again_every: 1 day, senior_from: 3}"
CLOSING: Final = "{wait_for_customer: 14 days, attempts: 3, apart: 1 day}"
