"""Writes a past that never was: signals with their verdicts, cases and what came of them, set-wise.

Of ten signals seven are presses, two ratings of known customers, one a complaint; every fifth
joins the case of the one before. Half the cases were given something, four of five are closed.
"""

from uuid import UUID

import psycopg

DAYS = 90
BUTTONS = 400
CUSTOMERS = 8_000
SCOPE = "select set_config('makegood.organisation', '*', false)"

PLAN = """
create temp table past as
select planned.number, uuidv7() as signal_id, uuidv7() as verdict_id, opener, case_id, customer_id,
       touchpoint_id, kind, severity, place, happened_at, happened_at + interval '2 seconds' as at
from (
    select number,
           number - (number %% 5 = 4)::int as opener,
           'Table ' || button as place,
           case number %% 10 when 7 then 'rating' when 8 then 'rating' when 9 then 'complaint'
                else 'press' end as kind,
           1 + (number * 7) %% 5 as severity,
           %(until)s::timestamptz
               - (%(signals)s - number) * (interval '1 day' * %(days)s / %(signals)s)
               as happened_at,
           button, number * 31 %% %(customers)s as customer
    from (select number, (number - (number %% 5 = 4)::int) %% %(buttons)s as button
          from generate_series(1, %(signals)s) as number) as numbered
) as planned
left join bench_button on bench_button.number = planned.button and planned.kind = 'press'
left join bench_customer on bench_customer.number = planned.customer and planned.kind <> 'press'
cross join (select null::uuid as case_id) as none
"""
STATEMENTS = (
    """create temp table bench_button as
       select number, uuidv7() as touchpoint_id
       from generate_series(0, %(buttons)s - 1) as number""",
    """insert into sense_touchpoint
       (id, organisation_id, site_id, kind, place, hint, dwell_minutes, arrival_words, link_version,
        created_at)
       select touchpoint_id, %(organisation)s, %(site)s, 'button', 'Table ' || number, '', 20, '',
              0, %(until)s::timestamptz - interval '400 days' from bench_button""",
    """create temp table bench_customer as
       select number, uuidv7() as customer_id
       from generate_series(0, %(customers)s - 1) as number""",
    """insert into people_customer (id, organisation_id, name, language, timezone, first_met_at)
       select customer_id, %(organisation)s, 'Guest ' || number, '', '',
              %(until)s::timestamptz - interval '400 days' from bench_customer""",
    """insert into sense_visit (id, organisation_id, site_id, customer_id, began_at)
       select uuidv7(), %(organisation)s, %(site)s, customer_id,
              %(until)s::timestamptz - interval '1 day' * (number %% 300 + visit)
       from bench_customer, generate_series(1, 4) as visit""",
    PLAN,
    "update past set case_id = uuidv7() where number = opener",
    """update past set case_id = opening.case_id from past as opening
       where opening.number = past.opener and past.number <> past.opener""",
    "create index on past (case_id)",
    """insert into sense_signal
       (id, organisation_id, site_id, touchpoint_id, customer_id, kind, key, place, dwell_minutes,
        score, words, topics, happened_at, received_at, state)
       select signal_id, %(organisation)s, %(site)s, touchpoint_id, customer_id, kind,
              'bench-' || number, place, 20, case kind when 'rating' then 1 + number %% 3 end,
              case number %% 4 when 0 then 'The soup came cold' else '' end, '["food"]',
              happened_at, at, 1
       from past""",
    """insert into triage_verdict
       (id, organisation_id, signal_id, needs_repair, topic, severity, reaction, leaves_at, reasons,
        raw, decided_at)
       select verdict_id, %(organisation)s, signal_id, true, 'food', severity,
              case number %% 9 when 0 then 'revenge' when 1 then 'legs' else 'voice' end,
              case kind when 'rating' then null else happened_at + interval '20 minutes' end,
              '[]', false, at
       from past""",
    """insert into recover_case
       (id, organisation_id, site_id, touchpoint_id, customer_id, policy_id, place, topic, severity,
        reaction, intensity, happened_at, last_signal_at, opened_at, leaves_at, reached_at,
        link_version, caused_by)
       select case_id, %(organisation)s, %(site)s, touchpoint_id, customer_id, %(policy)s, place,
              'food', severity, 'voice', 1, happened_at, happened_at, at,
              happened_at + interval '20 minutes', at + interval '1 second' * (number * 13 %% 1800),
              0, gen_random_uuid()
       from past where number = opener""",
    """insert into recover_casesignal (id, organisation_id, case_id, signal_id, joined_at)
       select uuidv7(), %(organisation)s, case_id, signal_id, at from past""",
    """insert into ground_fact (id, organisation_id, name, at, by, about, data)
       select uuidv7(), %(organisation)s, 'recover.case_opened', at, 'system', case_id,
              jsonb_build_object('signal_id', signal_id, 'policy', 1)
       from past where number = opener""",
    """insert into recover_closure
       (id, organisation_id, case_id, outcome, reason, closed_at, evidence, reopened_by,
        reopened_because)
       select uuidv7(), %(organisation)s, case_id, 'confirmed', '', at + interval '20 days', '[]',
              '', ''
       from past where number = opener and number %% 5 <> 0
       and at + interval '20 days' < %(until)s::timestamptz""",
    """insert into page_page
       (id, organisation_id, site_id, about, purpose, place, hint, what, who, customer_name, link,
        intensity, severity, happened_at, ladder, rests_for, round, rung, round_began_at, state,
        opened_at, going_at, with_at, ended_at, taken_by_id, caused_by)
       select uuidv7(), %(organisation)s, %(site)s, case_id, 'reach', place, '', '', '', '', '', 1,
              severity, happened_at,
              '[{"who": "on_duty", "wait_seconds": 40}, {"who": "manager", "wait_seconds": 60}]',
              interval '0', 0, 0, at, 'done', at, at + interval '1 second' * (number * 13 %% 100),
              at + interval '3 minutes', at + interval '9 minutes', %(host)s, gen_random_uuid()
       from past where number = opener and kind = 'press'""",
    """insert into amends_amends
       (id, organisation_id, about, name, minor, currency, given_by_id, given_at, key)
       select uuidv7(), %(organisation)s, case_id, 'A bottle', 500 + number * 7 %% 5000, 'EUR',
              %(host)s, at + interval '5 minutes', 'bench-' || number
       from past where number = opener and number %% 2 = 0""",
    "analyze",
)


def write_past(
    url: str, *, organisation: UUID, site: UUID, policy: UUID, host: UUID, signals: int, until: str
) -> None:
    """Writes so many signals of the ninety days before `until`, and all that belongs to them."""
    values = {
        "organisation": organisation, "site": site, "policy": policy, "host": host,
        "signals": signals, "until": until, "days": DAYS, "buttons": BUTTONS,
        "customers": CUSTOMERS,
    }  # fmt: skip
    with psycopg.connect(url) as connection:
        connection.execute(SCOPE)
        for statement in STATEMENTS:
            connection.execute(statement, values, prepare=False)
