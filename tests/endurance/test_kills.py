"""Every process was killed again and again while people pressed and were made amends: what holds.

The tests look at the aftermath of one storm (`conftest.py`; `--kills` says how hard). A promise is
what somebody was told: of a press, that it is kept; of a gift, that it is given.
"""

from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.endurance.aftermath import UNHEARD, Aftermath
from tests.endurance.diary import Word

HEARD_WITHIN = 20  # seconds: the gateway starts and the device comes again, perhaps twice

pytestmark = pytest.mark.endurance


def test_everything_was_struck(aftermath: Aftermath, pytestconfig: pytest.Config) -> None:
    kills, struck = pytestconfig.option.kills, aftermath.storm.struck
    assert struck["web"] + struck["views"] == kills
    assert struck["gateway"] == struck["worker"] == struck["tick"] == kills
    assert struck["postgres"]
    assert struck["connection"]
    assert aftermath.diary.repeats["gateway"]
    assert aftermath.diary.repeats["web"]
    assert aftermath.diary.repeats["device"]


# Presses: in, judged, in a case


def test_an_acknowledged_press_is_one_signal_in_one_case(aftermath: Aftermath) -> None:
    found = Counter(
        aftermath.rows(
            "select s.key, s.id from sense_signal s"
            " join recover_casesignal belongs on belongs.signal_id = s.id"
        )
    )
    promised = [
        (key, press.signal_id)
        for key, press in aftermath.diary.presses.items()
        if press.signal_id is not None
    ]
    assert promised
    assert {promise: found[promise] for promise in promised if found[promise] != 1} == {}


def test_no_press_counts_twice_and_none_is_made_up(aftermath: Aftermath) -> None:
    keys = [key for (key,) in aftermath.rows("select key from sense_signal")]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert set(keys) <= set(aftermath.diary.presses) | set(aftermath.diary.hardware)


def test_a_press_of_hardware_that_was_acknowledged_is_one_signal_in_one_case(
    aftermath: Aftermath,
) -> None:
    found = Counter(
        key
        for (key,) in aftermath.rows(
            "select s.key from sense_signal s"
            " join recover_casesignal belongs on belongs.signal_id = s.id"
        )
    )
    promised = [key for key, heard in aftermath.diary.hardware.items() if heard]
    assert promised
    assert {key: found[key] for key in promised if found[key] != 1} == {}


def test_every_signal_is_told_and_judged_once(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        select s.id, s.state,
               (select count(*) from triage_verdict v where v.signal_id = s.id) as verdicts,
               (select count(*) from ground_fact f where f.about = s.id
                and f.name = 'sense.press_received') as received,
               (select count(*) from ground_fact f where f.about = s.id
                and f.name = 'triage.signal_triaged') as triaged
        from sense_signal s where (s.state, 1, 1, 1) <> (
            1, (select count(*) from triage_verdict v where v.signal_id = s.id),
            (select count(*) from ground_fact f where f.about = s.id
             and f.name = 'sense.press_received'),
            (select count(*) from ground_fact f where f.about = s.id
             and f.name = 'triage.signal_triaged')
        )
        """
    )


def test_presses_of_one_place_within_two_minutes_are_one_case(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        with pressed as (
            select s.place, belongs.case_id, s.happened_at,
                   lag(belongs.case_id) over one_place as case_before,
                   lag(s.happened_at) over one_place as before
            from sense_signal s join recover_casesignal belongs on belongs.signal_id = s.id
            window one_place as (partition by s.touchpoint_id order by s.happened_at, s.id)
        )
        select * from pressed where case_id <> case_before
            and happened_at - before < interval '2 minutes'
        """
    )
    assert not aftermath.rows(
        """
        select c.number, c.intensity, count(*) from recover_case c
        join recover_casesignal belongs on belongs.case_id = c.id
        group by c.id having c.intensity <> count(*)
        """
    )
    assert aftermath.rows("select 1 from recover_case where intensity > 3")


# Pages: everybody is rung, and goes on being rung


def test_every_case_rang_somebody_or_was_held_and_found(aftermath: Aftermath) -> None:
    """Four people cannot be rung for all of it. What was held says so, and was taken from the list
    by a hand, or rings as soon as somebody may be rung again."""
    assert not aftermath.rows(
        """
        select c.number, c.place from recover_case c where not exists (
            select 1 from page_page p join page_attempt a on a.page_id = p.id
            where p.about = c.id and p.purpose = 'reach'
        ) and not exists (
            select 1 from page_page p
            join ground_fact held on held.about = p.id and held.name = 'page.held'
            where p.about = c.id and p.purpose = 'reach' and (
                p.taken_by_id is not null
                or p.state = 'ringing' and p.next_rung_at > %s - interval '3 s'
            )
        )
        """,
        aftermath.at_rest,
    )


def test_a_cause_opens_one_page(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        "select caused_by, count(*) from page_page group by caused_by having count(*) > 1"
    )
    assert not aftermath.rows(
        """
        select about, count(*) from page_page
        where purpose = 'reach' and state in ('ringing', 'nobody', 'going', 'with')
        group by about having count(*) > 1
        """
    )


def test_no_open_page_is_forgotten(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        select id, state, next_rung_at from page_page
        where state in ('ringing', 'nobody', 'going') and next_rung_at is null
           or state in ('going', 'with') and taken_by_id is null
        """
    )


def test_nobody_is_rung_twice_in_a_round(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        select page_id, staff_id, round, count(*) from page_attempt
        group by page_id, staff_id, round, channel having count(*) > 1
        """
    )


# Wrists: each ring arrives while it asks, each word is done once


def test_every_ring_of_a_wrist_arrived_or_had_nothing_to_ask_any_more(
    aftermath: Aftermath,
) -> None:
    asked = set(
        aftermath.rows(
            "select device_id, page_id::text, round from page_attempt where channel = 'wrist'"
        )
    )
    rung = set(aftermath.diary.rung)
    assert rung
    assert rung <= asked  # none is made up
    receipted = aftermath.rows(
        "select device_id, page_id::text, round from page_attempt"
        " where channel = 'wrist' and received_at is not null"
    )
    assert set(receipted) <= rung
    assert not aftermath.rows(
        f"select * from ({UNHEARD}) as unheard where asked_until > sent_at + interval '%s s'",
        HEARD_WITHIN,
    )


def test_a_word_that_was_acknowledged_is_a_row_and_done_once(aftermath: Aftermath) -> None:
    found = Counter(
        Word(*row)
        for row in aftermath.rows(
            "select device_id, page_id::text, round, kind from page_pagerword"
        )
    )
    words = aftermath.diary.words
    assert {word.kind for word, heard in words.items() if heard} == {"going", "with", "cant"}
    assert [word for word, heard in words.items() if heard and found[word] != 1] == []
    assert set(found) <= set(words)
    assert not aftermath.rows("select 1 from page_pagerword where treat_at is not null")
    assert not aftermath.rows(
        """
        select page_id, staff_id, kind, round, count(*) from page_answer
        where kind in ('going', 'with', 'cant')
        group by page_id, staff_id, kind, round having count(*) > 1
        """
    )
    assert not aftermath.rows(
        """
        select w.page_id, w.kind from page_pagerword w join page_device d on d.id = w.device_id
        where w.refused = '' and not exists (
            select 1 from page_answer a where a.page_id = w.page_id and a.kind = w.kind
            and a.staff_id = d.staff_id
        ) and not (w.kind = 'cant' and exists (  -- said of a page in other hands: changes nothing
            select 1 from page_answer o where o.page_id = w.page_id
            and o.kind in ('going', 'with') and o.staff_id <> d.staff_id
        ))
        """
    )


# Amends: once, and every cent accounted for


def test_a_gift_that_was_acknowledged_is_given_once(aftermath: Aftermath) -> None:
    given = Counter(
        key.partition("+")[0] for (key,) in aftermath.rows("select key from amends_amends")
    )
    taps = aftermath.diary.taps
    assert any(tap.given for tap in taps.values())
    assert [key for key, tap in taps.items() if tap.given and given[key] != tap.things] == []
    assert [key for key, count in given.items() if count != taps[key].things] == []


def test_every_purse_holds_what_its_entries_say(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        select a.id, a.minor, count(e.id), sum(e.minor) from amends_amends a
        left join amends_purseentry e on e.amends_id = a.id
        group by a.id having count(e.id) <> (a.minor > 0)::int or sum(e.minor) <> -a.minor
        """
    )
    rows = aftermath.rows(
        """
        select p.staff_id, p.daily_minor, coalesce(sum(e.minor), 0),
               coalesce(-sum(e.minor) filter (where e.kind = 'given'), 0)
        from amends_purse p left join amends_purseentry e on e.purse_id = p.id
        group by p.id having count(e.id) > 0
        """
    )
    assert rows
    keys = {key for (key,) in aftermath.rows("select key from amends_amends")}
    for staff_id, daily, balance, spent in rows:
        theirs = {k: tap for k, tap in aftermath.diary.taps.items() if tap.host_id == staff_id}
        assert spent == sum(tap.minor for key, tap in theirs.items() if key in keys)
        assert balance == daily - spent


# Time: what fell due was done, once


def test_every_case_has_its_twelve_steps(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        select c.number, count(s.id), count(distinct s.kind) from recover_case c
        left join recover_step s on s.case_id = c.id
        group by c.id having (count(s.id), count(distinct s.kind)) <> (12, 12)
        """
    )


def test_what_fell_due_was_done_once(aftermath: Aftermath) -> None:
    reminded = """
        select f.about as case_id, f.data->>'step' as kind, (f.data->>'reminder')::int as number,
               f.id
        from ground_fact f where f.name in ('recover.step_fell_due', 'recover.step_overdue')
    """
    assert not aftermath.rows(
        f"select case_id, kind, number, count(*) from ({reminded}) as told"
        " group by case_id, kind, number having count(*) > 1"
    )
    assert not aftermath.rows(
        f"""
        select s.kind, s.reminders, count(told.id) from recover_step s
        left join ({reminded}) as told on told.case_id = s.case_id and told.kind = s.kind
        group by s.id having s.kind not in ('ask', 'prove') and s.reminders <> count(told.id)
            or s.kind = 'prove' and count(told.id) <> (s.asked_at is not null)::int
        """
    )
    assert not aftermath.rows(  # each rang, on the one page of its step
        f"""
        select told.kind, told.id, count(rung.id) from ({reminded}) as told
        left join ground_fact rung on rung.caused_by = told.id and rung.name like 'page.%'
        where told.kind not in ('ask', 'prove')
        group by told.kind, told.id having count(rung.id) <> 1
        """
    )
    assert not aftermath.rows(
        """
        select p.about, count(*) from page_page p join recover_step s on s.id = p.about
        where p.purpose = 'remind' group by p.about having count(*) > 1
        """
    )
    done = dict(
        aftermath.rows(
            "select kind, count(*) from recover_step"
            " where reminders > 0 or asked_at is not null or state = 2 group by kind"
        )
    )
    assert {"apologise", "ask", "prove"} <= set(done)


def test_a_step_ends_once(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        """
        select s.case_id, s.kind, s.state, count(f.id) from recover_step s
        left join ground_fact f on f.about = s.case_id and f.data->>'step' = s.kind
            and f.name in ('recover.step_done', 'recover.step_skipped')
        where s.kind <> 'validate'
        group by s.id having count(f.id) <> (s.state <> 0)::int
        """
    )


# Letters: every question once, also when whoever carried it died


def test_every_address_is_kept_once(aftermath: Aftermath) -> None:
    known = Counter(
        value
        for (value,) in aftermath.rows("select value from people_contactpoint where kind = 'email'")
    )
    promised = [address for address, kept in aftermath.diary.addresses.items() if kept]
    assert promised
    assert {address: known[address] for address in promised if known[address] != 1} == {}
    assert set(known) <= set(aftermath.diary.addresses)


def test_a_question_is_one_letter_that_was_handed_over(aftermath: Aftermath) -> None:
    assert not aftermath.rows(
        "select about, subject, count(*) from words_letter group by about, subject"
        " having count(*) > 1"
    )
    letters = dict(aftermath.rows("select message_id, state from words_letter"))
    handed_over = Counter(_message_ids(aftermath.outbox))
    sent = {name for name, state in letters.items() if state == "sent"}
    assert sent
    assert sent <= set(handed_over) <= set(letters)
    # Who dies between handing a letter over and writing that down leaves it to be sent again.
    struck = aftermath.storm.struck
    deaths = struck["worker"] + struck["postgres"] + struck["connection"]
    assert len(letters) - len(sent) <= deaths
    assert handed_over.total() - len(handed_over) <= deaths


def _message_ids(outbox: Path) -> list[str]:
    """Of every message in Django's file outbox: messages parted by a line of dashes."""
    messages = (part for file in outbox.glob("*.log") for part in _parted(file.read_bytes()))
    return [message_from_bytes(message)["Message-ID"] for message in messages]


def _parted(text: bytes) -> list[bytes]:
    return [part.lstrip(b"\n") for part in text.split(b"-" * 79 + b"\n") if part.strip()]
