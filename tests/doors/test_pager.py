"""The staff phone: the right person, the wrong one, and nobody at all."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from makegood.amends.asking import ask_senior
from makegood.amends.gifts import Gift
from makegood.amends.models import Amends, AmendsRequest
from makegood.ground import clock
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.page.access import latest_page
from makegood.page.equipment.equipping import QuietHours, wish
from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Attempt, Page
from makegood.people.models import Organisation, Site, Staff
from makegood.sense.adding import add_remark
from makegood.sense.models import Touchpoint
from tests.doors.colleagues import (
    SIGN_IN,
    at_another_site,
    body,
    browser_of,
    felt,
    of_another_house,
    rung,
)
from tests.doors.guests import pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

POSTS = ("going", "cant", "with", "left", "finish", "give", "received", "seen")


def test_a_stranger_is_asked_to_sign_in(client: Any) -> None:
    for path in ("/pager/", f"/pager/{uuid4()}/", "/duty/", "/floor/", "/duty/rota/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith(SIGN_IN)
    answer = client.post(f"/pager/{uuid4()}/going/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, SIGN_IN)


def test_who_is_not_on_duty_may_go_on_duty(bo: Staff) -> None:
    assert "Not on duty." in body(browser_of(bo).get("/pager/"))


def test_quiet_says_since_when_and_who_else_is_there(bo: Staff, mina: Staff, now: datetime) -> None:
    felt(bo, now), felt(mina, now)
    said = body(browser_of(bo).get("/pager/"))
    assert "Bo, on duty at Harbour since 20:12" in said
    assert "<b>Mina</b>" in said


def test_in_quiet_hours_the_pager_knows_when_it_makes_no_sound(bo: Staff, now: datetime) -> None:
    """It is 20:12 at Harbour."""
    felt(bo, now)
    phone = browser_of(bo)
    assert "data-quiet" not in body(phone.get("/pager/"))
    wish(staff=bo, delays={}, quiet=QuietHours(time(20), time(21), below=4))
    said = body(phone.get("/pager/"))
    assert "Your quiet hours, until 21:00: below severity 4 it makes no sound." in said
    ends = (now + timedelta(minutes=48)).replace(second=0, microsecond=0).isoformat()
    assert f'data-quiet-until="{ends}" data-quiet-below="4" data-quiet-turns="{ends}"' in said
    wish(staff=bo, delays={}, quiet=QuietHours(time(21), time(22), below=4))
    said = body(phone.get("/pager/"))
    assert "Your quiet hours" not in said
    assert f'data-quiet-from="{ends}"' in said
    assert f'data-quiet-turns="{ends}"' in said


def test_a_page_rings_with_everything_needed_to_start_walking(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now + timedelta(seconds=1))
    rung(harbour, now)
    with clock.standing_at(now + timedelta(seconds=12)):
        said = body(browser_of(bo).get("/pager/"))
    for words in ("Table 14", "The food, and waiting", "3:48", "Ana Ruiz</bdi></b>, 3rd visit"):
        assert words in said
    assert "Mina is rung in" in said
    assert "0:33" in said


def test_the_oldest_threshold_comes_first_and_the_others_are_named(
    bo: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now)
    for place, minutes in (("Spa", 9), ("Room 312", 3), ("Pool", 12), ("Bar", 20)):
        rung(harbour, now, place=place, leaves_at=now + timedelta(minutes=minutes))
    said = body(browser_of(bo).get("/pager/"))
    assert "<h1>Room 312</h1>" in said
    assert "and 1 more" in said


def test_going_then_with_then_done(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    page, phone = rung(harbour, now), browser_of(bo)
    assert phone.post(f"/pager/{page.pk}/going/")["Location"] == "/pager/"
    said = body(phone.get("/pager/"))
    assert "“Ana, I’m Bo. I’m sorry this went wrong. Tell me what happened.”" in said
    assert "I’m with Ana" in said
    phone.post(f"/pager/{page.pk}/with/")
    said = body(phone.get("/pager/"))
    assert "What will" in said
    assert "Call Cy in" not in said  # nobody senior but the owner works here
    assert "Call Di in" in said


def test_who_taps_second_is_told_who_was_first(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now)
    page = rung(harbour, now)
    going(page=page, staff=mina, now=now)
    answer = browser_of(bo).post(f"/pager/{page.pk}/going/", follow=True)
    assert "Mina is already going to Ana. Thank you." in body(answer)


def test_cant_takes_the_page_off_this_phone(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now)
    page, phone = rung(harbour, now), browser_of(bo)
    assert "Quiet." in body(phone.post(f"/pager/{page.pk}/cant/", follow=True))


def test_given_within_the_purse_is_given_once(bo: Staff, harbour: Site, now: datetime) -> None:
    page, phone = _with_ana(bo, harbour, now), browser_of(bo)
    form = {"do": "give", "key": new_id().hex, "name": "Albariño", "amount": "18,50"}
    said = body(phone.post(f"/pager/{page.pk}/give/", form, follow=True))
    assert "Albariño for Ana. The case goes on." in said
    phone.post(f"/pager/{page.pk}/give/", form)
    [amends] = Amends.objects.filter(about=page.about)
    assert (amends.minor, amends.currency) == (1850, "EUR")
    assert _state(page) == Page.State.DONE


def test_what_was_given_can_be_taken_back_for_a_minute(
    bo: Staff, harbour: Site, now: datetime
) -> None:
    page, phone = _with_ana(bo, harbour, now), browser_of(bo)
    form = {"do": "give", "key": new_id().hex, "name": "Albariño", "amount": "18,50"}
    assert "Albariño given" in body(phone.post(f"/pager/{page.pk}/give/", form, follow=True))
    back = f"/pager/gifts/{Amends.objects.get(about=page.about).pk}/take-back/"
    assert f'action="{back}"' in body(phone.get("/pager/"))
    with clock.standing_at(now + timedelta(minutes=1)):
        assert back not in body(phone.get("/pager/"))
    assert "Taken back: Albariño." in body(phone.post(back, follow=True))
    assert back not in body(phone.get("/pager/"))
    assert Amends.objects.get(about=page.about).taken_back_at == now


def test_who_has_no_name_is_the_guest(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    page = rung(harbour, now, place="Lobby", customer_name="", who="A guest")
    going(page=page, staff=bo, now=now)
    with_customer(page=page, staff=bo, now=now)
    phone = browser_of(bo)
    assert "With the guest since 20:12" in body(phone.get("/pager/"))
    assert "With the guest" in body(phone.get(f"/pager/{page.pk}/nothing/"))
    assert "You are with the guest." in body(phone.get("/duty/end/"))


def test_above_the_purse_the_form_stays_and_says_so(
    bo: Staff, harbour: Site, now: datetime
) -> None:
    page, phone = _with_ana(bo, harbour, now), browser_of(bo)
    form = {"do": "give", "key": new_id().hex, "name": "The whole evening", "amount": "130"}
    answer = phone.post(f"/pager/{page.pk}/give/", form)
    assert answer.status_code == 409
    assert "€10 over your purse" in body(answer)
    assert "The whole evening" in body(answer)
    assert not Amends.objects.filter(about=page.about)
    assert _state(page) == Page.State.WITH


@pytest.mark.parametrize(
    "form",
    [
        {"name": "Albariño"},
        {"amount": "18"},
        {"name": "Albariño", "amount": "a lot"},
        {"name": "Albariño", "amount": "-5"},
        {"name": "Albariño", "amount": "18.555"},
        {"remedy": "nonsense"},
        {"name": "Albariño", "amount": "18", "key": "<"},
        {},
    ],
)
def test_a_form_that_cannot_be_right_changes_nothing(
    bo: Staff, harbour: Site, now: datetime, form: dict[str, str]
) -> None:
    page = _with_ana(bo, harbour, now)
    sent = {"do": "give", "key": new_id().hex} | form
    assert browser_of(bo).post(f"/pager/{page.pk}/give/", sent).status_code == 422
    assert not Amends.objects.exists()
    assert _state(page) == Page.State.WITH


def test_a_senior_is_asked_for_everything_at_once_and_grants_it(
    bo: Staff, cy: Staff, harbour: Site, now: datetime
) -> None:
    page, phone = _with_ana(bo, harbour, now), browser_of(bo)
    remedies = [str(remedy.pk) for remedy in harbour.remedies.filter(kind="gesture")]
    form = {"do": "ask", "key": new_id().hex, "remedy": remedies}
    assert "Cy is asked now" in body(phone.post(f"/pager/{page.pk}/give/", form, follow=True))
    [asked] = AmendsRequest.objects.filter(about=page.about)
    question = rung(harbour, now, about=asked.pk, purpose="decide", what="Bo asks")
    desk = browser_of(cy)
    said = body(desk.get(f"/pager/{question.pk}/"))
    assert "Bo asks you" in said
    assert asked.worth.in_words() in said
    desk.post(f"/pager/{question.pk}/decide/", {"answer": "grant"})
    assert Amends.objects.get(about=page.about).request_id == asked.pk
    assert "This one is looked after." in body(desk.get(f"/pager/{question.pk}/"))


def test_whoever_decides_reads_for_whom(
    bo: Staff, cy: Staff, table_14: Touchpoint, now: datetime
) -> None:
    felt(bo, now)
    press = pressed(table_14, now)
    case = triaged(press, now)
    night = Gift(name="A night on us", worth=Money(180_00, "EUR"))
    ask_senior(about=case.pk, what=night, by=bo, key="bo-asks-once", now=now)
    desk = browser_of(cy)
    assert "<b>Table 14</b>" in body(desk.get("/pager/"))
    add_remark(signal=press, topics=[], words="", name="Ana", now=now)
    assert "<b><bdi>Ana</bdi></b>, table 14." in body(desk.get("/pager/"))


def test_a_no_needs_a_reason(bo: Staff, cy: Staff, harbour: Site, now: datetime) -> None:
    page = _with_ana(bo, harbour, now)
    form = {"do": "ask", "key": new_id().hex, "name": "A suite", "amount": "400"}
    browser_of(bo).post(f"/pager/{page.pk}/give/", form)
    asked = AmendsRequest.objects.get(about=page.about)
    question = rung(harbour, now, about=asked.pk, purpose="decide", what="Bo asks")
    desk = browser_of(cy)
    desk.post(f"/pager/{question.pk}/decide/", {"answer": "decline", "reason": " "})
    asked.refresh_from_db()
    assert not asked.decision
    assert browser_of(bo).post(f"/pager/{question.pk}/decide/").status_code == 403
    desk.post(f"/pager/{question.pk}/decide/", {"answer": "decline", "reason": "Booked out"})
    asked.refresh_from_db()
    assert (asked.decision, asked.reason) == ("declined", "Booked out")


def test_nothing_is_given_only_with_a_reason(bo: Staff, harbour: Site, now: datetime) -> None:
    page, phone = _with_ana(bo, harbour, now), browser_of(bo)
    assert phone.post(f"/pager/{page.pk}/nothing/", {"reason": ""}).status_code == 422
    assert _state(page) == Page.State.WITH
    phone.post(f"/pager/{page.pk}/nothing/", {"reason": "She only wanted to tell us."})
    assert _state(page) == Page.State.DONE


def test_hand_over_rings_the_colleague_with_a_word(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now)
    page, phone = rung(harbour, now), browser_of(bo)
    going(page=page, staff=bo, now=now)
    assert "Mina Park" in body(phone.get(f"/pager/{page.pk}/hand-over/"))
    form = {"to": str(mina.pk), "word": "I am stuck at the bar"}
    said = body(phone.post(f"/pager/{page.pk}/hand-over/", form, follow=True))
    assert "Mina is rung now." in said
    assert phone.post(f"/pager/{page.pk}/hand-over/", {"to": "x"}).status_code == 422
    assert "Table 14" in body(browser_of(mina).get("/pager/"))


def test_receipts_are_kept_once_and_only_for_who_was_rung(
    bo: Staff, mina: Staff, harbour: Site, now: datetime
) -> None:
    felt(bo, now), felt(mina, now + timedelta(seconds=1))
    page, phone = rung(harbour, now), browser_of(bo)
    assert phone.post(f"/pager/{page.pk}/received/").status_code == 204
    assert phone.post(f"/pager/{page.pk}/seen/").status_code == 204
    browser_of(mina).post(f"/pager/{page.pk}/seen/")
    attempt = Attempt.objects.get(page=page)
    assert (attempt.staff_id, attempt.received_at, attempt.seen_at) == (bo.pk, now, now)


def test_another_house_finds_nothing(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    page, stranger = rung(harbour, now), browser_of(of_another_house(now))
    assert stranger.get(f"/pager/{page.pk}/").status_code == 404
    for verb in (*POSTS, "hand-over", "nothing", "decide"):
        assert stranger.post(f"/pager/{page.pk}/{verb}/").status_code == 404
    assert _state(page) == Page.State.RINGING


def test_another_site_finds_nothing(
    bo: Staff, fairline: Organisation, harbour: Site, now: datetime
) -> None:
    felt(bo, now)
    page, finn = rung(harbour, now), browser_of(at_another_site(fairline, now))
    for verb in POSTS:
        assert finn.post(f"/pager/{page.pk}/{verb}/").status_code == 404


def test_a_get_never_answers(bo: Staff, harbour: Site, now: datetime) -> None:
    felt(bo, now)
    page, phone = rung(harbour, now), browser_of(bo)
    for verb in POSTS:
        assert phone.get(f"/pager/{page.pk}/{verb}/").status_code == 405
    assert phone.post("/pager/").status_code == 405
    assert phone.get("/pager/not-a-page/").status_code == 404
    assert _state(page) == Page.State.RINGING


def test_the_pager_asks_the_database_little(
    bo: Staff, mina: Staff, harbour: Site, now: datetime, django_assert_max_num_queries: Any
) -> None:
    felt(bo, now), felt(mina, now)
    phone = browser_of(bo)
    for _ in range(5):
        rung(harbour, now)
    with django_assert_max_num_queries(16):
        assert phone.get("/pager/").status_code == 200


def _with_ana(bo: Staff, harbour: Site, now: datetime) -> Page:
    felt(bo, now)
    page = rung(harbour, now)
    going(page=page, staff=bo, now=now)
    return with_customer(page=page, staff=bo, now=now)


def _state(page: Page) -> str:
    latest = latest_page(page.about)
    assert latest is not None
    return latest.state
