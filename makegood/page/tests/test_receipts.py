from datetime import timedelta

from makegood.page.hands.receipts import note_received, note_seen


def test_first_times_are_kept_on_the_attempt_and_on_the_page(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    for seconds in (1, 5):
        note_received(page=page, staff=bo, now=now + timedelta(seconds=seconds))
    for seconds in (7, 9):
        note_seen(page=page, staff=bo, now=now + timedelta(seconds=seconds))
    page.refresh_from_db()
    attempt = page.attempts.get()
    for row in (page, attempt):
        assert row.received_at == now + timedelta(seconds=1)
        assert row.seen_at == now + timedelta(seconds=7)


def test_what_was_seen_has_arrived(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    note_seen(page=page, staff=bo, now=now)
    page.refresh_from_db()
    assert page.received_at == now


def test_who_was_not_rung_leaves_no_receipt(ring, bo, mina, on_duty, now):
    on_duty(bo)
    page = ring()
    note_seen(page=page, staff=mina, now=now)
    page.refresh_from_db()
    assert page.seen_at is None
