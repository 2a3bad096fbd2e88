"""The page after the press: for the one who holds its link, and for nobody else."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from makegood.ground import links
from makegood.page.hands.answering import customer_left, going, with_customer
from makegood.page.models import Page
from makegood.recover.life.answering import customer_says_not_right
from makegood.recover.life.closing import close_lost
from makegood.recover.models import Callback
from makegood.sense.models import Remark, Signal
from makegood.sense.pressing import receive_press
from tests.doors.guests import on_duty, page_of, press_link, pressed, triaged

pytestmark = pytest.mark.django_db

LIGHT = 30_000
SCRIPT = Path(__file__).parents[2] / "makegood/web/static/js/press.js"


@pytest.fixture
def here(press):
    return press_link(press)


@pytest.fixture
def case(bo, cy, press, now):
    on_duty(bo, now - timedelta(hours=1))
    return triaged(press, now)


class TestAPressThatLayOnAPhone:
    """Sent hours later: nobody is sent to an empty table, and the guest reads why."""

    def late(self, table_14, now, **span):
        pressed_at = now - timedelta(**span)
        return receive_press(touchpoint=table_14, key="offline-01", happened_at=pressed_at, now=now)

    def test_nobody_is_on_the_way_after_ten_hours(self, guest, table_14, bo, cy, now):
        on_duty(bo, now - timedelta(hours=11))
        press = self.late(table_14, now, hours=10)
        page = Page.objects.get(about=triaged(press, now).pk)
        assert (page.purpose, page.leaves_at) == (Page.Purpose.CALL, None)
        assert page.what == "Pressed earlier; it reached us only now"
        going(page=page, staff=bo, now=now)
        for address in (press_link(press), f"{press_link(press)}/now"):
            said = guest.get(address).text
            assert "We heard you too late." in said
            assert "is on the way" not in said
        assert 'name="contact"' in guest.get(press_link(press)).text

    def test_a_little_late_they_are_still_looked_for(self, guest, table_14, bo, cy, now):
        on_duty(bo, now - timedelta(hours=1))
        press = self.late(table_14, now, minutes=30)
        page = page_of(triaged(press, now))
        assert page.purpose == Page.Purpose.REACH
        going(page=page, staff=bo, now=now)
        assert "is on the way" in guest.get(press_link(press)).text


def test_what_they_said_is_with_whoever_comes(guest, here, case, bo, now):
    guest.post(f"{here}/remark", "words=Cold.&name=Ana")
    going(page=page_of(case), staff=bo, now=now)
    for address in (here, f"{here}/now"):
        said = guest.get(address).text
        assert "Thank you, <bdi>Ana</bdi>. <bdi>Bo</bdi> has it." in said
        assert "Whoever comes" not in said


def test_a_press_not_triaged_yet_is_heard(guest, here):
    answer = guest.get(here)
    assert answer.status_code == 200
    assert "We heard you." in answer.text
    assert "20:12" in answer.text
    assert "Harbour · table 14" in answer.text


def test_while_it_rings_nobody_is_named(guest, here, case):
    assert "We are calling someone to you now." in guest.get(here).text


def test_the_customer_sees_who_comes(guest, here, case, bo, now):
    going(page=page_of(case), staff=bo, now=now)
    said = guest.later(seconds=50).get(here).text
    assert "<bdi>Bo</bdi>" in said
    assert "3 minutes" in said
    assert "Bo came" in said
    assert "Tell <bdi>Bo</bdi> more" in said


def test_the_customer_sees_that_someone_came(guest, here, case, bo, now):
    page = going(page=page_of(case), staff=bo, now=now)
    with_customer(page=page, staff=bo, now=now + timedelta(minutes=2))
    said = guest.later(minutes=3).get(here).text
    assert "Thank you for telling us." in said
    assert "<time>20:14</time>" in said
    assert "Where shall we send it?" in said


def test_bo_came(guest, here, case, bo, now):
    going(page=page_of(case), staff=bo, now=now)
    answer = guest.later(minutes=2).post(f"{here}/came")
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    assert page_of(case).state == Page.State.WITH
    assert guest.later(minutes=2).post(f"{here}/came").status_code == 303


def test_nobody_came_after_all(guest, here, case, bo, now):
    page = going(page=page_of(case), staff=bo, now=now)
    with_customer(page=page, staff=bo, now=now)
    assert guest.later(minutes=1).post(f"{here}/nobody-came").status_code == 303
    assert page_of(case).state == Page.State.RINGING
    assert "has not reached you. That is our fault." in guest.later(minutes=1).get(here).text


def test_cancel_after_nobody_came_stops_everybody(guest, here, case, bo, now):
    """Bo's thumb slipped: he had not come. "Nobody comes now" is true then."""
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    guest.later(minutes=1).post(f"{here}/nobody-came")
    assert guest.later(minutes=2).post(f"{here}/cancel").status_code == 303
    assert "Nobody comes now" in guest.later(minutes=2).get(here).text
    assert page_of(case).state == Page.State.CANCELLED


class TestNobodyCameTooLate:
    @pytest.fixture
    def met(self, case, bo, now):
        page = going(page=page_of(case), staff=bo, now=now)
        return with_customer(page=page, staff=bo, now=now + timedelta(minutes=2))

    def test_hours_after_they_left_it_leads_to_what_is_not_right(self, guest, here, case, met):
        assert "Nobody came" in guest.later(hours=4).get(here).text
        weeks_later = guest.later(days=30)
        said = weeks_later.get(here).text
        assert "Nobody came" not in said
        assert f'href="{here}/not-right"' in said
        answer = weeks_later.post(f"{here}/nobody-came")
        assert answer.status_code == 409
        for part in ("nobody is sent there now", "Press again", "What is still not right?"):
            assert part in answer.text
        assert (page_of(case).state, page_of(case).with_at) == (met.state, met.with_at)

    def test_of_somebody_who_had_left_as_well(self, guest, here, case, bo, now):
        customer_left(page=page_of(case), staff=bo, now=now)
        assert "I am still here" in guest.later(hours=1).get(here).text
        said = guest.later(hours=6).get(here).text
        assert "I am still here" not in said
        assert f'href="{here}/not-right"' in said

    def test_of_a_case_that_was_opened_again_it_is_not_too_late(
        self, guest, here, case, met, cy, now
    ):
        """Whoever says they are there was left with them when the case ended."""
        soon = now + timedelta(minutes=9)
        close_lost(case=case, reason="They left the country.", by=cy, now=soon)
        customer_says_not_right(case=case, words="Cold.", now=soon)
        assert guest.later(minutes=10).post(f"{here}/nobody-came").status_code == 303
        assert page_of(case).with_at is None

    def test_of_a_case_that_has_ended(self, guest, here, case, met, cy, now):
        close_lost(
            case=case, reason="They left the country.", by=cy, now=now + timedelta(minutes=9)
        )
        answer = guest.later(minutes=10).post(f"{here}/nobody-came")
        assert answer.status_code == 409
        assert "What is still not right?" in answer.text
        assert "took it back" not in answer.text
        assert not Page.objects.ringing().filter(purpose=Page.Purpose.REACH).exists()

    def test_of_a_press_that_was_taken_back(self, guest, here, case):
        guest.post(f"{here}/cancel")
        answer = guest.post(f"{here}/nobody-came")
        assert (answer.status_code, "Press again if you need us." in answer.text) == (409, True)


def test_taken_back(guest, here, press, case):
    assert guest.post(f"{here}/cancel").status_code == 303
    assert Signal.objects.get().cancelled_at
    assert "Taken back." in guest.get(here).text
    assert guest.post(f"{here}/cancel").status_code == 303


def test_who_was_reached_cannot_take_it_back(guest, here, case, bo, now):
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    answer = guest.post(f"{here}/cancel")
    assert answer.status_code == 409
    assert "Nothing has been changed." in answer.text


def test_more_words_reach_bo_once(guest, here, case):
    form = "topics=food&topics=waiting&words=Cold,+and+nobody+came+by.&name=Ana"
    assert guest.post(f"{here}/remark", form).headers["Location"] == f"{here}?said=remark#said"
    assert guest.post(f"{here}/remark", form).status_code == 303
    remark = Remark.objects.get()
    assert (remark.topics, remark.name) == (["food", "waiting"], "Ana")
    said = guest.get(here).text
    assert "Thank you. Whoever comes has it." in said
    assert "The food and waiting" in said
    assert "Whoever comes has it." in guest.get(f"{here}/now").text
    assert "Cold, and nobody came by." in said


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ("", ""),
        ("topics=rats&words=Look", "Look"),
        ("words=" + "a" * 2001, "aaa"),
        ("words=Cold&name=" + "n" * 200, "Cold"),
    ],
)
def test_words_that_cannot_be_right_come_back_with_the_reason(guest, here, form, kept):
    answer = guest.post(f"{here}/remark", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert kept in answer.text
    assert not Remark.objects.exists()


def test_a_contact_tells_us_where_to_send_it(guest, here, case, bo, now):
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    assert guest.post(f"{here}/contact", "contact=ana%40guest.example").status_code == 303
    said = guest.get(here).text
    assert "We know where to reach you." in said
    assert "See what we promised you" in said


def test_a_contact_that_is_none_is_asked_for_again(guest, here, case, bo, now):
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    answer = guest.post(f"{here}/contact", "contact=ana")
    assert answer.status_code == 422
    assert 'value="ana"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_promises_of_one_guest_are_not_shown_to_another(guest, table_14, case, bo, now):
    other = pressed(table_14, now + timedelta(seconds=5), key="another-phone-2")
    triaged(other, now + timedelta(seconds=5))
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    mine = press_link(Signal.objects.earliest("received_at"))
    guest.post(f"{mine}/contact", "contact=ana%40guest.example")
    assert "See what we promised you" in guest.get(mine).text
    assert "See what we promised you" not in guest.get(press_link(other)).text


@pytest.mark.usefixtures("bo", "cy")
class TestNobodyOnDuty:
    @pytest.fixture
    def alone(self, press, now):
        return triaged(press, now)

    def test_the_truth_and_a_call(self, guest, here, alone):
        said = guest.get(here).text
        assert "nobody is free this minute" in said
        assert "<b><bdi>Cy</bdi></b>, the manager" in said
        assert "<time>20:30</time>" in said

    def test_a_call_is_agreed(self, guest, here, alone):
        form = "when=20261121T1930Z&phone=%2B34+612+40+71+18"
        assert guest.post(f"{here}/callback", form).status_code == 303
        assert Callback.objects.get().phone == "+34612407118"
        assert "calls you at <b><time>20:30</time></b>" in guest.get(here).text

    def test_a_day_of_their_own(self, guest, here, alone):
        form = "when=other&other=2026-11-23T10:00&phone=%2B34612407118"
        assert guest.post(f"{here}/callback", form).status_code == 303
        assert (
            "calls you on Monday 23 November at <b><time>10:00</time></b>" in guest.get(here).text
        )

    @pytest.mark.parametrize(
        "form",
        [
            "",
            "when=20261121T1930Z",
            "when=20261121T1930Z&phone=no",
            "when=20261121T1200Z&phone=%2B34612407118",
            "when=other&phone=%2B34612407118",
            "when=other&other=0001-01-01T00:00&phone=%2B34612407118",
            "when=other&other=2026-11-20T10:00&phone=%2B34612407118",
            "when=other&other=2027-11-20T10:00&phone=%2B34612407118",
            "when=tomorrow&phone=%2B34612407118",
        ],
    )
    def test_no_call_without_a_time_and_a_number(self, guest, here, alone, form):
        answer = guest.post(f"{here}/callback", form)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert not Callback.objects.exists()

    def test_no_call(self, guest, here, alone):
        said = guest.get(f"{here}?call=no").text
        assert "We keep trying" in said
        assert "Cancel" in said


def test_a_case_that_has_ended_leads_to_the_promises(guest, here, case, cy, now):
    close_lost(case=case, reason="They left the country.", by=cy, now=now)
    said = guest.get(here).text
    assert "We did not make this good." in said
    assert "See what we promised you" in said
    assert "left the country" not in said


def test_it_is_still_not_right(guest, here, case, bo, now):
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    assert "What is still not right?" in guest.get(f"{here}/not-right").text
    assert guest.post(f"{here}/not-right", "words=").status_code == 422
    answer = guest.post(f"{here}/not-right", "words=Still+cold")
    assert answer.headers["Location"] == f"{here}?said=not-right"
    assert "hears of it now." in guest.get(answer.headers["Location"]).text


def test_the_live_part_says_the_same(guest, here, case, bo, now):
    going(page=page_of(case), staff=bo, now=now)
    said = guest.get(f"{here}/now").text
    assert "<html" not in said
    assert "is on the way" in said
    assert f"/live/case/{links.close('stream:case', case.pk)}" in said


@pytest.mark.parametrize("turn", ["missed", "taken back", "closed"])
def test_where_words_are_unsent_the_live_part_says_what_the_page_would(
    guest, here, case, bo, cy, now, turn
):
    """The script leaves the page where it is while somebody writes, and swaps the bowl."""
    if turn == "missed":
        customer_left(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
        true = "We came too late."
    elif turn == "taken back":
        guest.post(f"{here}/cancel")
        true = "Nobody comes now"
    else:
        close_lost(case=case, reason="They went.", by=cy, now=now)
        true = "We did not make this good."
    said = guest.get(f"{here}/now").text
    assert true in said
    assert true in guest.get(here).text
    assert "We are calling someone" not in said
    assert "Nobody is on the way yet." not in said
    assert "Show me what happens next" in said


def test_too_early_is_said_and_nothing_is_done(guest, here):
    for action in ("came", "nobody-came"):
        answer = guest.post(f"{here}/{action}")
        assert answer.status_code == 409
        assert "Try again in a moment." in answer.text


@pytest.mark.parametrize("path", ["", "/now", "/not-right"])
def test_no_cookie_no_cache_no_referrer(guest, here, case, path):
    answer = guest.get(f"{here}{path}")
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_is_light(guest, here, case, bo, now):
    going(page=page_of(case), staff=bo, now=now)
    page = gzip.compress(guest.get(here).content)
    assert len(page) + len(gzip.compress(SCRIPT.read_bytes())) < LIGHT


def test_a_get_changes_nothing(guest, here, case, django_assert_max_num_queries):
    before = page_of(case)
    with django_assert_max_num_queries(20):
        guest.get(f"{here}?said=not-right&call=yes")
    after = page_of(case)
    assert (before.state, before.round, before.rung) == (after.state, after.round, after.rung)
