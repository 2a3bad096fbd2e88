"""Everybody planned is ill: the rota says so ahead, the guest is told the truth, Cy comes."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.page.models import Page
from makegood.people import absence, drafting, opening, planning, rotating
from makegood.people.drafting import PlanShift
from makegood.people.gaps import Stretch
from makegood.people.models import Site, Staff
from makegood.people.planning import Planned
from makegood.sense.models import Touchpoint
from makegood.web.customer.press.standing import Stage, standing_of
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def gaps_of(site: Site, window: Stretch, planned: Sequence[Planned] | None = None) -> list[Stretch]:
    found = planned or planning.plan_of(site, window.starts_at, window.ends_at)
    return planning.gaps_of(site, window, found)


def test_everyone_absent(
    evening: Evening, harbour: Site, table_14: Touchpoint, bo: Staff, mina: Staff, cy: Staff
) -> None:
    # Bo and Mina take turns; both are ill tomorrow, each the other's substitute
    opening.keep_hours(site=harbour, opens_at=time(12), closes_at=time(23), now=evening.now)
    tomorrow = evening.local.date() + timedelta(days=1)
    rotating.begin_rotation(
        site=harbour, name="Floor", members=[bo, mina], begins_on=evening.local.date(),
        every_days=1, hands_over_at=time(6), now=evening.now,
    )  # fmt: skip

    def at(hour: int) -> datetime:
        return datetime.combine(tomorrow, time(hour), ZoneInfo(harbour.timezone))

    day = Stretch(at(6), at(23))
    assert gaps_of(harbour, day) == []
    for ill, other in ((bo, mina), (mina, bo)):
        absence.note_absence(
            staff=ill, substitute=other, starts_at=at(0), ends_at=at(23), now=evening.now
        )

    # the evening before, the gap is there to see, with whose turn it would be
    [line] = planning.plan_of(harbour, day.starts_at, day.ends_at)
    assert (line.staff, line.instead_of) == (None, mina)
    assert gaps_of(harbour, day) == [Stretch(at(12), at(23))]

    # a guest presses at one: nobody is rung, at home either, and the guest is told the truth
    evening.until(at(13))
    guest = evening.press(table_14)
    assert guest.page.state == Page.State.NOBODY
    assert standing_of(guest.signal, evening.now).stage == Stage.NOBODY
    assert rung(guest.page) == []

    # a draft fills what is left of the day; planning rings nobody
    draft = drafting.add_change(
        site=harbour, change=PlanShift(cy.pk, at(14), at(23)), now=evening.now, by=cy
    )
    shown = drafting.try_out(draft, day.starts_at, day.ends_at, now=evening.now).planned
    assert gaps_of(harbour, day, shown) == [Stretch(at(12), at(14))]
    drafting.publish(draft=draft, now=evening.now, by=cy)
    assert gaps_of(harbour, day) == [Stretch(at(12), at(14))]
    evening.until(at(14))
    assert rung(guest.page) == []

    # Cy feels the pager, and is rung in that moment
    evening.comes_on_duty(cy)
    assert [name for name, _ in rung(guest.page)] == ["Cy"]
