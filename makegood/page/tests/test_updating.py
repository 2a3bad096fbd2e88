"""A storm of one place is one page."""

from datetime import timedelta

from makegood.page.rungs.updating import update_page
from makegood.page.tests.conftest import heard_by


def test_a_thousand_presses_are_one_page_and_three_bulletins(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    for presses in range(2, 1_001):
        update_page(about=page.about, intensity=presses, now=now)
    page.refresh_from_db()
    assert page.intensity == 1_000
    updates = [data for data in heard_by(bo) if data["kind"] == "update"]
    assert [data["intensity"] for data in updates] == [10, 100, 1_000]


def test_what_is_learnt_later_reaches_who_is_rung(ring, bo, mina, on_duty, now):
    on_duty(bo, mina)
    page = ring()
    leaves_at = now + timedelta(minutes=2)
    update_page(
        about=page.about, what="The bill", who="Ana, 3rd visit", leaves_at=leaves_at, now=now
    )
    last = heard_by(bo)[-1]
    assert (last["kind"], last["what"], last["who"]) == ("update", "The bill", "Ana, 3rd visit")
    assert last["leaves_at"] == leaves_at.isoformat()
    assert heard_by(mina) == []


def test_nothing_new_is_not_told(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    update_page(about=page.about, what=page.what, now=now)
    assert [data["kind"] for data in heard_by(bo)] == ["ring"]
