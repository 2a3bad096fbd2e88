"""Which open case a signal belongs to: found for a whole batch, decided in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from makegood.people.models import Customer
from makegood.recover.models import Case
from makegood.recover.policy import Policy
from makegood.recover.policy.deciding import belongs_together
from makegood.sense.models import Signal, Touchpoint

JOINING = ["intensity", "severity", "happened_at", "last_signal_at", "leaves_at"]

NEAR = """
select c.id
from unnest(%(places)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
    as press (place, since, until)
join recover_case c
    on c.touchpoint_id = press.place
    and c.last_signal_at >= press.since and c.happened_at <= press.until
union
select c.id from recover_case c where c.customer_id = any(%(customers)s::uuid[])
"""


class OpenCases:
    """The open cases that signals of one batch may join: those there were, and those it opens."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = list(cases)

    def __iter__(self) -> Iterator[Case]:
        return iter(self._cases)

    def add(self, case: Case) -> None:
        """The batch opens this one; its later signals may join it."""
        self._cases.append(case)

    def for_signal(self, signal: Signal, policy: Policy) -> Case | None:
        """The case this signal belongs to, the latest if there are several.

        Presses that come close together at one place, and another rating or complaint of a customer
        with an open case, belong to it.
        """
        near = [case for case in self._cases if _is_near(case, signal, policy)]
        if not near and _is_by_customer(signal):
            near = [case for case in self._cases if case.customer_id == signal.customer_id]
        return max(near, key=lambda case: case.last_signal_at, default=None)


def hold_open_cases(signals: Sequence[Signal], policies: Mapping[UUID, Policy]) -> OpenCases:
    """Finds the open cases that `signals` may join, and holds them.

    Before, it holds who they are by and where, so that two at once do not open two cases.
    `policies` by organisation.
    """
    hold_who_and_where(signals)
    presses = [signal for signal in signals if _is_at_button(signal)]
    close = [policies[press.organisation_id].same_place_within for press in presses]
    near: dict[str, Any] = {
        "customers": [one.customer_id for one in signals if _is_by_customer(one)],
        "places": [press.touchpoint_id for press in presses],
        "since": [press.happened_at - time for press, time in zip(presses, close, strict=True)],
        "until": [press.happened_at + time for press, time in zip(presses, close, strict=True)],
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAR, near)
        found = [case_id for (case_id,) in cursor.fetchall()]
    if not found:  # as mostly
        return OpenCases([])
    cases = Case.objects.open().filter(pk__in=found).order_by("pk")
    held = cases.select_for_update(of=("self",), no_key=True)
    return OpenCases(list(held.select_related("site").prefetch_related("customer")))


def hold_who_and_where(signals: Sequence[Signal]) -> None:
    """Locks the customers and the places that cases are found by, before any case is.

    Others may refer to the locked rows: intake goes on accepting presses.
    """
    _lock(Customer, [signal.customer_id for signal in signals if _is_by_customer(signal)])
    _lock(Touchpoint, [signal.touchpoint_id for signal in signals if _is_at_button(signal)])


def join(case: Case, signal: Signal, *, severity: int, leaves_at: datetime | None) -> None:
    """The case as it is with one more signal: never milder. Not saved yet: see `JOINING`.

    An answer that is changed counts once, however often.
    """
    case.intensity += not signal.answers_anew
    case.severity = max(case.severity, severity)
    case.happened_at = min(case.happened_at, signal.happened_at)
    case.last_signal_at = max(case.last_signal_at, signal.happened_at)
    case.leaves_at = case.leaves_at or leaves_at


def _lock(model: type[Customer] | type[Touchpoint], ids: Iterable[UUID | None]) -> None:
    which = {pk for pk in ids if pk}
    if not which:
        return
    rows = model._default_manager.filter(pk__in=which).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _is_near(case: Case, signal: Signal, policy: Policy) -> bool:
    return (
        _is_at_button(signal)
        and case.touchpoint_id == signal.touchpoint_id
        and belongs_together(
            policy,
            signal_happened_at=signal.happened_at,
            case_happened_at=case.happened_at,
            case_last_signal_at=case.last_signal_at,
        )
    )


def _is_at_button(signal: Signal) -> bool:
    return signal.touchpoint is not None and signal.touchpoint.kind == Touchpoint.Kind.BUTTON


def _is_by_customer(signal: Signal) -> bool:
    return bool(signal.customer_id) and signal.kind != Signal.Kind.PRESS
