"""What is this, how bad, how will they react, when are they gone? Pure: values in, a judgement out.

The rules are tables; each line that applies leaves its reason, as colleagues read it. Severity
begins with how we were told and only ever rises from there: words, topics, an earlier failure and
the number of presses can make a signal more serious, never less. Nothing here doubts a customer.

Reactions and where they come from. Among dissatisfied customers about 14 % stay passive, 37 % tell
us, 49 % are irate or activists (Singh 1990; dated, vary it): whoever presses or complains is one of
those who tell us, so that is what we assume until something points elsewhere. Angry customers get
back at us, disappointed ones leave (Bougie et al. 2003). After a second failure there is no
recovery paradox any more (Maxham & Netemeyer 2002) and revenge is near (Joireman et al. 2013).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from makegood.sense import topics as topic_names
from makegood.triage import vocabulary
from makegood.triage.vocabulary import mentions, plain

PRESS: Final = "press"
RATING: Final = "rating"
COMPLAINT: Final = "complaint"
REVIEW: Final = "review"
INCIDENT: Final = "incident"
SILENCE: Final = "silence"
PROMISE: Final = "promise"

VOICE: Final = "voice"
LEGS: Final = "legs"
REVENGE: Final = "revenge"

MILDEST, GRAVEST = 1, 5
BEGINS_AT: Final = {PRESS: 3, COMPLAINT: 3, SILENCE: 2, PROMISE: 4}
RATED_BEGINS_AT: Final = {  # by stars
    RATING: {1: 4, 2: 3, 3: 2, 4: 1, 5: 1},
    REVIEW: {1: 4, 2: 4, 3: 3, 4: 1, 5: 1},  # in public
}
NOTICED_BEGINS_AT: Final = {"safety": 3, "treatment": 3, "room": 3}  # by topic, else
NOTICED_ELSE_AT: Final = 2  # nobody has complained yet
NOT_GOOD: Final = {RATING: 2, REVIEW: 3}  # up to here it needs repair whatever else it says
HAPPY: Final = 4  # from here on it needs repair only if somebody may be hurt
TOLD_ALL: Final = 2  # a review up to here is meant for others
NOT_HERE: Final = (RATING, REVIEW, SILENCE, PROMISE)
LOOKED_FOR: Final = {INCIDENT: timedelta(), PRESS: timedelta(hours=1)}  # once they will have left
TOPIC_UNSAID: Final = {SILENCE: topic_names.AWAY, PROMISE: topic_names.BROKEN_PROMISE}
MANY_PRESSES: Final = 3
STORM: Final = 10
GRAVITY: Final = ("safety", "treatment", "food", "waiting", "bill", "room", "noise", "other")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that is known about a signal when it is judged; plain values, times in UTC.

    `dwell_minutes`: how long customers usually stay after signalling there. `failed_before`: the
    day of the last failure of this customer before this one, in the site's calendar. `intensity`:
    presses at this place within two minutes. `words` and `topics` include later remarks. `noted`:
    our own words, where nobody told us. `source`: where a review was written.
    """

    kind: str
    happened_at: datetime
    received_at: datetime
    now: datetime
    dwell_minutes: int = 20
    score: int | None = None
    words: str = ""
    noted: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()
    failed_before: date | None = None
    intensity: int = 1
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What triage concludes. `leaves_at` is None for customers who are not with us now."""

    needs_repair: bool
    topic: str
    severity: int
    reaction: str
    leaves_at: datetime | None
    reasons: tuple[str, ...]


def judge(evidence: Evidence) -> Judgement:
    """The judgement of `evidence`, with its reasons."""
    case = _Reading(evidence)
    raised = [line for line in RAISES if line.when(case)]
    pointed = [line for line in POINTS if line.when(case)]
    return Judgement(
        needs_repair=_needs_repair(case),
        topic=case.topics[0]
        if case.topics
        else TOPIC_UNSAID.get(evidence.kind, topic_names.UNSAID),
        severity=_severity(case, sum(line.by for line in raised)),
        reaction=pointed[0].to if pointed else VOICE,
        leaves_at=case.leaves_at,
        reasons=tuple(_reasons(case, [*raised, *pointed])),
    )


def leaves_at(
    kind: str, happened_at: datetime, dwell_minutes: int, received_at: datetime
) -> datetime | None:
    """The threshold: when the customer is expected to be gone; None: nobody need look for them.

    Whoever was at a place when we noticed something there is here as long as guests usually stay.
    Who pressed is looked for a while longer; a press that lay on a phone for hours sends nobody to
    an empty table.
    """
    if kind in NOT_HERE:
        return None
    gone_at = happened_at + timedelta(minutes=dwell_minutes)
    looked_for = LOOKED_FOR.get(kind)
    is_over = looked_for is not None and gone_at + looked_for <= received_at
    return None if is_over else gone_at


class _Reading:
    """Evidence with its words read once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.text = plain(evidence.words)
        self.about = plain(f"{evidence.words}\n{evidence.noted}")
        read = {topic for topic, stems in vocabulary.TOPICS.items() if mentions(self.about, stems)}
        known = set() if evidence.kind in TOPIC_UNSAID else read | set(evidence.topics)
        self.topics = [topic for topic in GRAVITY if topic in known]
        self.leaves_at = leaves_at(
            evidence.kind, evidence.happened_at, evidence.dwell_minutes, evidence.received_at
        )

    @property
    def topic(self) -> str:
        """The gravest, or what such a signal is about."""
        if self.topics:
            return self.topics[0]
        return TOPIC_UNSAID.get(self.evidence.kind, topic_names.UNSAID)

    def says(self, stems: tuple[str, ...]) -> bool:
        """Whether the customer says so; what we noted ourselves tells nothing of their mood."""
        return mentions(self.text, stems)


@dataclass(frozen=True)
class _Raise:
    """Makes a signal more serious `by` so much. An empty reason: another line says it."""

    by: int
    when: Callable[[_Reading], bool]
    reason: Callable[[_Reading], str]


@dataclass(frozen=True)
class _Point:
    """Points to a reaction; of those that apply, the first counts. Reasons as above."""

    to: str
    when: Callable[[_Reading], bool]
    reason: Callable[[_Reading], str]


KNOWN_FROM: Final = {
    PRESS: "Pressed{stay}",
    COMPLAINT: "Told a colleague{stay}",
    RATING: "Rated {score} of 5",
    REVIEW: "Wrote a review{source}, {score} of 5",
    INCIDENT: "Noticed by ourselves{stay}",
    SILENCE: "Stays away{noted}",
    PROMISE: "We broke a promise{noted}",
}
RAISES: Final = (
    _Raise(2, lambda c: "safety" in c.topics, lambda c: "Somebody may be ill or hurt"),
    _Raise(1, lambda c: "treatment" in c.topics, lambda c: "How people are treated weighs more"),
    _Raise(1, lambda c: mentions(c.about, vocabulary.OCCASION), lambda c: "A special day for them"),
    _Raise(1, lambda c: c.evidence.failed_before is not None, lambda c: _failed_before(c.evidence)),
    _Raise(
        1,
        lambda c: c.evidence.intensity >= MANY_PRESSES,
        lambda c: f"{c.evidence.intensity} presses within two minutes",
    ),
    _Raise(1, lambda c: c.evidence.intensity >= STORM, lambda c: ""),
)
POINTS: Final = (
    _Point(REVENGE, lambda c: c.says(vocabulary.LEGAL), lambda c: "Speaks of legal steps"),
    _Point(REVENGE, lambda c: c.says(vocabulary.PUBLIC), lambda c: "Speaks of telling others"),
    _Point(REVENGE, lambda c: c.says(vocabulary.RAGE), lambda c: "Strong words"),
    _Point(REVENGE, lambda c: _told_all(c.evidence), lambda c: "Has told others"),
    _Point(LEGS, lambda c: c.evidence.kind == SILENCE, lambda c: ""),
    _Point(REVENGE, lambda c: c.evidence.failed_before is not None, lambda c: ""),
    _Point(LEGS, lambda c: c.says(vocabulary.LEAVING), lambda c: "May not come back"),
    _Point(
        LEGS,
        lambda c: c.evidence.kind == INCIDENT and c.leaves_at is None and not c.text,
        lambda c: "Has not complained, may leave quietly",
    ),
    _Point(
        LEGS,
        lambda c: _unhappy(c.evidence) and not c.text.strip(),
        lambda c: "Left no words, may leave quietly",
    ),
)


def _needs_repair(case: _Reading) -> bool:
    evidence = case.evidence
    if evidence.cancelled:
        return False
    if evidence.score is None or evidence.score <= NOT_GOOD[evidence.kind]:
        return True
    if evidence.score >= HAPPY:
        return "safety" in case.topics
    grave = {"safety", "treatment"} & set(case.topics)
    return bool(grave) or any(line.when(case) for line in POINTS)


def _severity(case: _Reading, raised_by: int) -> int:
    return max(MILDEST, min(GRAVEST, _begins_at(case) + raised_by))


def _begins_at(case: _Reading) -> int:
    kind, score = case.evidence.kind, case.evidence.score
    if score is not None:
        return RATED_BEGINS_AT[kind][score]
    if kind == INCIDENT:
        return max((NOTICED_BEGINS_AT.get(topic, NOTICED_ELSE_AT) for topic in case.topics),
                   default=NOTICED_ELSE_AT)  # fmt: skip
    return BEGINS_AT[kind]


def _unhappy(evidence: Evidence) -> bool:
    return evidence.score is not None and evidence.score <= NOT_GOOD[RATING]


def _told_all(evidence: Evidence) -> bool:
    return evidence.kind == REVIEW and evidence.score is not None and evidence.score <= TOLD_ALL


def _reasons(case: _Reading, lines: Iterable[_Raise | _Point]) -> Iterator[str]:
    evidence = case.evidence
    if evidence.cancelled:
        yield "Taken back by the customer" if evidence.kind != INCIDENT else "Taken back by us"
    yield _how_we_know(case)
    if case.topics:
        yield topic_names.in_words(case.topics)
    for line in lines:
        reason = line.reason(case)
        if reason:
            yield reason
    late_by = evidence.received_at - evidence.happened_at
    if evidence.kind == PRESS and late_by >= timedelta(minutes=1):
        yield f"Reached us {_span(late_by)} after they pressed"


def _how_we_know(case: _Reading) -> str:
    evidence = case.evidence
    stay = f", usually here {evidence.dwell_minutes} min more" if case.leaves_at else ""
    noted = " ".join(evidence.noted.split()).rstrip(".")
    return KNOWN_FROM[evidence.kind].format(
        stay=stay,
        score=evidence.score,
        source=f" on {evidence.source}" if evidence.source else "",
        noted=f": {noted[:1].lower()}{noted[1:]}" if noted else "",
    )


def _failed_before(evidence: Evidence) -> str:
    day = evidence.failed_before
    if day is None:
        return ""
    recent = evidence.now.date() - day < timedelta(days=330)
    return f"Failed before, {day.day} {day:%B}" + ("" if recent else f" {day.year}")


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
