"""Situations and hostile texts for the policy's tests."""

from hypothesis import strategies as st

from makegood.recover.policy.situation import (
    CaseStanding,
    CustomerKnown,
    SignalSeen,
    SiteSeen,
    Situation,
    VerdictGiven,
    VisitSeen,
)
from makegood.recover.policy.vocabulary import BY_NAME, KINDS_OF_SIGNAL, REACTIONS, TOPICS

ANY_TEXT = st.text(max_size=60)
COUNTS = st.integers(0, 60)
SITUATIONS = st.builds(
    Situation,
    signal=st.builds(
        SignalSeen,
        kind=st.sampled_from(sorted(KINDS_OF_SIGNAL)),
        score=st.integers(0, 5),
        topics=st.lists(st.sampled_from(sorted(TOPICS)), max_size=3).map(tuple),
        words=ANY_TEXT,
        hour=st.integers(0, 23),
        weekday=st.integers(0, 6),
        fact=st.just(""),
    ),
    verdict=st.builds(
        VerdictGiven,
        topic=st.sampled_from(sorted(TOPICS)),
        severity=st.integers(1, 5),
        reaction=st.sampled_from(sorted(REACTIONS)),
    ),
    customer=st.builds(CustomerKnown, visits=COUNTS, failures=st.integers(0, 3)),
    visit=st.builds(VisitSeen, minutes_left=COUNTS),
    case=st.builds(CaseStanding, intensity=COUNTS, severity=st.integers(0, 5), days_open=COUNTS),
    site=st.builds(SiteSeen, name=ANY_TEXT),
)
PARTS = st.one_of(
    st.sampled_from(sorted(BY_NAME)),
    st.sampled_from([
        "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "(", ")", "[", "]", ",", "+", "-", "?",
        ":", " in ", "true", "false", ".contains(", ".size()", ".startsWith(", "size(", "has(",
        ".all(x, ", ".map(x, ", ".matches(", "dyn(", "{", "}", "*", "/", "%", "'''", '"""', "r'",
        "b'", "'", '"', "\\", "\n", "//", "null", "3u", "1e9", "0x10", "999999", "1", "4",
        '"press"', '"food"', '"x" * 999999', "“", ".", "$", "@", "\u0000", "é", "\U0001f600",
    ]),
    st.text(max_size=3),
)  # fmt: skip
HOSTILE = st.lists(PARTS, max_size=40).map("".join)
